"""What is known about communities and groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from qunying.communities.models import Account, CapabilityChoice, Community, Group, Pause, Staff
from qunying.kernel.hours import QuietHours
from qunying.kernel.scene import Mode
from qunying.store.rows import among, read, select


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Where a carrier's group belongs with us."""

    group_id: int
    community_id: int


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """A group with what it takes from its community."""

    id: int
    ref: str
    carrier: str
    name: str
    community_id: int
    community: str
    language: str
    quiet: QuietHours
    account_ref: str
    has_rules: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The community's time zone: days and hours are counted in it."""
        return self.quiet.zone


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One line of the official roster."""

    community_id: int
    carrier: str
    ref: str
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen for one capability: the mode in force, the settings layers from community to group."""

    mode: Mode
    layers: tuple[dict[str, Any], ...]


def places_of_groups(carrier: str, refs: Collection[str]) -> dict[str, GroupPlace]:
    """Our ids for a carrier's group references; unknown references are absent."""
    wanted = [(carrier, ref) for ref in refs]
    found = select(Group, ["ref", "id", "community_id"], ["carrier", "ref"], wanted)
    return {ref: GroupPlace(group_id, community_id) for ref, group_id, community_id in found}


def find_only_community(carrier: str) -> int | None:
    """The community that has groups on this carrier, where it is the only one."""
    ids = list_communities_on(carrier)
    return ids[0] if len(ids) == 1 else None


def list_communities_on(carrier: str) -> list[int]:
    """The communities that have groups on this carrier and stay, oldest first."""
    staying = Group.objects.filter(carrier=carrier, community__leaving_since=None)
    ids = staying.order_by("community_id").values_list("community_id", flat=True)
    return list(ids.distinct())


def infos_of_groups(ids: Iterable[int]) -> dict[int, GroupInfo]:
    """These groups with what they take from their communities and accounts, in three queries."""
    columns = ["id", "ref", "carrier", "carrier_name", "remark", "community_id", "account_id"]
    lines = select(Group, columns, ["id"], [(pk,) for pk in ids])
    communities = Community.objects.in_bulk({line[5] for line in lines})
    accounts = dict(Account.objects.filter(pk__in={line[6] for line in lines if line[6]}).values_list("pk", "ref"))
    quiet = {pk: _quiet_of(community) for pk, community in communities.items()}
    return {
        pk: GroupInfo(
            id=pk,
            ref=ref,
            carrier=carrier,
            name=remark or carrier_name,
            community_id=community_id,
            community=communities[community_id].name,
            language=communities[community_id].language,
            quiet=quiet[community_id],
            account_ref=accounts.get(account_id, ""),
            has_rules=communities[community_id].has_rules,
        )
        for pk, ref, carrier, carrier_name, remark, community_id, account_id in lines
    }


def info_of(group: Group) -> GroupInfo:
    """A group row (with its community) as the frozen value that others work with."""
    community = group.community
    return GroupInfo(
        id=group.pk,
        ref=group.ref,
        carrier=group.carrier,
        name=group.shown_name,
        community_id=community.pk,
        community=community.name,
        language=community.language,
        quiet=_quiet_of(community),
        account_ref=group.account.ref if group.account else "",
        has_rules=community.has_rules,
    )


def _quiet_of(community: Community) -> QuietHours:
    return QuietHours(ZoneInfo(community.timezone), community.quiet_from, community.quiet_to)


def staff_of(community_ids: Collection[int]) -> dict[int, list[StaffLine]]:
    """The official roster per community, in order of entry."""
    found: dict[int, list[StaffLine]] = defaultdict(list)
    rows = Staff.objects.filter(community__in=community_ids).order_by("id")
    for line in rows.values_list("community_id", "carrier", "ref", "name", "duty"):
        found[line[0]].append(StaffLine(*line))
    return found


