"""From what every piece can be to one value a field: a card has one name, and what is a name elsewhere may be a city here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import rjieba

from qunying.judgement.cards.gazetteer import EVERYDAY, NAME_LIKE
from qunying.judgement.cards.names import is_noise, looks_like_name, reads_like_sentence
from qunying.judgement.cards.pieces import Piece
from qunying.judgement.cards.readings import Reading


def _ranks(*kinds: str) -> dict[str, int]:
    """Manners of finding from the best to the worst; inside a longer piece is as good."""
    return {kind + where: rank for rank, kind in enumerate(kinds) for where in ("", "-inside")}


_CITY_ORDER = _ranks(
    "city",
    "abroad",
    "district",
    "city-short",
    "abroad-short",
    "district-short",
    "province",
    "province-short",
    "country",
    "country-short",
)
_JOB_ORDER = _ranks("joined", "listed", "in-name", "ending", "short", "level")
_TRADE_ORDER = _ranks("joined", "listed", "short", "ending", "unknown")
_FIRM_ORDER = _ranks("organised", "listed", "after-at", "short", "trade-name", "unknown")


class Unit(NamedTuple):
    """A piece with everything it can be."""

    piece: Piece
    readings: tuple[Reading, ...]

    @property
    def is_plain(self) -> bool:
        """Nothing is known about it: the stuff of names."""
        return not self.readings


def _order(reading: Reading, order: Mapping[str, int]) -> int:
    return order.get(reading.kind, len(order))


def choose(units: Sequence[Unit]) -> dict[str, Reading]:
    """At most one reading a field."""
    chosen: dict[str, Reading] = {}
    readings = [reading for unit in units for reading in unit.readings]
    if _is_one_nickname(units):
        return {"name": _nickname(units)}
    _choose_name(units, chosen)
    free = [reading for reading in readings if reading.field == "name" or not _taken(reading, chosen)]
    _choose_group(units, free, chosen)
    _choose_city(free, chosen)
    _choose_rest(free, chosen)
    _guess_what_is_left(units, chosen)
    return chosen


def _is_one_nickname(units: Sequence[Unit]) -> bool:
    if len(units) == 1:
        return _is_nickname(units[0])
    if not all(unit.is_plain for unit in units):
        return False
    if all(unit.piece.gap in {"", "_", "."} for unit in units):
        return True
    named = sum(looks_like_name(unit.piece.text) for unit in units if not is_noise(unit.piece.text))
    return named in {0, len(units)} or not any(unit.piece.gap.strip() for unit in units[1:])


def _nickname(units: Sequence[Unit]) -> Reading:
    """Nothing on the card is known: all of it is the name, without the age, sign or number around it."""
    pieces = [unit.piece for unit in units if not is_noise(unit.piece.text)] or [unit.piece for unit in units]
    return Reading("name", pieces[0].start, pieces[-1].end, "alone" if len(units) == 1 else "alone-long", "")


def _is_nickname(unit: Unit) -> bool:
    """A card of one piece is a nickname unless the piece says more than one thing or one thing beyond doubt."""
    if unit.is_plain:
        return True
    kinds = {reading.kind for reading in unit.readings}
    fields = {reading.field for reading in unit.readings}
    word = unit.piece.text
    if any(kind.endswith("-inside") for kind in kinds) or kinds & {"titled", "group", "said", "organised"}:
        return False
    if "city" in fields and not any(kind.endswith("short") for kind in kinds):
        return word in NAME_LIKE
    if "job" in fields:
        return "short" in kinds and word in EVERYDAY
    return len(word) < 4 or word in EVERYDAY or "ending" in kinds or "trade-name" in kinds


def _taken(reading: Reading, chosen: dict[str, Reading]) -> bool:
    name = chosen.get("name")
    if name is None or reading.kind == "in-name":
        return False
    return reading.start < name.end and name.start < reading.end


def _choose_name(units: Sequence[Unit], chosen: dict[str, Reading]) -> None:
    named = [reading for unit in units for reading in unit.readings if reading.field == "name"]
    plain = [unit.piece for unit in units if unit.is_plain and not is_noise(unit.piece.text)]
    known = max(named, key=lambda each: (each.kind == "said", each.start), default=None)
    if known is not None and (known.kind != "after-words" or not plain):
        chosen["name"] = known
    elif plain:
        best = max(plain, key=lambda piece: _name_rank(piece, units))
        chosen["name"] = Reading("name", best.start, best.end, _name_kind(best, units, plain), best.text)
    else:
        _name_from_words(units, chosen)


def _name_rank(piece: Piece, units: Sequence[Unit]) -> tuple[int, int, int, int]:
    text = piece.text
    is_last, is_first = piece is units[-1].piece, piece is units[0].piece
    good = 2 if looks_like_name(text) else 0 if text.isdigit() or reads_like_sentence(text) else 1
    return good + is_last, is_last, is_first, piece.start


def _name_kind(piece: Piece, units: Sequence[Unit], plain: Sequence[Piece]) -> str:
    if len(units) == 1:
        return "alone"
    edge = "edge" if piece in (units[0].piece, units[-1].piece) else "middle"
    return f"{edge}-{'only' if len(plain) == 1 else 'of-several'}"


def _name_from_words(units: Sequence[Unit], chosen: dict[str, Reading]) -> None:
    """No piece is free: a word that is also a name, where the card names such a thing twice or the word stands last."""
    for unit in sorted(units, key=lambda each: each.piece.start, reverse=True):
        text = unit.piece.text
        fields = {reading.field for reading in unit.readings}
        others = {reading.field for other in units if other is not unit for reading in other.readings}
        last = unit is units[-1]
        if (text in NAME_LIKE and ("city" in others or last) and len(units) > 1 and fields == {"city"}) or (
            text in EVERYDAY and last and others and "company" in fields
        ):
            chosen["name"] = Reading("name", unit.piece.start, unit.piece.end, "word", text)
            return


def _choose_group(units: Sequence[Unit], readings: Sequence[Reading], chosen: dict[str, Reading]) -> None:
    found = next((reading for reading in readings if reading.field == "group_no"), None)
    if found is not None:
        chosen["group_no"] = found
        return
    first = units[0].piece
    if len(units) >= 3 and first.text.isdigit() and len(first.text) <= 3 and not _taken_piece(first, chosen):
        chosen["group_no"] = Reading("group_no", first.start, first.end, "bare-number", first.text)


def _taken_piece(piece: Piece, chosen: dict[str, Reading]) -> bool:
    return any(reading.start < piece.end and piece.start < reading.end for reading in chosen.values())


def _choose_city(readings: Sequence[Reading], chosen: dict[str, Reading]) -> None:
    places = [reading for reading in readings if reading.field == "city"]
    if places:
        chosen["city"] = min(places, key=lambda each: _order(each, _CITY_ORDER))


def _choose_rest(readings: Sequence[Reading], chosen: dict[str, Reading]) -> None:
    """Firm, job and industry; what could be two of them goes where nothing else is."""
    city = chosen.get("city")
    open_ = [r for r in readings if r.field in {"company", "job", "industry"} and not (city and _same(r, city))]
    for field, order in (("company", _FIRM_ORDER), ("job", _JOB_ORDER), ("industry", _TRADE_ORDER)):
        of_field = [reading for reading in open_ if reading.field == field]
        if not of_field:
            continue
        sure = [reading for reading in of_field if not any(_same(reading, o) and o.field != field for o in open_)]
        pick = _best(sure, order) or _best(
            [r for r in of_field if not any(_same(r, c) for c in chosen.values())], order
        )
        if pick is not None and not any(_same(pick, other) for other in chosen.values()):
            chosen[field] = pick


def _best(readings: Sequence[Reading], order: Mapping[str, int]) -> Reading | None:
    def rank(reading: Reading) -> tuple[int, int]:
        return _order(reading, order), reading.start - reading.end

    return min(readings, key=rank, default=None)


def _same(one: Reading, other: Reading) -> bool:
    return one.start < other.end and other.start < one.end and "in-name" not in (one.kind, other.kind)


def _guess_what_is_left(units: Sequence[Unit], chosen: dict[str, Reading]) -> None:
    """«苏州-晶芯-FAE-阿伟»: the one unknown piece in the middle is a trade if it is an ordinary word, else an employer."""
    if len(units) < 3 or len(chosen) < 2 or {"industry", "company"} <= chosen.keys():
        return
    left = [unit.piece for unit in units[1:-1] if unit.is_plain and _could_be_work(unit.piece, chosen)]
    if len(left) != 1:
        return
    field = "industry" if _is_ordinary(left[0].text) else "company"
    if field not in chosen:
        chosen[field] = Reading(field, left[0].start, left[0].end, "unknown", left[0].text)


def _could_be_work(piece: Piece, chosen: dict[str, Reading]) -> bool:
    if _taken_piece(piece, chosen) or is_noise(piece.text) or not 2 <= len(piece.text) <= 12 or piece.text.isdigit():
        return False
    return not looks_like_nickname(piece) and not reads_like_sentence(piece.text)


def _is_ordinary(text: str) -> bool:
    """Are these words of the dictionary, not a made-up name?"""
    return not text.isascii() and all(len(word) > 1 for word in rjieba.cut(text, hmm=False))


def looks_like_nickname(piece: Piece) -> bool:
    """«小李», «阿May»: surely a person even in the middle of a card."""
    return piece.text[0] in "小阿老" and looks_like_name(piece.text)


__all__ = ["Unit", "choose"]
