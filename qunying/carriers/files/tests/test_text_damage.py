"""Whatever happened to a file: nothing is raised, and every line is found again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.carriers.files.formats import Choices, Format
from qunying.carriers.files.generic_csv import FORMAT as CSV
from qunying.carriers.files.gitter import FORMAT as GITTER
from qunying.carriers.files.irc import FORMAT as IRC
from qunying.carriers.files.qq_txt import FORMAT as QQ
from qunying.carriers.files.qq_txt.tests.test_read import GROUP
from qunying.carriers.files.records import PastMessage, PastNotice, Record, Skipped
from qunying.carriers.files.signal import FORMAT as SIGNAL
from qunying.carriers.files.tests.reading import only, read_source, source_of
from qunying.carriers.files.whatsapp import FORMAT as WHATSAPP

WHATSAPP_CHAT = (
    "13/01/20, 10:00 - 小明 👨‍👩‍👧: 第一行\n第二行: x\n\n14/01/20, 10:00 - Bob joined using this group's invite link\n"
    "14/01/20, 10:01 - Work: Anna: IMG-1.jpg (file attached)\n图\n14/01/20, 10:02 - Bob: <Media omitted>\n"
    "14/01/20, 10:03 - Bob: שלום <This message was edited>\n1/15/20, 3:04 p. m. - Bob left\n"
)
SIGNAL_CHAT = "[2024-01-01, 10:00] 小明: 你好\n第二行\n[2024-01-01, 10:01] B: 好\n[2024-01-01, 10:02] left\n"
GITTER_ROOM = "[2016-11-20 07:02:10] <a> 你好 @b\n第二行\n[2016-11-20 07:02:11] <ghost~12> x\n" + "-" * 30 + "\n"
IRC_LOG = (
    "--- Log opened Sun Dec 31 22:00:00 2023\n22:01 <@op> 大家好\n22:02  * ming waves\n22:03 -!- a is now known as b\n"
    "22:04 -!- bob was kicked from #c by op [why]\n[22:05] <x> y\n=== z [z@z] has joined #c\n2024-01-01 10:00:00\tn\tt\n"
)
TABLE = '时间,发送者,内容,类型\n2024-01-01 10:00,A,"一\n二, ""三""",文本\n1563272105,B,有,逗号,图片\n2024-01-01 10:02,A,x,\n'

CASES: dict[str, tuple[Format, str]] = {
    "whatsapp": (WHATSAPP, WHATSAPP_CHAT),
    "signal": (SIGNAL, SIGNAL_CHAT),
    "gitter": (GITTER, GITTER_ROOM),
    "irc": (IRC, IRC_LOG),
    "qq_txt": (QQ, GROUP),
    "generic_csv": (CSV, TABLE),
}
QUIET = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    """A valid file with some bytes changed, taken out, doubled or put in."""
    content = bytearray(text.encode(draw(st.sampled_from(("utf-8", "gb18030", "utf-16", "utf-8-sig")))))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(content)))
        stop = draw(st.integers(start, min(len(content), start + 12)))
        content[start:stop] = draw(st.one_of(st.binary(max_size=8), st.just(bytes(content[start:stop]) * 2)))
    return bytes(content)


def read_bytes(form: Format, content: bytes) -> list[Record]:
    with tempfile.TemporaryDirectory() as folder:
        source = source_of(Path(folder), content, "2024-01-01.txt")
        form.detect(source.head().decode("utf-8", "replace"))
        form.detect("\n".join(source.lines()))
        return [*read_source(form, source), *form.read(source, Choices())]


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_raised_when_bytes_are_random(name: str) -> None:
    @QUIET
    @given(st.binary(max_size=300))
    def check(content: bytes) -> None:
        read_bytes(CASES[name][0], content)

    check()


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_raised_when_a_valid_file_is_damaged(name: str) -> None:
    form, text = CASES[name]

    @QUIET
    @given(damaged(text))
    def check(content: bytes) -> None:
        read_bytes(form, content)

    check()


@st.composite
def shuffled(draw: st.DrawFn, text: str) -> str:
    """A valid file whose lines were doubled, mixed and put among lines people write."""
    lines = [
        *text.split("\n"),
        "13/01/20 是日期",
        "[图片",
        "<b> 2",
        "10:00 开会",
        "，，，",
        "====",
        '"',
        "2024-01-01 10:00 x",
    ]
    return "\n".join(draw(st.lists(st.sampled_from(lines), max_size=25)))


def lost_lines(text: str, records: list[Record]) -> list[str]:
    """The lines found neither at the place of a record nor in a text nor in a ``Skipped``."""
    places = {place for record in records if (place := getattr(record, "place", None)) is not None}
    kept = "\n".join(record.text for record in records if isinstance(record, PastMessage | PastNotice))
    kept += "\n".join(skipped.sample for skipped in only(Skipped, records))
    return [
        line
        for number, line in enumerate(text.split("\n"), 1)
        if number not in places and line.strip() and line.strip() not in kept
    ]


STRUCTURE = ("--- Log opened", "-" * 20, "=" * 16, "消息", "IMG-1.jpg")


@pytest.mark.parametrize("name", ["whatsapp", "signal", "gitter", "irc", "qq_txt"])
def test_no_line_is_lost_when_the_lines_of_a_file_are_mixed(name: str) -> None:
    form, text = CASES[name]

    @QUIET
    @given(shuffled(text))
    def check(mixed: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            records = read_source(form, source_of(Path(folder), mixed, "2024-01-01.txt"))
        lost = [line for line in lost_lines(mixed, records) if not line.startswith(STRUCTURE)]
        if name == "qq_txt":
            lost = [line for line in lost if "撤回" not in line and "本群" not in line]
        assert lost == []

    check()
