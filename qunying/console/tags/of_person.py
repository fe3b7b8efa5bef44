"""The tags and layers on a person's page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.communities.access import Reach
from qunying.communities.queries import GroupInfo
from qunying.communities.sign_ins import names_of_users
from qunying.console.tags.context import BorneRow, LayerRow, PersonTags
from qunying.insights.words_of_layers import layer_named
from qunying.kernel import clock
from qunying.people.layers import WHOLE, layers_of_person
from qunying.people.tags import list_tags, list_tags_of_person

LAYERS_AT_MOST = 20
HOW_WORDS = MappingProxyType(
    {
        "hand": gettext_noop("手动打的"),
        "segment": gettext_noop("按人群打的"),
        "import": gettext_noop("从文件打的"),
        "answer": gettext_noop("按问卷打的"),
    }
)


def read_person_tags(
    person_id: int, home_ids: Collection[int], community_ids: Collection[int] | None, may_change: Reach
) -> PersonTags:
    """What that person bears and bore within reach, and what they can be given; ``home_ids`` are where they sit."""
    now = clock.now()
    borne = list_tags_of_person(person_id, community_ids)
    names = names_of_users({one.by_id for one in borne if one.by_id})
    rows = [
        BorneRow(
            id=one.tag_id,
            name=one.name,
            how=_(HOW_WORDS[one.how]) if one.how in HOW_WORDS else one.how,
            by=names.get(one.by_id or 0, ""),
            given_at=one.given_at,
            ends_at=one.taken_at or one.expires_at,
            is_over=not one.holds(now),
            can_take=one.holds(now) and _covers(may_change, one.community_id),
        )
        for one in borne
    ]
    held = {row.id for row in rows if not row.is_over}
    offered = [
        (one.id, one.name)
        for one in list_tags(home_ids, now)
        if one.id not in held and _covers(may_change, one.community_id)
    ]
    return PersonTags(rows, offered)


def _covers(reach: Reach, community_id: int | None) -> bool:
    return reach.is_everywhere if community_id is None else reach.covers(community_id)


def read_layers(
    person_id: int, community_ids: Collection[int] | None, groups: Mapping[int, GroupInfo]
) -> list[LayerRow]:
    """Where they stand in each community and each of their groups."""
    homes = {group.community_id: group.community for group in groups.values()}
    found = layers_of_person(person_id, community_ids)
    return [
        LayerRow(_("整个「%(name)s」") % {"name": homes[one.community_id]}, layer_named(one.layer), one.since)
        if one.group_id == WHOLE
        else LayerRow(groups[one.group_id].name, layer_named(one.layer), one.since)
        for one in found[:LAYERS_AT_MOST]
        if one.group_id in groups or (one.group_id == WHOLE and one.community_id in homes)
    ]
