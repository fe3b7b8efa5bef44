from __future__ import annotations

import io
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunying.carriers.files.encodings import detect_encoding
from qunying.carriers.files.tests.reading import source_of

SIMPLIFIED = "2019-07-16 18:15:05 【管理员】地瓜(23333233)\n今天晚上大家都来吗？我们一起去\n\n"
TRADITIONAL = "2019-07-16 18:15:05 地瓜(23333233)\n今天晚上大家都來嗎？這個時候還沒有到\n\n"


def detect(content: bytes) -> str:
    return detect_encoding(lambda: io.BytesIO(content))


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "gbk", "gb18030"),
        ("𠮷野家😀的人都来了吗\n", "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        ("佢哋喺邊度呀？我哋唔知道\n", "big5hkscs", "big5hkscs"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
        ("你好", "gbk", "gb18030"),
        ("联通", "gbk", "gb18030"),
        ("plain words\n", "ascii", "utf-8"),
    ],
)
def test_encoding_is_told_when_text_is_written_in_it(text: str, codec: str, expected: str) -> None:
    assert detect(text.encode(codec)) == expected


def test_encoding_is_told_when_first_chinese_character_comes_after_the_head() -> None:
    assert detect(b"a, b\n" * 40_000 + SIMPLIFIED.encode("gbk")) == "gb18030"
    assert detect(b"a, b\n" * 40_000 + SIMPLIFIED.encode()) == "utf-8"


@pytest.mark.parametrize("shift", range(12))
def test_utf_8_is_kept_when_a_character_lies_across_two_chunks(shift: int) -> None:
    assert detect(b"a" * (64 * 1024 - shift) + SIMPLIFIED.encode()) == "utf-8"


def test_utf_8_is_kept_when_a_few_bytes_are_broken() -> None:
    assert detect(SIMPLIFIED.encode() + b"\xff\xfe\x81" + SIMPLIFIED.encode()) == "utf-8"
    assert detect(SIMPLIFIED.encode()[:-4]) == "utf-8"


def test_utf_8_is_kept_when_a_zero_byte_strays_into_it() -> None:
    assert detect(SIMPLIFIED.encode() + b"\x00" + SIMPLIFIED.encode()) == "utf-8"


def test_answer_is_utf_8_when_the_file_cannot_be_read() -> None:
    def refuse() -> IO[bytes]:
        raise OSError("gone")

    assert detect_encoding(refuse) == "utf-8"
    assert detect(b"") == "utf-8"


def test_lines_come_back_equal_when_written_in_any_encoding(tmp_path: Path) -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"):
        source = source_of(tmp_path, SIMPLIFIED.replace("\n", "\r\n").encode(codec), f"{codec}.txt")
        assert list(source.lines()) == SIMPLIFIED.split("\n")[:-1], codec


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_nothing_is_raised_when_bytes_are_random(content: bytes) -> None:
    "".encode(detect(content))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_utf_8_is_told_when_text_is_any_unicode(text: str) -> None:
    assert detect(text.encode()) in ("utf-8", "utf-8-sig")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Datum;Name;Nachricht\n31.12.2023 23:59;Jörg;Hallo\n", "cp1252"),
        ("05/01/24, 10:00 - José: mañana\n", "cp1252"),
        ("31/12/23, 23:58 - Zoë Müller: Grüße aus Köln\n", "cp1252"),
        ("2024-01-01 10:00,Ann,hi李hi\n", "gb18030"),
        ("time,sender,text\n2024-01-01 10:00,鑫鑫,嗯\n", "gb18030"),
    ],
)
def test_a_few_signs_are_told_apart_when_they_are_accents_or_chinese(text: str, codec: str) -> None:
    assert text.encode(codec).decode(detect(text.encode(codec))) == text