def choices_of(groups: Sequence[GroupInfo]) -> dict[tuple[int, str], Choices]:
    """Per (group id, capability): what was chosen, in three queries. Capabilities nobody chose anything for are absent."""
    ids = [(group.id,) for group in groups]
    of_groups = [pk for (pk,) in select(CapabilityChoice, ["id"], ["group_id"], ids)]
    of_all = Q(community__in={group.community_id for group in groups}, group=None)
    choices = CapabilityChoice.objects.filter(Q(pk__in=among(of_groups)) | of_all)
    of_community: dict[tuple[int, str], CapabilityChoice] = {}
    of_group: dict[tuple[int, str], CapabilityChoice] = {}
    for row in choices:
        if row.group_id is None:
            of_community[(row.community_id, row.capability)] = row
        else:
            of_group[(row.group_id, row.capability)] = row
    shared: dict[int, dict[str, Choices]] = defaultdict(dict)  # the very same values for groups that chose nothing
    for (community_id, name), row in of_community.items():
        shared[community_id][name] = _merged(row)
    found = {(group.id, name): one for group in groups for name, one in shared[group.community_id].items()}
    homes = {group.id: group.community_id for group in groups}
    for (group_id, name), own in of_group.items():
        home = of_community.get((homes[group_id], name))
        found[(group_id, name)] = _merged(home, own) if home else _merged(own)
    return found


def _merged(*layers: CapabilityChoice) -> Choices:
    modes = [layer.mode for layer in layers if layer.mode]
    return Choices(Mode(modes[-1]) if modes else Mode.OBSERVE, tuple(layer.settings for layer in layers))


def paused_communities() -> set[int | None]:
    """Communities whose sending is stopped; None among them means everybody's."""
    return set(Pause.objects.values_list("community_id", flat=True))


def get_community(community_id: int) -> Community:
    """That community. Raises ``Community.DoesNotExist``."""
    return Community.objects.get(pk=community_id)


def get_group_names(group_ids: Iterable[int]) -> dict[int, str]:
    """How these groups are called, by us where we have a name for them, in one query; in the order of their coming."""
    named = Group.objects.filter(pk__in=set(group_ids)).order_by("id").values_list("pk", "remark", "carrier_name")
    return {pk: remark or carrier_name for pk, remark, carrier_name in named}


def find_group_by_name(name: str) -> GroupInfo | None:
    """The group of that remark or carrier name; None when there is none. Our remark goes before the carrier's name."""
    if not name:
        return None
    groups = Group.objects.select_related("community", "account").order_by("id")
    group = groups.filter(remark=name).first() or groups.filter(carrier_name=name).first()
    return info_of(group) if group else None


def list_groups_named(name: str) -> list[GroupInfo]:
    """The group of that name, or, where an import of several chats made ``NAME / chat``, all of those."""
    exact = find_group_by_name(name)
    if exact is not None:
        return [exact]
    family = Group.objects.filter(carrier_name__startswith=f"{name} / ").select_related("community", "account")
    return [info_of(group) for group in family.order_by("id")]


def find_community_by_name(name: str) -> int | None:
    """The id of the community of that name, None when there is none."""
    return Community.objects.filter(name=name).values_list("pk", flat=True).first()


def list_carriers_of(community_id: int) -> list[str]:
    """The carriers that this community has groups on."""
    return sorted(set(Group.objects.filter(community=community_id).values_list("carrier", flat=True)))


def count_groups_of(community_ids: Collection[int] | None) -> int:
    """Groups of these communities; None means of all."""
    groups = Group.objects.all() if community_ids is None else Group.objects.filter(community__in=community_ids)
    return groups.count()


def demo_communities() -> list[int]:
    """The communities of the demo, as long as nobody said that it shall go."""
    return list(Community.objects.filter(is_demo=True, leaving_since=None).values_list("pk", flat=True))


def list_leaving_communities() -> list[int]:
    """The communities that are being removed."""
    return list(Community.objects.exclude(leaving_since=None).order_by("id").values_list("pk", flat=True))


def list_staying_communities() -> list[int]:
    """All communities but those that are being removed."""
    return list(Community.objects.filter(leaving_since=None).order_by("id").values_list("pk", flat=True))


def list_large_communities(groups: int) -> list[int]:
    """The communities that stay and have more than so many groups."""
    sizes = Group.objects.filter(community__leaving_since=None).order_by("community_id").values("community_id")
    large = sizes.annotate(groups=Count("id")).filter(groups__gt=groups)
    return list(large.values_list("community_id", flat=True))


def refs_of_groups(community_ids: Collection[int]) -> list[str]:
    """The carrier references of these communities' groups."""
    return list(Group.objects.filter(community__in=community_ids).values_list("ref", flat=True))


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """A group as those who count need it: its names, its community, the zone its days are cut in.

    ``until``: what was there from then on belongs to another group, which goes on with this one's history.
    """

    id: int
    name: str
    community_id: int
    community: str
    timezone: str
    until: datetime | None = None


