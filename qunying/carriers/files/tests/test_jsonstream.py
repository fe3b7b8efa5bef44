from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from qunying.carriers.files import jsonstream
from qunying.carriers.files.jsonstream import Found, read_header, read_items, read_json_lines
from qunying.carriers.files.jsonvalues import as_map, as_text
from qunying.carriers.files.records import Skipped

from .written import write_source

MESSAGES = [{"id": number, "from": {"uid": "u1"}, "text": f"第{number}条 {{[]}}"} for number in range(1, 7)]


def document(**changes: object) -> bytes:
    return json.dumps({"name": "群", "messages": MESSAGES, **changes}, ensure_ascii=False).encode()


def ids(tmp_path: Path, content: bytes, path: str = "messages.item") -> list[object]:
    """Ids of what was read, and the reason and place of what was not."""
    told: list[object] = []
    for found in read_items(write_source(tmp_path, content), path):
        if isinstance(found, Skipped):
            told.append((found.reason, found.place))
        else:
            told.append(found.value["id"] if isinstance(found.value, dict) else found.value)
    return told


def test_elements_come_in_order_when_the_file_is_whole(tmp_path: Path) -> None:
    assert ids(tmp_path, document()) == [1, 2, 3, 4, 5, 6]
    assert ids(tmp_path, json.dumps(MESSAGES).encode(), "item") == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_right_when_the_file_has_another_encoding(tmp_path: Path, encoding: str) -> None:
    text = json.dumps({"messages": [{"id": 1, "text": "今天晚上一起去吃火锅吗？大家都来😀" * 5}]}, ensure_ascii=False)
    [found] = read_items(write_source(tmp_path, text.encode(encoding)), "messages.item")
    assert isinstance(found, Found)
    assert found.value == json.loads(text)["messages"][0]


@pytest.mark.parametrize("order", [("name", "info", "messages"), ("messages", "info", "name")])
def test_header_is_found_when_it_stands_before_or_behind(tmp_path: Path, order: tuple[str, ...]) -> None:
    values = {"name": "群", "info": {"id": 7, "tags": ["a"]}, "messages": MESSAGES}
    source = write_source(tmp_path, {key: values[key] for key in order})
    assert read_header(source, "info", "name", "nowhere") == {"info": {"id": 7, "tags": ["a"]}, "name": "群"}


def test_everything_readable_comes_when_the_file_is_cut_off(tmp_path: Path) -> None:
    whole = document()
    cut = whole.index('"第5条'.encode())
    assert ids(tmp_path, whole[:cut]) == [1, 2, 3, 4, ("cut_off", 5)]


@pytest.mark.parametrize("broken", [b"@", b"}", b'"', b"{"])
def test_reading_goes_on_when_one_element_is_broken(tmp_path: Path, broken: bytes) -> None:
    content = document().replace(b'"id": 3', b'"id": ' + broken)
    told = ids(tmp_path, content)
    assert told[:2] == [1, 2]
    assert ("bad_record", 3) in told
    assert told[-2:] == [5, 6]


@pytest.mark.parametrize(
    ("good", "odd"),
    [(b'"id": 3', b'"id": NaN'), (b'"id": 3', b'"id": ' + b"9" * 400), ("第3条".encode(), "第3\n\t\x00条".encode())],
)
def test_element_is_read_all_the_same_when_only_strict_json_forbids_it(tmp_path: Path, good: bytes, odd: bytes) -> None:
    found = list(read_items(write_source(tmp_path, document().replace(good, odd)), "messages.item"))
    assert [type(each) for each in found] == [Found] * 6


def test_first_element_broken_costs_only_itself_when_the_rest_is_whole(tmp_path: Path) -> None:
    assert ids(tmp_path, document().replace(b'"id": 1', b'"id": @')) == [("bad_record", 1), 2, 3, 4, 5, 6]


def test_messages_are_found_when_the_header_before_them_is_broken(tmp_path: Path) -> None:
    told = ids(tmp_path, document().replace('"群"'.encode(), b"@@"))
    assert told == [("bad_record", 1), 1, 2, 3, 4, 5, 6]


def test_last_value_counts_when_keys_are_doubled(tmp_path: Path) -> None:
    assert ids(tmp_path, b'{"messages": [{"id": 1, "id": 2}]}') == [2]


@pytest.mark.parametrize("content", [b"", b'<html><body>{"id": 1}</body></html>', b"\x00" * 50, b'{"messages": ['])
def test_nothing_but_cut_off_is_told_when_there_is_nothing_to_read(tmp_path: Path, content: bytes) -> None:
    assert ids(tmp_path, content) == [("cut_off", 1)]


def test_memory_stays_small_when_an_element_nests_without_end(tmp_path: Path) -> None:
    nest = b"[" * 60_000 + b"]" * 60_000
    assert ids(tmp_path, document().replace(b'"id": 3', b'"id": ' + nest)) == [1, 2, ("bad_record", 3), 4, 5, 6]


def test_long_text_is_whole_when_it_has_many_brackets(tmp_path: Path) -> None:
    text = "[图片]{}" * 20_000
    [found] = read_items(write_source(tmp_path, {"messages": [{"id": 1, "text": text}]}), "messages.item")
    assert isinstance(found, Found)
    assert found.value == {"id": 1, "text": text}


def test_memory_stays_flat_when_the_file_is_long(tmp_path: Path) -> None:
    source = write_source(tmp_path, {"messages": [{"id": number, "text": "今天吃什么" * 20} for number in range(8000)]})
    source.encoding  # noqa: B018
    tracemalloc.start()
    count = sum(1 for _ in read_items(source, "messages.item"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 8000
    assert peak < 2_000_000 < source.size


def test_broken_line_costs_only_itself_when_lines_are_json(tmp_path: Path) -> None:
    content = '# remark\n{"a": 1}\n\n{"a": \n{"a": NaN}\n[' + "[" * 100_000 + '\n{"a": "cut'
    found = list(read_json_lines(write_source(tmp_path, content)))
    assert [each.place for each in found] == [2, 4, 5, 6, 7]
    assert [each.reason for each in found if isinstance(each, Skipped)] == ["bad_record", "bad_record", "cut_off"]


@pytest.mark.parametrize("size", [3, 7, 11, 64, 65536])
def test_half_a_character_takes_nothing_else_with_it_when_it_is_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(jsonstream, "CHUNK_CHARACTERS", size)
    texts = [r"断\ud83d字", r"断\uD83D\u5b57", r"\ud83d\ud83d\ude00", r"好\ud83d\ude00", r"\\ud83d 不是", r"末\ud83d"]
    rows = ",".join(f'{{"text": "{text}"}}' for text in texts)
    source = write_source(tmp_path, f'{{"messages": [{rows}]}}'.encode())
    found = [one for one in read_items(source, "messages.item") if isinstance(one, Found)]
    assert [as_text(as_map(one.value)["text"]) for one in found] == [
        "断\ufffd字",
        "断\ufffd字",
        "\ufffd😀",
        "好😀",
        "\\ud83d 不是",
        "末\ufffd",
    ]
