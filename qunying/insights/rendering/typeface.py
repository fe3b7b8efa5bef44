"""Fonts as a document embeds them: only the letters that stand in it, in one weight, in one file each."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SLICES_KEPT = 120
UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VVAR", "VORG", "MVAR", "DSIG")


def build_typeface(slices: Sequence[tuple[Path, Collection[str]]], weight: int) -> bytes:
    """One TrueType font with these letters of each slice of a variable font, drawn at this ``weight`` (400, 700)."""
    pieces = [_cut(path, letters, weight) for path, letters in slices]
    if len(pieces) == 1:
        return pieces[0]
    merged = io.BytesIO()
    Merger().merge([io.BytesIO(piece) for piece in pieces]).save(merged)
    return merged.getvalue()


def _cut(path: Path, letters: Collection[str], weight: int) -> bytes:
    font = TTFont(io.BytesIO(_unpacked(path)))
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    out = io.BytesIO()
    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True).save(out)
    return out.getvalue()


@lru_cache(maxsize=SLICES_KEPT)
def _unpacked(path: Path) -> bytes:
    """A slice without its compression, which takes longer to undo than everything else (about 50 ms)."""
    font = TTFont(path)
    font.flavor = None
    for table in UNUSED:
        if table in font:
            del font[table]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