def list_counted_groups(
    *, group_ids: Collection[int] | None = None, community_ids: Collection[int] | None = None
) -> list[CountedGroup]:
    """These groups, or those of these communities, or (nothing given) all that stay, by id. One query however many there are."""
    groups = Group.objects.filter(community__leaving_since=None).order_by("id")
    if group_ids is not None:
        groups = groups.filter(pk__in=group_ids)
    if community_ids is not None:
        groups = groups.filter(community__in=community_ids)
    rows = groups.values_list("id", "remark", "carrier_name", "community_id", "community__name", "community__timezone")
    return [CountedGroup(pk, remark or name, home, title, zone) for pk, remark, name, home, title, zone in rows]


class GroupKind(NamedTuple):
    """Where a group belongs: its community, and what its remark says of city and industry."""

    community_id: int
    city: str
    industry: str


def list_group_kinds(community_ids: Collection[int] | None) -> dict[int, GroupKind]:
    """Where every group of these communities (None: of all that stay) belongs, by id, in one query."""
    groups = Group.objects.filter(community__leaving_since=None)
    if community_ids is not None:
        groups = groups.filter(community__in=community_ids)
    rows = groups.values_list("pk", "community_id", "city", "industry")
    return {pk: GroupKind(home, city, industry) for pk, home, city, industry in rows}


@dataclass(frozen=True, slots=True)
class CountedHome:
    """A community as those who count need it: its name, and the zone its days are cut in."""

    id: int
    name: str
    timezone: str


def list_counted_homes(community_ids: Collection[int] | None = None) -> list[CountedHome]:
    """These communities, or all that stay, by id; also those without a group."""
    homes = Community.objects.filter(leaving_since=None).order_by("id")
    if community_ids is not None:
        homes = homes.filter(pk__in=community_ids)
    return [CountedHome(*row) for row in homes.values_list("id", "name", "timezone")]


def find_counted_group(named: str, community_ids: Collection[int]) -> CountedGroup | None:
    """The group of these communities with that number or that name, the oldest where several are called so."""
    name_or_id = Q(remark=named) | Q(remark="", carrier_name=named)
    if named.isdecimal() and len(named) < 19:  # longer ones are no ids: they do not fit into one
        name_or_id |= Q(pk=int(named))
    groups = Group.objects.filter(name_or_id, community__in=community_ids).order_by("id")
    ids = groups.values_list("pk", flat=True)[:1]
    return next(iter(list_counted_groups(group_ids=list(ids))), None)


def list_group_ids(community_ids: Collection[int]) -> list[int]:
    """The ids of all groups of these communities."""
    return list(Group.objects.filter(community__in=community_ids).values_list("pk", flat=True))


def list_group_and_community_names() -> tuple[list[str], list[str]]:
    """All names groups are known by, and all names of communities: to say which ones somebody may have meant."""
    names = {name for pair in Group.objects.values_list("remark", "carrier_name") for name in pair if name}
    return sorted(names), sorted(Community.objects.values_list("name", flat=True))


def list_community_names(ids: Collection[int | None]) -> dict[int, str]:
    """What these communities are called; unknown ones are absent."""
    known = [pk for pk in ids if pk is not None]
    return dict(Community.objects.filter(pk__in=known).values_list("pk", "name")) if known else {}


def count_communities() -> int:
    """All communities, the demo's too."""
    return Community.objects.count()


class GroupLine(NamedTuple):
    """A group as lists show it: what we noted about it, where it is, whether it can be spoken in.

    A tuple, because lists read thousands of them at once.
    """

    id: int
    remark: str
    carrier_name: str
    carrier: str
    community_id: int
    community: str
    city: str
    industry: str
    weight: int
    capacity: int
    is_folded: bool
    company: str = ""
    noted_on: date | None = None
    note: str = ""
    tags: str = ""
    importance: int = 0
    rule_set: str = ""
    ref: str = ""

    @property
    def name(self) -> str:
        """Our remark where there is one, else the carrier's name."""
        return self.remark or self.carrier_name

    @property
    def tag_list(self) -> list[str]:
        """The tags one by one."""
        return self.tags.split()


_LINE = tuple("community_id" if name == "community" else name for name in GroupLine._fields)


def list_group_lines(community_ids: Collection[int]) -> list[GroupLine]:
    """Every group of these communities, by importance, weight, then name; two queries."""
    homes = list_community_names(community_ids)
    if not homes:
        return []
    groups = Group.objects.filter(community__in=community_ids)
    place = GroupLine._fields.index("community")
    lines = [GroupLine._make((*row[:place], homes[row[place]], *row[place + 1 :])) for row in read(groups, _LINE)]
    return sorted(lines, key=lambda line: (-line.importance, -line.weight, line.remark or line.carrier_name, line.id))


