"""Small sentences about members, moves and messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from qunying.console.group.items import Snippet
from qunying.people.seats import SeatLine
from qunying.ui.charts import day_name
from qunying.ui.dates import tell_date

NEW_FOR = timedelta(days=7)
MEDIA_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "image": gettext_noop("图片"),
        "voice": gettext_noop("语音"),
        "video": gettext_noop("视频"),
        "sticker": gettext_noop("表情"),
        "file": gettext_noop("文件"),
        "link": gettext_noop("链接"),
        "card": gettext_noop("名片"),
        "location": gettext_noop("位置"),
        "call": gettext_noop("通话"),
        "poll": gettext_noop("投票"),
        "system": gettext_noop("系统提示"),
    }
)


def tell_media(kind: str) -> str:
    """What was sent besides words."""
    return _(MEDIA_WORDS[kind]) if kind in MEDIA_WORDS else kind


def tell_standing(seat: SeatLine, at: datetime) -> tuple[str, str]:
    """A chip beside a name and its tone: colleague, program, newcomer, gone; nothing for everybody else."""
    if seat.is_bot:
        return _("机器人"), "plain"
    if seat.role in {"owner", "admin"}:
        return (_("群主") if seat.role == "owner" else _("管理员")), "teal"
    if not seat.is_present:
        return _("已离开"), "plain"
    if seat.joined_at and timedelta(0) <= at - seat.joined_at < NEW_FOR:
        days = (at - seat.joined_at).days
        return (_("新人 %(n)d 天") % {"n": days} if days else _("今天进群")), "plain"
    return "", ""


def tell_day(at: datetime, now: datetime) -> str:
    """«今天», «昨天», «11 月 20 日 周五» in the active time zone."""
    local, here = timezone.localtime(at), timezone.localtime(now)
    days = (here.date() - local.date()).days
    if days in {0, 1}:
        return _("今天") if days == 0 else _("昨天")
    if local.year == here.year:
        return f"{tell_date(local, pgettext('date format', 'n 月 j 日'))} {day_name(local.weekday())}"
    return tell_date(local, pgettext("date format", "Y 年 n 月 j 日"))


def marked(text: str, words: str) -> tuple[Snippet, ...]:
    """The text cut up so that every occurrence of one of the words can be marked; letters' case does not matter."""
    wanted = [re.escape(word) for word in words.split()]
    if not wanted or not text:
        return (Snippet(text),) if text else ()
    parts = re.split(f"({'|'.join(sorted(wanted, key=len, reverse=True))})", text, flags=re.IGNORECASE)
    return tuple(Snippet(part, is_hit=place % 2 == 1) for place, part in enumerate(parts) if part)


def person_href(seat: SeatLine | None) -> str:
    """The page of the person behind a membership; empty where there is none."""
    if seat is None or not seat.person_id:
        return ""
    try:
        return reverse("console:person", args=[seat.person_id])
    except NoReverseMatch:  # the screen was taken out
        return ""


def cut_up(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Snippet, ...]:
    """The text cut up so that these parts of it are marked."""
    parts, end = list[Snippet](), 0
    for start, stop in sorted(spans):
        if stop <= max(start, end):
            continue
        parts += [Snippet(text[end : max(start, end)]), Snippet(text[max(start, end) : stop], is_hit=True)]
        end = stop
    parts.append(Snippet(text[end:]))
    return tuple(part for part in parts if part.text)
