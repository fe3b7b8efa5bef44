"""What a group talks about this week, as cards with quotes, and whether that is more than before."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo, list_counted_groups
from qunying.console.group.counting import COUNTED_FOR
from qunying.console.group.talking import Face, face_of, href_of
from qunying.insights.talks import Saying
from qunying.insights.themes import Stories, Story, read_themes
from qunying.insights.words_of_themes import headline, how, looked_at, moved, name, open_questions, size, week
from qunying.judgement.themes import Trend

SHOWN = 6
TONES = {Trend.RISING: "look", Trend.FADING: ""}


@dataclass(frozen=True, slots=True)
class ThemeQuote:
    """What somebody said on it, and where it stands in the talk."""

    face: Face
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A theme: its phrase, how it moves, and who said what. ``asked_href`` leads to the first open question on it.

    ``trend`` is empty where nothing changed: the figures say so already.
    """

    title: str
    trend: str
    tone: str
    moved: str
    size: str
    quotes: tuple[ThemeQuote, ...]
    asked: str
    asked_href: str


@dataclass(frozen=True, slots=True)
class ThemesPanel:
    """The answer as a title, and the themes, rising ones first; ``note`` says what was left out."""

    title: str
    how: str
    week: str
    note: str
    cards: tuple[ThemeCard, ...]


def read_themes_panel(group: GroupInfo) -> ThemesPanel | None:
    """The panel, of what was kept; at most a minute old. None where nobody has looked yet, or nobody said anything."""
    key = f"console.group.themes.{group.id}"
    known: Stories | None = cache.get(key)
    if known is None:
        known = read_themes(list_counted_groups(group_ids=[group.id]))
        cache.set(key, known, COUNTED_FOR)
    return lay_themes(known)


def lay_themes(known: Stories) -> ThemesPanel | None:
    """What was found as a panel; None where nobody has looked yet, or nobody said anything."""
    if not known.is_known or not known.told.lines:
        return None
    cards = tuple(_card(one) for one in known.stories)
    return ThemesPanel(headline(known), how(), week(known), looked_at(known), cards)


def _card(story: Story) -> ThemeCard:
    theme = story.theme
    return ThemeCard(
        title=theme.title,
        trend=name(theme.trend) if theme.trend in TONES else "",
        tone=TONES.get(theme.trend, ""),
        moved=moved(theme),
        size=size(theme),
        quotes=tuple(_quote(one) for one in story.quotes),
        asked=open_questions(theme) if story.waiting else "",
        asked_href=href_of(story.waiting[0]) if story.waiting else "",
    )


def _quote(saying: Saying) -> ThemeQuote:
    return ThemeQuote(face_of(saying.person_id, saying.name or _("不知道是谁")), saying.words, href_of(saying))
