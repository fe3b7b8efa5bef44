"""A group card, as members write it, read into fields."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from qunying.judgement.cards.card import Card, Evidence
from qunying.judgement.cards.choosing import Unit, choose
from qunying.judgement.cards.keyed import keyed_readings
from qunying.judgement.cards.names import is_noise
from qunying.judgement.cards.pieces import Piece, cut, is_sign_only, together
from qunying.judgement.cards.readings import Reading, is_latin_rank, number_of, read_latin, read_piece
from qunying.judgement.folding import fold
from qunying.judgement.views import View

LONGEST_CARD = 300  # letters; platforms allow 60 at most, what is longer is read up to here
V = TypeVar("V")
_DOUBT = 0.5  # confidence of a manner of finding that was never measured


def parse_card(card: str) -> Card:
    """The fields of a card, in goes_together order and signs it was written; never an exception, goes_together the text.

    A card that is only a nickname has only a name. Empty or invisible text has no field at all.
    """
    card = card[:LONGEST_CARD]
    view = fold(card)
    pieces = cut(view, card)
    if not pieces:
        return _only_signs(card)
    keyed = keyed_readings(pieces, view.text)
    chosen = choose(_units(pieces, view.text, {reading.start for reading in keyed}))
    for reading in keyed:
        chosen[reading.field] = _as_listed(reading)
    return _card(card, view, chosen)


def _only_signs(card: str) -> Card:
    text = card.strip()
    if not text or not text.isprintable() or not is_sign_only(text):
        return Card()
    start = card.index(text)
    evidence = Evidence((start, start + len(text)), "signs", text)
    return Card(
        name=text, confidence=_frozen({"name": confidence("name", "signs")}), evidence=_frozen({"name": evidence})
    )


def _units(pieces: list[Piece], text: str, values: set[int]) -> tuple[Unit, ...]:
    if values:
        pieces = [piece for place, piece in enumerate(pieces) if not _is_key_of(pieces, place, values)]
    units = [Unit(piece, tuple(read_piece(piece.text, piece.start, piece.end))) for piece in together(pieces, text)]
    return tuple(_with_employers(_with_ranks(_joined(units, text))))


def _is_key_of(pieces: list[Piece], place: int, values: set[int]) -> bool:
    return place + 1 < len(pieces) and pieces[place + 1].start in values


def _joined(units: list[Unit], text: str) -> list[Unit]:
    """Latin words that nobody knows, and single characters, put together where only a space parts them."""
    out: list[Unit] = []
    for unit in units:
        last = out[-1] if out else None
        if last is not None and _belong_together(last, unit):
            out[-1] = _one(last, unit, text)
        else:
            out.append(unit)
    return out


def _belong_together(one: Unit, other: Unit) -> bool:
    first, second = one.piece, other.piece
    if not (one.is_plain or (first.text.isascii() and _firm(second.text))) or is_noise(first.text):
        return False
    if len(first.text) == 1 == len(second.text) and other.is_plain and not first.text.isascii():
        return len(second.gap) == 1
    if not second.follows_space or not first.text.isascii() or not second.text.isascii() or first.text.isdigit():
        return False
    return (other.is_plain and not is_noise(second.text)) or _firm(second.text)


def _firm(word: str) -> bool:
    return read_latin(["", word]) == ("company", "organised")


def _one(first: Unit, second: Unit, text: str) -> Unit:
    start, end = first.piece.start, second.piece.end
    piece = Piece(text[start:end], start, end, first.piece.gap)
    telling = read_latin(piece.text.split())
    readings = (Reading(telling[0], start, end, telling[1], piece.text),) if telling else ()
    return Unit(piece, readings)


def _with_ranks(units: list[Unit]) -> list[Unit]:
    """«senior» before «product manager» is part of the job."""
    out: list[Unit] = []
    for unit in units:
        if out and is_latin_rank(out[-1].piece.text) and unit.piece.follows_space and _is_job(unit):
            rank = out.pop().piece
            piece = Piece(f"{rank.text} {unit.piece.text}", rank.start, unit.piece.end, rank.gap)
            means = unit.readings[0].means
            unit = Unit(piece, (Reading("job", piece.start, piece.end, unit.readings[0].kind, means),))
        out.append(unit)
    return out


def _with_employers(units: list[Unit]) -> list[Unit]:
    """«CEO of Acme», «产品@晶芯»: what follows is where somebody works, unless it is the only name on the card."""
    if sum(unit.is_plain and not is_noise(unit.piece.text) for unit in units) < 2:
        return units
    return [
        _at_work(unit) if place and _says_where(units[place - 1], unit) else unit for place, unit in enumerate(units)
    ]


def _says_where(before: Unit, unit: Unit) -> bool:
    return unit.is_plain and (before.piece.text in {"at", "of"} or ("@" in unit.piece.gap and _is_job(before)))


def _at_work(unit: Unit) -> Unit:
    piece = unit.piece
    return Unit(piece, (Reading("company", piece.start, piece.end, "after-at", piece.text),))


def _is_job(unit: Unit) -> bool:
    return bool(unit.readings) and unit.readings[0].field == "job"


def _as_listed(reading: Reading) -> Reading:
    """A keyed value with its heading, where the lists have it."""
    found = [other for other in read_piece(reading.means, reading.start, reading.end) if other.field == reading.field]
    means = found[0].means if found else reading.means
    return Reading(reading.field, reading.start, reading.end, "keyed", means)


def _card(card: str, view: View, chosen: dict[str, Reading]) -> Card:
    written = {field: view.span(reading.start, reading.end) for field, reading in chosen.items()}
    evidence = {field: Evidence(written[field], r.kind, r.means) for field, r in chosen.items()}
    sure = {field: confidence(field, reading.kind) for field, reading in chosen.items()}
    texts = {field: card[start:end] for field, (start, end) in written.items()}
    number = chosen.get("group_no")
    return Card(
        city=chosen["city"].means if "city" in chosen else None,
        industry=texts.get("industry"),
        company=texts.get("company"),
        job=texts.get("job"),
        name=texts.get("name"),
        group_no=_number(number.means) if number else None,
        confidence=_frozen(sure),
        evidence=_frozen(evidence),
    )


def _number(text: str) -> int | None:
    digits = text if text.isdigit() else "".join(sign for sign in text if sign in "0123456789一二三四五六七八九十")
    return number_of(digits) if digits else None


def _frozen(values: dict[str, V]) -> MappingProxyType[str, V]:
    return MappingProxyType(values)


@cache
def _measured() -> dict[str, float]:
    text = (files("qunying.judgement") / "models" / "cards.json").read_text(encoding="utf-8")
    found: dict[str, float] = json.loads(text)["confidence"]
    return found


def confidence(field: str, kind: str) -> float:
    """How often a field found in this manner is right, by the hand-labelled cards (see ``training/cards.py``)."""
    return _measured().get(f"{field}:{kind}", _DOUBT)
