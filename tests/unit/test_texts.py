"""Texts of plain Python: marked where they stand, said in the reader's language where they are shown."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import gettext, override

from qunying.carriers.files.discovery import FORMATS
from qunying.carriers.files.explanations import GUESSED_YEAR, NESTED_ARCHIVE, explanation
from qunying.carriers.files.generic_csv.columns import explain_missing
from qunying.carriers.files.records import REASONS
from qunying.carriers.live import CARRIERS
from qunying.kernel.errors import BadUse, QunyingError, keepable
from qunying.kernel.facts import FACTS
from qunying.kernel.texts import Sentence, mark
from qunying.pipeline.roster import ROSTER
from qunying.runners.language import language_of
from tools import messages

PACKAGE = Path(__file__).resolve().parents[2] / "qunying"
IN_ENGLISH_ONLY = "pipeline/drill/"  # a drill file is written in English words, and its mistakes are told in them
ERRORS = {"BadUse", "QunyingError", "Stopped", "TakenElsewhere"}
SLOT = re.compile(r"%\((\w+)\)")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Where an error for people is made, and how."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if "/tests/" in place or place.startswith(IN_ENGLISH_ONLY):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
                yield f"{place}:{node.lineno}", node


def marked(node: ast.expr) -> str | None:
    """The text of ``mark("…")``; None where the expression is something else."""
    is_mark = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mark"
    return ast.literal_eval(node.args[0]) if is_mark and isinstance(node, ast.Call) else None


@cache
def catalogue() -> Catalog:
    """The English catalogue, read once."""
    return messages.load()


@cache
def english(text: str) -> str:
    """What an English reader is shown for a marked text."""
    found = catalogue().get(text)
    return str(found.string) if found is not None and found.string else ""


def test_no_error_builds_its_sentence_by_itself_when_it_is_raised() -> None:
    built = [place for place, call in raised() if isinstance(call.args[0], ast.JoinedStr | ast.Constant | ast.BinOp)]
    assert built == []


def test_every_sentence_of_an_error_has_english_when_it_is_raised() -> None:
    texts = {text: place for place, call in raised() if (text := marked(call.args[0])) is not None}
    assert len(texts) > 60
    assert {text: place for text, place in texts.items() if not english(text) or CHINESE.search(english(text))} == {}


def test_every_slot_of_an_error_is_filled_when_it_is_raised() -> None:
    wrong = []
    for place, call in raised():
        text = marked(call.args[0])
        if text is not None and set(SLOT.findall(text)) != {str(word.arg) for word in call.keywords}:
            wrong.append(place)
    assert wrong == []


def _choices(part: dataclasses.Field[Any]) -> dict[str, str]:
    """What can be chosen, by the words that are kept."""
    return dict(part.metadata.get("choices", ()))


def test_every_text_has_english_when_a_table_of_plain_python_holds_it() -> None:
    settings = [part for capability in ROSTER for part in dataclasses.fields(capability.settings)]
    texts = [
        *FACTS.values(),
        *REASONS.values(),
        *(part.metadata["help"] for part in settings),
        *(part.default for part in settings if isinstance(part.default, str) and part.default and not _choices(part)),
        *(label for part in settings for label in _choices(part).values()),
        *(capability.title for capability in ROSTER),
        *(reason for capability in ROSTER for reason in capability.reasons.values()),
        *(carrier.title for carrier in CARRIERS),
        *(known.title for known in FORMATS if not known.title.isascii()),
    ]
    assert [text for text in texts if not english(text) or CHINESE.search(english(text))] == []


def test_a_sentence_is_chinese_or_the_readers_when_it_is_told() -> None:
    error = BadUse(mark("没有「%(name)s」这个字段；能写的有 %(known)s"), name="🍵 100%", known=["time", "نور"])
    assert str(error) == "没有「🍵 100%」这个字段；能写的有 time、نور"
    with override("en"):
        assert error.said(gettext) == "There is no field “🍵 100%”; there are time, نور"


def test_a_sentence_within_a_sentence_is_told_too_when_the_reader_reads_english() -> None:
    error = BadUse(mark("没有读得懂的聊天记录（%(why)s）"), why=Sentence(mark("文件夹是空的")))
    with override("en"):
        assert error.said(gettext) == "No chat history that can be read (the folder is empty)"


@pytest.mark.parametrize(
    "error",
    [
        BadUse(mark("没有这一条")),
        BadUse(mark("没有这个文件：%(path)s"), path='C:\\聊天 "记录"\\{values}.txt'),
        BadUse(mark("没有读得懂的聊天记录（%(why)s）"), why=Sentence(mark("文件夹是空的"))),
        QunyingError(mark("没有「%(name)s」这个字段；能写的有 %(known)s"), name="x", known=["a", "b"]),
    ],
)
def test_an_error_is_told_as_before_when_a_row_has_kept_it(error: QunyingError) -> None:
    kept = Sentence.of_text(keepable(error))
    assert str(kept) == str(error)
    with override("en"):
        assert kept.said(gettext) == error.said(gettext)
        assert not CHINESE.search(kept.said(gettext).replace("聊天", "").replace("记录", ""))


@pytest.mark.parametrize(
    "words",
    [
        "disk full: 100%",
        '{"text": 1}',
        "[1]",
        "null",
        "%(name)s",
        "",
        '{"values": {}, "x": 1}',
        '{"text": "%(a)s", "values": {"b": 1}}',
        '{"text": "x", "values": [1]}',
        '{"text": "100%", "values": {"b": 1}}',
    ],
)
def test_other_peoples_words_stand_as_they_are_when_a_row_has_kept_them(words: str) -> None:
    assert str(Sentence.of_text(words)) == words
    with override("en"):
        assert Sentence.of_text(words).said(gettext) == words
    assert keepable(OSError(words)) == words


def test_an_explanation_is_found_again_when_it_stands_for_a_quote() -> None:
    columns = str(explain_missing(["when", "谁"], {}))
    named = str(explain_missing(["when", "谁"], {"time": "时刻", "text": "when"}))
    samples = (NESTED_ARCHIVE, GUESSED_YEAR % {"line": "A 03-01 10:00"}, columns, named)
    with override("en"):
        told = [found.said(gettext) for sample in samples if (found := explanation(sample)) is not None]
    assert told == [
        "An archive within the archive; unpack it first",
        "No year; taken from the file's date: A 03-01 10:00",
        "No column for Time, Text; there are: when, 谁",
        "No column called “时刻”; there are: when, 谁",
    ]


@pytest.mark.parametrize("line", ["", "没有", "群", "没有年份", "2024-03-01 时间"])
def test_a_quote_stays_a_quote_when_it_only_looks_alike(line: str) -> None:
    assert explanation(line) is None


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "EN"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
        ({"LANG": "C.UTF-8"}, "zh-hans"),
        ({}, "zh-hans"),
    ],
)
def test_commands_speak_english_when_the_locale_does(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language
