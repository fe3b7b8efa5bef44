"""The style sheet, read as text: readable colours, icons that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qunying.ui import gallery

UI = Path(gallery.__file__).parent
CSS = (UI / "static" / "qunying" / "qunying.css").read_text(encoding="utf-8")
SPRITE = (UI / "static" / "qunying" / "icons.svg").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{3,6}, #[0-9a-f]{3,6})\)", CSS))
GROUNDS = ("paper", "sheet", "sunk", "float")
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "teal", "amber", "red") for ground in GROUNDS),
    *((tone, f"{tone}-wash") for tone in ("teal", "amber", "red")),
    *(("ink", f"{tone}-wash") for tone in ("teal", "amber", "red")),
    *(("ink-2", f"{tone}-wash") for tone in ("teal",)),
]


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    red, green, blue = (_channel(int(full[i : i + 2], 16)) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _colours(token: str) -> list[str]:
    return TOKENS[token].split(", ")


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_when_light_and_when_dark(ink: str, ground: str) -> None:
    for theme, (text, under) in enumerate(zip(_colours(ink), _colours(ground), strict=True)):
        assert _contrast(text, under) >= 4.5, f"{ink} on {ground}, {('light', 'dark')[theme]}"


@pytest.mark.parametrize("fill", ["teal-fill", "red-fill"])
def test_button_words_are_readable_when_filled(fill: str) -> None:
    assert min(_contrast("#fff", colour) for colour in _colours(fill)) >= 4.5


def test_edges_of_inputs_are_seen_when_on_any_ground() -> None:
    for ground in ("paper", "sheet", "float"):
        assert all(_contrast(e, g) >= 3 for e, g in zip(_colours("edge"), _colours(ground), strict=True))


def test_contrast_is_measured_rightly_when_black_meets_white() -> None:
    assert _contrast("#000", "#ffffff") == pytest.approx(21)


def test_every_icon_exists_when_a_template_names_it() -> None:
    known = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE))
    templates = [path.read_text(encoding="utf-8") for path in UI.rglob("templates/**/*.html")]
    named = {name for text in templates for name in re.findall(r'{% icon "([a-z]+)"', text)}
    sections = {item.icon for item in gallery.example_shell().nav} | set(gallery.SHOWN_ICONS)
    assert named | sections <= known


def test_style_sheet_fetches_nothing_when_loaded() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert CSS.count("{") == CSS.count("}")