def list_capacities_of(community_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """(group, community, how many it may hold) of every group of these communities, in no order."""
    rows = read(Group.objects.filter(community__in=community_ids).order_by(), ("pk", "community_id", "capacity"))
    return [(group, home, capacity) for group, home, capacity in rows]


@dataclass(frozen=True, slots=True)
class Layer:
    """What one community or one group chose for a capability; an empty mode means: nothing chosen here."""

    mode: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


def layers_of_group(community_id: int, group_id: int) -> tuple[dict[str, Layer], dict[str, Layer]]:
    """Per capability what the community chose, and what the group itself chose; in one query."""
    rows = CapabilityChoice.objects.filter(Q(group=group_id) | Q(community=community_id, group=None))
    of_community: dict[str, Layer] = {}
    of_group: dict[str, Layer] = {}
    for row in rows:
        layers = of_community if row.group_id is None else of_group
        layers[row.capability] = Layer(row.mode, row.settings)
    return of_community, of_group


def list_groups_to_copy(community_ids: Collection[int] | None, words: str, limit: int) -> list[tuple[int, str, str]]:
    """(group, name, community) of groups whose names hold every word, the weightiest first; None means everywhere."""
    groups = Group.objects.filter(is_folded=False)
    if community_ids is not None:
        groups = groups.filter(community__in=community_ids)
    for word in words.split():
        groups = groups.filter(
            Q(remark__icontains=word) | Q(carrier_name__icontains=word) | Q(community__name__icontains=word)
        )
    rows = groups.order_by("-weight", "id").values_list("id", "remark", "carrier_name", "community__name")
    return [(pk, remark or name, community) for pk, remark, name, community in rows[:limit]]


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of a community's official roster, with its id."""

    id: int
    carrier: str
    ref: str
    name: str
    duty: str


def list_roster(community_id: int) -> list[RosterLine]:
    """The official roster of a community, in order of entry."""
    rows = Staff.objects.filter(community=community_id).order_by("id")
    return [RosterLine(*row) for row in rows.values_list("id", "carrier", "ref", "name", "duty")]


def list_layers_of_communities(community_ids: Collection[int]) -> dict[tuple[int, str], Layer]:
    """Per (community, capability) what the community itself chose; in one query."""
    rows = CapabilityChoice.objects.filter(community__in=community_ids, group=None)
    return {(row.community_id, row.capability): Layer(row.mode, row.settings) for row in rows}


def list_layers_of_groups(community_id: int, capability: str) -> dict[int, Layer]:
    """What groups of a community chose for themselves of one capability, by group; in one query."""
    rows = CapabilityChoice.objects.filter(community=community_id, capability=capability, group__isnull=False)
    return {row.group_id: Layer(row.mode, row.settings) for row in rows if row.group_id is not None}


def count_groups_by_community(community_ids: Collection[int]) -> dict[int, int]:
    """How many groups each of these communities has; those without are absent."""
    rows = Group.objects.filter(community__in=community_ids).order_by().values("community_id").annotate(n=Count("pk"))
    return dict(rows.values_list("community_id", "n"))


def list_pauses() -> dict[int | None, tuple[datetime, int | None]]:
    """Stop switches that are on: per community (None: everybody) since when and by whom."""
    return {row.community_id: (row.since, row.by_id) for row in Pause.objects.all()}


def list_first_groups(community_ids: Collection[int]) -> dict[int, GroupInfo]:
    """The weightiest group of each of these communities; those without groups are absent."""
    groups = Group.objects.filter(community__in=community_ids).select_related("community", "account")
    return {group.community_id: info_of(group) for group in groups.order_by("weight", "-id")}


def list_carriers_of_groups(community_ids: Collection[int]) -> list[tuple[int, str]]:
    """(group, carrier) of every group of these communities."""
    return list(Group.objects.filter(community__in=community_ids).order_by("id").values_list("id", "carrier"))


def list_community_zones(community_ids: Collection[int] | None = None) -> dict[int, str]:
    """The time zones of these communities, or (None) of all that stay."""
    communities = Community.objects.filter(leaving_since=None).order_by("id")
    if community_ids is not None:
        communities = communities.filter(pk__in=community_ids)
    return dict(communities.values_list("pk", "timezone"))
