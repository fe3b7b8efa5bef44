"""The builder's form: blocks of conditions as somebody fills them in, to a rule and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from django.http import QueryDict

from qunying.insights.segments.reading import BadRule, read_rule
from qunying.insights.segments.rule import ABOUT, DEED, IDS, All, AnyOf, Not, Rule, to_words

MOST_BLOCKS, MOST_ROWS = 6, 12
COUNT, PICK, WORDS, WHEN, DAYS = "count", "pick", "words", "when", "days"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "messages": COUNT,
        "days_spoken": COUNT,
        "openings": COUNT,
        "silent": DAYS,
        "joined": WHEN,
        "layer": PICK,
        "tag": PICK,
        "city": WORDS,
        "industry": WORDS,
        "job": WORDS,
        "company": WORDS,
        "card": WORDS,
        "group": PICK,
        "community": PICK,
        "role": PICK,
        "via": PICK,
        "inviter": WORDS,
        "carrier": PICK,
        "orders": COUNT,
        "amount": COUNT,
        "deed": COUNT,
    }
)
TEXTS = ("low", "high", "days", "since", "until", "words", "currency", "deed")


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it is filled in."""

    kind: str = "messages"
    is_not: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    picks: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """What stands in that field."""
        return self.texts.get(name, "")


@dataclass(frozen=True, slots=True)
class Block:
    """Conditions of which all, or any, must hold."""

    join: str = "all"
    rows: tuple[Row, ...] = (Row(),)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as it is filled in: blocks of which all, or any, must hold."""

    join: str = "all"
    blocks: tuple[Block, ...] = (Block(),)


FIRST = Draft(blocks=(Block(rows=(Row("messages", texts={"low": "3", "days": "30"}),)),))
READY: Mapping[str, Draft] = MappingProxyType(
    {
        "talking": FIRST,
        "quiet": Draft(
            blocks=(Block(rows=(Row("silent", texts={"days": "14"}), Row("messages", texts={"low": "10"}))),)
        ),
        "new": Draft(
            blocks=(
                Block(rows=(Row("joined", texts={"days": "14"}), Row("messages", is_not=True, texts={"low": "1"}))),
            )
        ),
        "buyers": Draft(blocks=(Block(rows=(Row("orders", texts={"low": "1"}), Row("silent", texts={"days": "30"}))),)),
    }
)


def read_draft(post: QueryDict) -> Draft:
    """What the form says, however odd; then what its buttons asked for is done to it."""
    blocks = tuple(_read_block(post, n) for n in range(min(_size(post.get("blocks")), MOST_BLOCKS)))
    draft = Draft(_join(post.get("join")), blocks or (Block(),))
    return _acted(draft, post.get("act", ""))


def _read_block(post: QueryDict, number: int) -> Block:
    rows = tuple(_read_row(post, f"{number}-{n}-") for n in range(min(_size(post.get(f"rows-{number}")), MOST_ROWS)))
    return Block(_join(post.get(f"join-{number}")), rows or (Row(),))


def _read_row(post: QueryDict, prefix: str) -> Row:
    kind = post.get(f"{prefix}kind", "")
    return Row(
        kind=kind if kind in KINDS else "messages",
        is_not=post.get(f"{prefix}not") == "not",
        texts={name: post.get(f"{prefix}{name}", "").strip()[:500] for name in TEXTS},
        picks=tuple(one[:200] for one in post.getlist(f"{prefix}picks")[:500]),
    )


def _size(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _join(text: str | None) -> str:
    return "any" if text == "any" else "all"


def _acted(draft: Draft, act: str) -> Draft:
    """With a row more or less, or a block more; anything else changes nothing."""
    verb, *places = act.split(":")
    numbers = [_size(one) for one in places]
    blocks = list(draft.blocks)
    if verb == "block" and len(blocks) < MOST_BLOCKS:
        return replace(draft, blocks=(*blocks, Block()))
    if not numbers or numbers[0] >= len(blocks):
        return draft
    block = blocks[numbers[0]]
    if verb == "add" and len(block.rows) < MOST_ROWS:
        blocks[numbers[0]] = replace(block, rows=(*block.rows, Row()))
    elif verb == "drop" and len(numbers) == 2:
        rows = tuple(row for n, row in enumerate(block.rows) if n != numbers[1])
        blocks[numbers[0] : numbers[0] + 1] = [replace(block, rows=rows)] if rows else []
    return replace(draft, blocks=tuple(blocks) or (Block(),))


def rule_of(draft: Draft) -> tuple[Rule | None, dict[tuple[int, int], BadRule]]:
    """The rule that the form says; None where a condition is wrong, with the errors by block and row."""
    wrong: dict[tuple[int, int], BadRule] = {}
    blocks = []
    for b, block in enumerate(draft.blocks):
        rules = []
        for r, row in enumerate(block.rows):
            try:
                rules.append(_rule_of_row(row))
            except BadRule as error:
                wrong[b, r] = error
        blocks.append(_together(block.join, rules) if rules else None)
    known = [one for one in blocks if one is not None]
    return (None if wrong or not known else _together(draft.join, known)), wrong


def _together(join: str, rules: list[Rule]) -> Rule:
    if len(rules) == 1:
        return rules[0]
    return All(tuple(rules)) if join == "all" else AnyOf(tuple(rules))


def _rule_of_row(row: Row) -> Rule:
    rule = read_rule(_words(row))
    return Not(rule) if row.is_not else rule


def _words(row: Row) -> dict[str, Any]:
    """The condition as JSON. Numbers that are none stay as they are typed, so that they are named where they stand."""
    match KINDS[row.kind]:
        case "count":
            what = f"{DEED}{row.text('deed')}" if row.kind == "deed" else row.kind
            is_amount = row.kind == "amount"
            read = str if is_amount else _number
            bounds = {"at_least": row.text("low"), "at_most": row.text("high")}
            told = {name: read(value) for name, value in bounds.items() if value}
            return {"did": what, **told, **_window(row), **({"currency": row.text("currency")} if is_amount else {})}
        case "days":
            return {"silent_days": _number(row.text("days"))}
        case "when":
            return {"joined": _window(row)}
        case _:
            return {"about": row.kind, "any_of": _values(row)}


def _values(row: Row) -> list[object]:
    said = list(row.picks) if KINDS[row.kind] == PICK else _split(row.text("words"))
    return [_number(one) for one in said] if ABOUT[row.kind] == IDS else list(said)


def _split(text: str) -> list[str]:
    for sign in "，、;；\n":
        text = text.replace(sign, ",")
    return [word.strip() for word in text.split(",") if word.strip()]


def _window(row: Row) -> dict[str, object]:
    told = {"last_days": _number(row.text("days")), "from": row.text("since"), "to": row.text("until")}
    return {name: value for name, value in told.items() if value != ""}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 18 else text


def draft_of(rule: Rule) -> Draft | None:
    """The form that says this rule; None where it is nested deeper than the form goes."""
    if isinstance(rule, All | AnyOf) and all(_is_flat(one) for one in rule.rules):
        block = _block_of(rule)
        return None if block is None else Draft(blocks=(block,))
    if isinstance(rule, All | AnyOf):
        blocks = [_block_of(one) for one in rule.rules]
        known = tuple(one for one in blocks if one is not None)
        return Draft(_joined(rule), known) if len(known) == len(blocks) <= MOST_BLOCKS else None
    block = _block_of(rule)
    return None if block is None else Draft(blocks=(block,))


def _joined(rule: Rule) -> str:
    return "any" if isinstance(rule, AnyOf) else "all"


def _is_flat(rule: Rule) -> bool:
    inner = rule.rule if isinstance(rule, Not) else rule
    return not isinstance(inner, All | AnyOf | Not)


def _block_of(rule: Rule) -> Block | None:
    rules = rule.rules if isinstance(rule, All | AnyOf) else (rule,)
    if len(rules) > MOST_ROWS or not all(_is_flat(one) for one in rules):
        return None
    rows = [_row_of(one) for one in rules]
    known = tuple(row for row in rows if row is not None)
    return Block(_joined(rule), known) if len(known) == len(rows) else None


def _row_of(rule: Rule) -> Row | None:
    """A row that says this condition; None for the layer in one group, which only JSON says."""
    inner, is_not = (rule.rule, True) if isinstance(rule, Not) else (rule, False)
    said = to_words(inner)
    if "group" in said:
        return None
    window = said.get("joined", said)
    names = {"low": "at_least", "high": "at_most", "days": "last_days", "since": "from", "until": "to"}
    texts = {name: str(window[key]) for name, key in names.items() if key in window}
    if "did" in said:
        is_deed = said["did"].startswith(DEED)
        extra = {"currency": said.get("currency", ""), "deed": said["did"].removeprefix(DEED) if is_deed else ""}
        return Row("deed" if is_deed else said["did"], is_not, texts | extra)
    if "silent_days" in said:
        return Row("silent", is_not, {"days": str(said["silent_days"])})
    if "joined" in said:
        return Row("joined", is_not, texts)
    values = tuple(str(one) for one in said["any_of"])
    return Row(
        said["about"],
        is_not,
        {} if _is_picked(said) else {"words": "，".join(values)},
        values if _is_picked(said) else (),
    )


def _is_picked(said: Mapping[str, Any]) -> bool:
    return KINDS[said["about"]] == PICK


def as_text(rule: Rule) -> str:
    """The rule as JSON for people who read that."""
    return json.dumps(to_words(rule), ensure_ascii=False, indent=2)
