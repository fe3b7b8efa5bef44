"""Which messages are one message reworded: placed one after the other, in any number of groups, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from qunying.judgement.families.sketch import bands_of, likeness, packed, sketch_of, unpacked
from qunying.judgement.families.units import LONGEST_TEXT, has_handle, telling, units_of_folded
from qunying.judgement.folding import folded

ALIKE = 0.38  # Jaccard likeness of pairs from which two texts are one
CONTAINED = 0.55  # or so much of the smaller in the larger, more where the smaller is short
_LONG_ENOUGH = 12  # pairs
_LEAST_TELLING = 8  # different units that everyday talk does not have
_LEAST_WITH_HANDLE = 5
_ALIKE_WHEN_SHORT = 0.5
_CONTAINED_WHEN_SHORT = 0.75
_VARIANTS = 3  # sketches kept of a family
_NEW_VARIANT = 0.75
_KEYS = 50
_IN_BAND = 8
_CANDIDATES = 10


@dataclass(frozen=True, slots=True)
class Family:
    """A family as it stands: ``id`` is the key of its first text, ``keys`` its latest (bounded), times as given.

    ``count`` counts all texts ever placed in it; ``likeness`` (0 to 1) is that of the text just placed to the nearest kept.
    """

    id: str
    count: int
    keys: tuple[str, ...]
    first_at: float
    last_at: float
    likeness: float


class _Variant(NamedTuple):
    """The packed sketch of one text, and the bands in which it is entered."""

    sketch: bytes
    bands: tuple[int, ...]


@dataclass(slots=True)
class _Kept:
    """What is remembered of a family, or of a text that has none yet (``count`` 1)."""

    id: str
    count: int
    keys: list[str]
    first_at: float
    last_at: float
    variants: list[_Variant]

    def as_family(self, alike: float) -> Family:
        return Family(self.id, self.count, tuple(self.keys), self.first_at, self.last_at, alike)


@dataclass(slots=True)
class Families:
    """The families of one community.

    ``most_families`` and ``most_single`` bound what is remembered (of texts without a family yet), ``forget_after`` seconds
    without a new text make it forgotten; what was seen longest ago goes first. Nothing depends on the process: the same
    texts in the same order give the same families, and ``as_state``/``from_state`` carry on exactly.
    """

    most_families: int = 4_096
    most_single: int = 8_192
    forget_after: float = 14 * 86_400.0
    _families: dict[str, _Kept] = field(default_factory=dict)
    _single: dict[str, _Kept] = field(default_factory=dict)
    _bands: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def place(self, key: str, text: str, at: float, *, plain: str | None = None) -> Family | None:
        """The family that the text belongs to, with this text in it; None while there is no second one like it.

        ``key`` names the message, ``at`` is its time in seconds. Short and everyday talk has no family, however often it is
        said. Placing a key again that its family still lists changes nothing. ``plain`` is the folded text where the caller
        has it already, which saves half of the time.
        """
        sketch, least = _sketch(folded(text[:LONGEST_TEXT]) if plain is None else plain)
        if not sketch:
            return None
        self._forget(at)
        variant = _Variant(packed(sketch), tuple(bands_of(sketch)))
        kept, alike = self._nearest(sketch, variant.bands, least)
        if kept is None:
            self._keep_single(_Kept(key, 1, [key], at, at, [variant]))
            return None
        if key not in kept.keys:
            self._join(kept, key, at, variant, alike)
        return kept.as_family(alike) if kept.count > 1 else None

    def find(self, text: str) -> Family | None:
        """The family that a text would be placed in; changes nothing."""
        sketch, least = _sketch(folded(text[:LONGEST_TEXT]))
        if not sketch:
            return None
        kept, alike = self._nearest(sketch, bands_of(sketch), least)
        return kept.as_family(alike) if kept is not None and kept.count > 1 else None

    def __iter__(self) -> Iterator[Family]:
        return (kept.as_family(1.0) for kept in self._families.values())

    def __len__(self) -> int:
        return len(self._families)

    def _nearest(self, sketch: frozenset[int], bands: Iterable[int], least: float) -> tuple[_Kept | None, float]:
        """The kept one most like the sketch, of those that meet it in most bands; the older of two as like."""
        met: dict[str, int] = {}
        for band in bands:
            for name in self._bands.get(band, ()):
                met[name] = met.get(name, 0) + 1
        best: _Kept | None = None
        most = 0.0
        for name in sorted(met, key=lambda each: (-met[each], each))[:_CANDIDATES]:
            kept = self._families.get(name) or self._single.get(name)
            if kept is None:
                continue
            alike = max(_alike(sketch, unpacked(other.sketch), least) for other in kept.variants)
            if alike > most or (alike == most and best is not None and kept.first_at < best.first_at):
                best, most = kept, alike
        return best, most

    def _join(self, kept: _Kept, key: str, at: float, variant: _Variant, alike: float) -> None:
        kept.count += 1
        kept.keys = [*kept.keys[-_KEYS + 1 :], key]
        kept.first_at, kept.last_at = min(kept.first_at, at), max(kept.last_at, at)
        self._single.pop(kept.id, None)
        self._families.pop(kept.id, None)
        self._families[kept.id] = kept  # the end of the dictionary is the latest
        if alike < _NEW_VARIANT and len(kept.variants) < _VARIANTS:
            kept.variants.append(variant)
            self._enter(kept.id, variant.bands)
        while len(self._families) > self.most_families:
            self._drop(self._families)

    def _keep_single(self, kept: _Kept) -> None:
        if kept.id in self._single or kept.id in self._families:
            return
        self._single[kept.id] = kept
        self._enter(kept.id, kept.variants[0].bands)
        while len(self._single) > self.most_single:
            self._drop(self._single)

    def _enter(self, name: str, bands: Iterable[int]) -> None:
        for band in bands:
            there = self._bands.get(band, ())
            if name not in there:
                self._bands[band] = (*there[-_IN_BAND + 1 :], name)

    def _forget(self, now: float) -> None:
        for kept in (self._families, self._single):
            while kept and next(iter(kept.values())).last_at < now - self.forget_after:
                self._drop(kept)

    def _drop(self, kept: dict[str, _Kept]) -> None:
        """Forgets the one seen longest ago, in the bands too."""
        gone = kept.pop(next(iter(kept)))
        for variant in gone.variants:
            for band in variant.bands:
                left = tuple(name for name in self._bands.get(band, ()) if name != gone.id)
                if left:
                    self._bands[band] = left
                else:
                    self._bands.pop(band, None)

    def as_state(self) -> dict[str, Any]:
        """Everything remembered, as JSON can keep it."""
        return {
            "bounds": [self.most_families, self.most_single, self.forget_after],
            "families": [_row(kept) for kept in self._families.values()],
            "single": [_row(kept) for kept in self._single.values()],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Families:
        """What ``as_state`` gave, ready to go on; raises KeyError, TypeError or ValueError for anything else."""
        families = cls(*state["bounds"])
        for target, rows in ((families._families, state["families"]), (families._single, state["single"])):
            for name, count, keys, first_at, last_at, sketches in rows:
                target[name] = _Kept(name, count, list(keys), first_at, last_at, [_variant(each) for each in sketches])
        for kept in [*families._single.values(), *families._families.values()]:
            for variant in kept.variants:
                families._enter(kept.id, variant.bands)
        return families


def _variant(numbers: Iterable[int]) -> _Variant:
    sketch = frozenset(numbers)
    return _Variant(packed(sketch), tuple(bands_of(sketch)))


def _row(kept: _Kept) -> list[Any]:
    sketches = [sorted(unpacked(variant.sketch)) for variant in kept.variants]
    return [kept.id, kept.count, list(kept.keys), kept.first_at, kept.last_at, sketches]


def says_enough(text: str) -> bool:
    """Can this text have a family at all: is there enough in it that everyday talk has not?"""
    return bool(_sketch(folded(text[:LONGEST_TEXT]))[0])


def _sketch(plain: str) -> tuple[frozenset[int], float]:
    """The sketch of a folded text that says enough to have a family, and how like another must be; empty for other texts."""
    signs = units_of_folded(plain)
    if len(signs) < _LEAST_WITH_HANDLE:
        return frozenset(), 1.0
    said = telling(signs, _LEAST_TELLING)
    if said >= _LEAST_TELLING:
        return sketch_of(signs), ALIKE
    if said >= _LEAST_WITH_HANDLE and has_handle(plain):
        return sketch_of(signs), _ALIKE_WHEN_SHORT
    return frozenset(), 1.0


def _alike(one: frozenset[int], other: frozenset[int], least: float) -> float:
    """The likeness where it is enough to be one family, 0 where it is not."""
    alike, contained = likeness(one, other)
    if alike >= least:
        return alike
    needed = CONTAINED if min(len(one), len(other)) >= _LONG_ENOUGH else _CONTAINED_WHEN_SHORT
    return alike if contained >= needed else 0.0


__all__ = ["Families", "Family", "says_enough"]
