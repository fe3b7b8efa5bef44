"""The command: a bank file and JSON lines in, decisions out, errors with their place."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from qunying.judgement.answers.reading import BadBank, read_bank
from qunying.judgement.answers.stream import run

HEADER = "entry,question,answer,category\n"
BANK = HEADER + 'refund,押金什么时候退,"结营后,三天内",钱\nrefund,保证金几时返还,,\nreplay,可以看回放吗,可以,课\n'


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "bank.csv"
    path.write_text(BANK, "utf-8")
    return path


def told(bank: Path, lines: Sequence[str | bytes]) -> tuple[int, list[dict[str, object]], str]:
    out, errors = io.StringIO(), io.StringIO()
    code = run(bank, lines, out, errors)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], errors.getvalue()


def test_every_line_is_answered_when_all_are_whole(bank: Path) -> None:
    code, answers, errors = told(bank, ['{"id": 1, "text": "押金什么时候退"}\n', '{"id": "b", "text": "今晚吃什么"}\n'])
    assert (code, errors) == (0, "")
    assert list(answers[0]) == ["id", "decision", "entry", "confidence", "candidates"]
    assert (answers[0]["id"], answers[0]["decision"], answers[0]["entry"]) == (1, "answer", "refund")
    assert (answers[1]["id"], answers[1]["decision"], answers[1]["entry"]) == ("b", "refuse", None)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('{"id": 1, "te', "not JSON"),
        ("[1]", "not an object"),
        ('{"text": "a"}', "«id» is missing"),
        ('{"id": 1}', "«text» is missing"),
        ('{"id": 1, "text": 5}', "«text» is missing"),
        ("[" * 100_000, "not JSON"),
        (b'{"id": 1, "text": "\xff"}', "not UTF-8"),
    ],
)
def test_the_stream_goes_on_when_a_line_is_broken(bank: Path, broken: str | bytes, why: str) -> None:
    lines = [
        line if isinstance(line, bytes) else line.encode() for line in ("", broken, '{"id": 2, "text": "可以看回放吗"}')
    ]
    code, answers, errors = told(bank, lines)
    assert code == 0
    assert [answer["id"] for answer in answers] == [2]
    assert "line 2: " in errors
    assert why in errors


def test_half_letters_are_written_back_when_the_id_has_them(bank: Path) -> None:
    code, answers, _ = told(bank, ['{"id": "\\ud800", "text": "\\ud800"}'])
    assert (code, answers[0]["id"]) == (0, "\ud800")


def test_the_use_is_bad_when_there_is_no_bank(tmp_path: Path) -> None:
    code, answers, errors = told(tmp_path / "none.csv", ['{"id": 1, "text": "a"}'])
    assert (code, answers) == (2, [])
    assert "none.csv: cannot be read" in errors


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_rows_are_the_same_when_written_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(BANK.replace("\n", "\r\n").encode(encoding))
    rows = read_bank(path)
    assert [(row.entry, row.question, row.answer, row.category) for row in rows][::2] == [
        ("refund", "押金什么时候退", "结营后,三天内", "钱"),
        ("replay", "可以看回放吗", "可以", "课"),
    ]


def test_columns_are_found_when_they_stand_in_another_order(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Answer;note;Question;ENTRY\n三天;x;押金什么时候退;refund\n;;;\n", "utf-8")
    (row,) = read_bank(path)
    assert (row.entry, row.question, row.answer) == ("refund", "押金什么时候退", "三天")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "line 1: column «entry» is missing"),
        ("entry,question\na,b\n", "line 1: column «answer» is missing"),
        (HEADER + 'a,"b\nb",c,d\n,e,f,g\n', "line 4: «entry» is empty"),
        (HEADER + "a,,c,d\n", "line 2: «question» is empty"),
        (HEADER + "a\n", "line 2: «question» is empty"),
        (HEADER + 'a,"b\n', "not a CSV file"),
        ("a\0b", "neither UTF-8 nor GB18030"),
    ],
)
def test_file_and_line_are_named_when_the_bank_is_broken(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(BadBank, match=r"bank\.csv: ") as caught:
        read_bank(path)
    assert why in str(caught.value)
    assert told(path, ["{}"])[0] == 2
