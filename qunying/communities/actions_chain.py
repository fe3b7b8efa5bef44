"""Changes a community's operating chain; every change can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qunying.communities.chains import MOST_LINKS, LinkDraft, check_link, get_ready
from qunying.communities.models import ChainLink, ChainVersion, Community
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark

VERSIONS_KEPT = 50
_FIELDS = ("kind", "name", "count_by", "unit", "is_ours")
Edit = Callable[[list[ChainLink]], list[ChainLink]]


def do_lay_chain(community_id: int, purpose: str, *, at: datetime, actor: str) -> None:
    """The ready-made chain of that purpose takes the place of the present one. Raises ``BadUse`` where there is none."""
    drafts = get_ready(purpose).links
    _do_edit(community_id, "laid", at, actor, lambda _links: [_fresh(community_id, draft) for draft in drafts])


def do_add_link(community_id: int, draft: LinkDraft, *, at: datetime, actor: str) -> None:
    """One more link at the end. Raises ``BadUse`` for what cannot be one, and where there are twelve already."""
    checked = check_link(draft)

    def add(links: list[ChainLink]) -> list[ChainLink]:
        link = _fresh(community_id, checked)
        return _with_one_place([*links, link], link)

    _do_edit(community_id, "added", at, actor, add)


def do_change_link(community_id: int, link_id: int, draft: LinkDraft, *, at: datetime, actor: str) -> bool:
    """That link is now as the draft says; False where nothing is new. Raises ``BadUse``, also where it is not there."""
    checked = check_link(draft)

    def change(links: list[ChainLink]) -> list[ChainLink]:
        link = links[_index(links, link_id)]
        _fill(link, {name: getattr(checked, name) for name in _FIELDS})
        return _with_one_place(links, link)

    return _do_edit(community_id, "changed", at, actor, change)


def do_move_link(community_id: int, link_id: int, by: int, *, at: datetime, actor: str) -> bool:
    """That link goes so many places on (negative: back), as far as there are places; False where it stays."""

    def move(links: list[ChainLink]) -> list[ChainLink]:
        place = _index(links, link_id)
        link = links.pop(place)
        links.insert(max(0, place + by), link)
        return links

    return _do_edit(community_id, "moved", at, actor, move)


def do_remove_link(community_id: int, link_id: int, *, at: datetime, actor: str) -> None:
    """That link is taken out; its numbers stay, for when that is taken back. Raises ``BadUse`` where it is not there."""

    def remove(links: list[ChainLink]) -> list[ChainLink]:
        del links[_index(links, link_id)]
        return links

    _do_edit(community_id, "removed", at, actor, remove)


def do_take_back_chain(community_id: int, version_id: int, *, at: datetime, actor: str) -> bool:
    """The chain is as it was before its latest change; False where that version is not the latest any more."""
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        version = ChainVersion.objects.filter(community=community_id).order_by("-pk").first()
        if version is None or version.pk != version_id:
            return False
        before = _told(_live(community_id))
        rows = ChainLink.objects.in_bulk([one["id"] for one in version.links])
        links = [_fill(rows[one["id"]], one) for one in version.links]
        _do_write(community_id, links)
        version.delete()
        _do_note("chain.restored", community_id, "restored", at, actor, before, _told(links))
    return True


def _do_edit(community_id: int, what: str, at: datetime, actor: str, edit: Edit) -> bool:
    """Changes the chain under the community's lock, and keeps how it was; False where it stays the same."""
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community_id)
        before = _told(_live(community_id))
        links = edit(_live(community_id))
        if len(links) > MOST_LINKS:
            raise BadUse(mark("一条运营链最多 %(n)s 个环节，先去掉一个"), n=MOST_LINKS)
        if _told(links) == before:
            return False
        _do_write(community_id, links)
        ChainVersion.objects.create(community_id=community_id, links=before, at=at)
        _do_drop_old_versions(community_id)
        _do_note("chain.changed", community_id, what, at, actor, before, _told(links))
    return True


def _do_write(community_id: int, links: Sequence[ChainLink]) -> None:
    for place, link in enumerate(links, 1):
        link.place, link.is_removed = place, False
        link.save()
    kept = [link.pk for link in links]
    ChainLink.objects.filter(community=community_id).exclude(pk__in=kept).update(is_removed=True)


def _do_drop_old_versions(community_id: int) -> None:
    versions = ChainVersion.objects.filter(community=community_id).order_by("-pk")
    old = list(versions.values_list("pk", flat=True)[VERSIONS_KEPT:])
    ChainVersion.objects.filter(pk__in=old).delete()


def _do_note(
    name: str, community_id: int, what: str, at: datetime, actor: str, before: list[Any], after: list[Any]
) -> None:
    """Names of links are what people wrote: kept apart, because they may name somebody."""
    fact = Fact(
        name=name,
        at=at,
        community_id=community_id,
        actor=actor,
        key=f"{name}:{community_id}:{what}:{ChainVersion.objects.filter(community=community_id).count()}:{at.isoformat()}",
        words={"what": what, "links": len(after), "links_before": len(before)},
        personal={"before": [one["name"] for one in before], "after": [one["name"] for one in after]},
    )
    do_record_facts([fact])


def _live(community_id: int) -> list[ChainLink]:
    return list(ChainLink.objects.filter(community=community_id, is_removed=False).order_by("place", "pk"))


def _with_one_place(links: list[ChainLink], chosen: ChainLink) -> list[ChainLink]:
    """The community stands in one place: where it is the chosen one, in no other."""
    for other in links:
        other.is_ours = other.is_ours and (other is chosen or not chosen.is_ours)
    return links


def _fresh(community_id: int, draft: LinkDraft) -> ChainLink:
    return ChainLink(community_id=community_id, **{name: getattr(draft, name) for name in _FIELDS})


def _fill(link: ChainLink, values: Mapping[str, Any]) -> ChainLink:
    for name in _FIELDS:
        setattr(link, name, values[name])
    return link


def _told(links: Sequence[ChainLink]) -> list[dict[str, Any]]:
    return [{"id": link.pk, **{name: _plain(getattr(link, name)) for name in _FIELDS}} for link in links]


def _plain(value: object) -> object:
    """As JSON holds it: codes as plain text."""
    return value if isinstance(value, bool) else str(value)


def _index(links: Sequence[ChainLink], link_id: int) -> int:
    found = next((place for place, link in enumerate(links) if link.pk == link_id), None)
    if found is None:
        raise BadUse(mark("这个环节已经不在运营链上了，刷新一下再改"))
    return found
