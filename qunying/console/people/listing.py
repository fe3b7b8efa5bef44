"""The members' list: what was chosen, which rows, which page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, npgettext

from qunying.communities.queries import infos_of_groups, list_group_lines
from qunying.console.people.card import tell_fields
from qunying.console.people.choosing import Chosen, Place, read_chosen, segment_options, tag_options, tell_heading
from qunying.console.people.context import Column, MemberRow, Option, PeoplePage, TagChip
from qunying.console.people.words import group_href, tell_source, tell_standing
from qunying.kernel import clock
from qunying.people.cards import fields_of
from qunying.people.roll import ORDERS, PRESENCES, TALKS, RollLine, RollWish, count_roll, list_roll, look_up
from qunying.people.tags import tags_of_people
from qunying.ui.pages import Pages, kept_query, read_page

AT_ONCE = 50
MOST = 10_000
SHEET_AT_ONCE = 2_000
WORDS_AT_MOST = 80
GROUPS_AT_MOST = 300
PRESENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {"present": gettext_noop("还在群里"), "left": gettext_noop("已离开"), "all": gettext_noop("在的和走的")}
)
TALK_WORDS: Mapping[str, str] = MappingProxyType(
    {"": gettext_noop("说没说过都要"), "spoke": gettext_noop("说过话"), "never": gettext_noop("没说过话")}
)
ORDER_WORDS: Mapping[str, str] = MappingProxyType(
    {"talk": gettext_noop("说过（条）"), "spoke": gettext_noop("最近说话"), "joined": gettext_noop("进群")}
)


def show_people(query: QueryDict, place: Place) -> PeoplePage:
    """The page for these choices. Raises ``Http404`` for a tag or a segment that is not within reach."""
    now, homes = clock.now(), place.homes
    picked = read_chosen(_asked(query), place, now)
    wish = look_up(_wish(query, place, picked))
    total = count_roll(wish, at_most=MOST + 1)
    pages = Pages(
        read_page(query.get("page"), -(-min(total, MOST) // AT_ONCE)),
        AT_ONCE,
        min(total, MOST),
        _("行以上") if total > MOST else npgettext("members", "行", "行", total),
        kept_query(dict(query.lists())),
    )
    lines = list_roll(wish, start=(pages.current - 1) * AT_ONCE, limit=AT_ONCE)
    chosen = query.get("community", "")
    return PeoplePage(
        title=tell_heading(picked),
        error=picked.why,
        tags=tag_options(place, picked.tag),
        segments=segment_options(place, picked.segment),
        kept_query=urlencode({key: value for key, value in _asked(query).items() if key != "page"}),
        sought=wish.words,
        communities=[
            Option("", _("所有社群"), not chosen),
            *(Option(str(pk), name, str(pk) == chosen) for pk, name in homes),
        ],
        groups=_groups(wish, _community(query, homes)),
        presences=[Option(key, _(words), key == wish.presence) for key, words in PRESENCE_WORDS.items()],
        talks=[Option(key, _(words), key == wish.talk) for key, words in TALK_WORDS.items()],
        order=wish.order,
        columns=[_column(query, key, wish.order) for key in ORDER_WORDS],
        rows=_rows(lines, place, now),
        pages=pages,
        most=MOST,
        is_more=total > MOST,
        is_filtered=_is_filtered(wish, chosen),
        can_decide=place.can_decide,
    )


def list_people_chosen(query: QueryDict, place: Place) -> list[int]:
    """The people of the lines these choices give, each once, as far as the pages reach."""
    wish = look_up(_wish(query, place, read_chosen(_asked(query), place, clock.now())))
    return list(dict.fromkeys(line.person_id for line in list_roll(wish, start=0, limit=MOST)))


def list_cells(query: QueryDict, place: Place) -> Iterator[tuple[object, ...]]:
    """The lines these choices give as cells of ``columns_of_sheet``, as many as the pages have."""
    wish = look_up(_wish(query, place, read_chosen(_asked(query), place, clock.now())))
    for start in range(0, MOST, SHEET_AT_ONCE):
        lines = list_roll(wish, start=start, limit=SHEET_AT_ONCE)
        groups = infos_of_groups({line.group_id for line in lines})
        for line in lines:
            yield (
                line.person_id,
                line.name,
                line.card,
                groups[line.group_id].name,
                groups[line.group_id].community,
                tell_standing(line)[0],
                line.messages,
                line.last_spoke_at,
                line.joined_at,
                line.left_at,
                tell_source(line.via),
                line.inviter,
            )
        if len(lines) < SHEET_AT_ONCE:
            return


def columns_of_sheet() -> tuple[str, ...]:
    """What stands above ``list_cells``."""
    return (
        "id",
        _("成员"),
        _("群名片"),
        _("群"),
        _("社群"),
        _("身份"),
        _("说过（条）"),
        _("最近说话"),
        _("进群"),
        _("离开"),
        _("怎么来的"),
        _("谁带来的"),
    )


def _asked(query: QueryDict) -> dict[str, str]:
    return {key: value for key, value in query.dict().items() if isinstance(value, str) and value}


def _wish(query: QueryDict, place: Place, picked: Chosen) -> RollWish:
    """Anything else that is unreadable or out of reach falls back to everything."""
    community = _community(query, place.homes)
    group = query.get("group", "")
    return RollWish(
        people=picked.people,
        community_ids=place.community_ids if community is None else [community],
        group_id=int(group) if community is not None and group.isdecimal() and len(group) < 18 else None,
        presence=_one_of(PRESENCES, query.get("presence"), "present"),
        talk=_one_of(TALKS, query.get("talk"), ""),
        words=query.get("q", "").strip()[:WORDS_AT_MOST],
        order=_one_of(ORDERS, query.get("sort"), "talk"),
    )


def _community(query: QueryDict, homes: Sequence[tuple[int, str]]) -> int | None:
    """The chosen community; where there is only one it needs no choosing."""
    known = {str(pk): pk for pk, _name in homes}
    return homes[0][0] if len(homes) == 1 else known.get(query.get("community", ""))


def _one_of(known: Collection[str], wanted: str | None, otherwise: str) -> str:
    return wanted if wanted is not None and wanted in known else otherwise


def _groups(wish: RollWish, community: int | None) -> list[Option]:
    """Groups can be chosen once the community is: three thousand in one list help nobody."""
    if community is None:
        return []
    lines = list_group_lines([community])
    lines = [line for place, line in enumerate(lines) if place < GROUPS_AT_MOST or line.id == wish.group_id]
    offered = [Option(str(one.id), one.name, one.id == wish.group_id) for one in lines]
    return [Option("", _("所有群"), wish.group_id is None), *offered]


def _is_filtered(wish: RollWish, community: str) -> bool:
    return (
        bool(community or wish.words or wish.group_id or wish.talk or wish.people is not None)
        or wish.presence != "present"
    )


def _column(query: QueryDict, key: str, chosen: str) -> Column:
    kept = {name: value for name, value in query.items() if name not in {"page", "sort"} and value}
    return Column(_(ORDER_WORDS[key]), f"?{urlencode({**kept, 'sort': key})}", key == chosen)


def _rows(lines: Sequence[RollLine], place: Place, now: datetime) -> list[MemberRow]:
    tags = tags_of_people({line.person_id for line in lines}, place.ids, now) if place.tags else {}
    groups = infos_of_groups({line.group_id for line in lines})
    fields = fields_of(line.id for line in lines)
    rows = []
    for line in lines:
        chip, tone = tell_standing(line)
        rows.append(
            MemberRow(
                person_id=line.person_id,
                face_key=line.person_id,
                name=line.name,
                card=line.card,
                fields=tell_fields(fields.get(line.id, ())),
                group=groups[line.group_id].name,
                group_href=group_href(line.group_id),
                chip=chip,
                tone=tone,
                messages=line.messages,
                last_at=line.last_spoke_at,
                joined_at=line.joined_at,
                tags=[TagChip(name, f"?tag={pk}") for pk, name in tags.get(line.person_id, ())],
            )
        )
    return rows
