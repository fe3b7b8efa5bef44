"""Sets the scene of a batch: the groups with their modes and settings, and everybody the events name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qunying.communities.queries import Choices, GroupInfo, StaffLine, choices_of, infos_of_groups, staff_of
from qunying.communities.queries_rules import rules_in_force
from qunying.kernel import clock
from qunying.kernel.capability import Capability, resolve_settings, still_known
from qunying.kernel.events import (
    CardChanged,
    Event,
    GroupSeen,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    MuteChanged,
    PictureRead,
    Who,
)
from qunying.kernel.scene import GroupScene, Member, Mode, RuleInForce, Scene
from qunying.outbox.queries import last_replies
from qunying.people.actions import Account, Known, Seat, SeatNews, do_know, do_rename, do_seat

PRIVATE_CARRIER = "sandbox"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody an event names, and whether that makes them a member of its group."""

    who: Who
    sits: bool
    is_present: bool = True


def set_scene(events: Sequence[Event], roster: Sequence[Capability]) -> Scene:
    """Everything the pure part of the story needs, with a bounded number of queries. Strangers get an identity here."""
    groups = infos_of_groups(event.group_id for event in events if event.group_id is not None)
    staff = staff_of({group.community_id for group in groups.values()})
    scenes = scenes_of(list(groups.values()), staff, roster)
    return Scene(scenes, _meet(events, groups, staff), last_replies(groups))


def scenes_of(
    groups: Sequence[GroupInfo], staff: Mapping[int, Sequence[StaffLine]], roster: Sequence[Capability]
) -> dict[int, GroupScene]:
    """Groups as capabilities see them, each with its resolved modes and settings."""
    choices, resolved = choices_of(groups), _Resolved(roster)
    rules = rules_in_force({group.community_id for group in groups if group.has_rules})
    names = {
        home: tuple(dict.fromkeys(line.name for line in lines)) for home, lines in staff.items()
    }  # two may have one
    return {
        group.id: _scene_of(
            group,
            names.get(group.community_id, ()),
            rules.get(group.community_id, ()),
            *resolved.of([choices.get((group.id, capability.name)) for capability in roster]),
        )
        for group in groups
    }


class _Resolved:
    """Modes and settings, resolved once for all groups that share the very same choices: most have nothing of their own."""

    def __init__(self, roster: Sequence[Capability]) -> None:
        self._roster = roster
        self._known: dict[tuple[int, ...], tuple[dict[str, Mode], dict[str, Any]]] = {}

    def of(self, chosen: Sequence[Choices | None]) -> tuple[dict[str, Mode], dict[str, Any]]:
        """By capability; ``chosen`` in the order of the roster, and held by the caller as long as this lives."""
        key = tuple(map(id, chosen))
        if key not in self._known:
            pairs = list(zip(self._roster, chosen, strict=True))
            modes = {capability.name: choice.mode for capability, choice in pairs if choice}
            self._known[key] = modes, {each.name: _settings(each, choice) for each, choice in pairs}
        return self._known[key]


def _settings(capability: Capability, choice: Choices | None) -> Any:
    layers = choice.layers if choice else ()
    return resolve_settings(capability.settings, *(still_known(capability.settings, one) for one in layers))


def _scene_of(
    group: GroupInfo,
    staff_names: tuple[str, ...],
    rules: tuple[RuleInForce, ...],
    modes: Mapping[str, Mode],
    settings: Mapping[str, Any],
) -> GroupScene:
    return GroupScene(
        id=group.id,
        ref=group.ref,
        carrier=group.carrier,
        community_id=group.community_id,
        name=group.name,
        language=group.language,
        quiet=group.quiet,
        staff_names=staff_names,
        modes=modes,
        settings=settings,
        rules=rules,
    )


def _meet(
    events: Sequence[Event], groups: Mapping[int, GroupInfo], staff: Mapping[int, Sequence[StaffLine]]
) -> dict[tuple[int, str], Member]:
    """Everybody named, by group and reference; how somebody stands before the batch is told by their first event."""
    mentions = [(event, mention) for event in events for mention in people_in(event)]
    named = _first_mentions(mentions)
    accounts = {key: Account(_carrier(groups, event), key[1]) for key, (event, _) in named.items()}
    known = do_know(_first_names(named, accounts), clock.now())
    seats = {
        Seat(key[0], known[accounts[key]].id): _news(event, mention, known[accounts[key]])
        for key, (event, mention) in named.items()
        if mention.sits and key[0]
    }
    memberships = do_seat(seats)
    do_rename(_new_names(mentions, groups, known))
    official = {(line.community_id, line.carrier, line.ref) for lines in staff.values() for line in lines}
    members = {}
    for key, (event, mention) in named.items():
        who = known[accounts[key]]
        row = memberships.get(Seat(key[0], who.id))
        members[key] = Member(
            identity_id=who.id,
            ref=key[1],
            name=mention.who.name or who.name,
            card=row.card if row else mention.who.card,
            role=(row.role if row else "") or mention.who.role or "member",
            is_present=row.is_present if row else False,
            is_official=(event.community_id, *accounts[key]) in official,
            joined_at=row.joined_at if row else None,
            messages=row.messages if row else 0,
        )
    return members


def _first_mentions(mentions: Iterable[tuple[Event, Mention]]) -> dict[tuple[int, str], tuple[Event, Mention]]:
    """Per group and reference the first event that gives somebody a seat, else the first that names them."""
    named: dict[tuple[int, str], tuple[Event, Mention]] = {}
    for event, mention in mentions:
        key = (event.group_id or 0, mention.who.ref)
        if key not in named or (mention.sits and not named[key][1].sits):
            named[key] = (event, mention)
    return named


def _first_names(
    named: Mapping[tuple[int, str], tuple[Event, Mention]], accounts: Mapping[tuple[int, str], Account]
) -> dict[Account, str]:
    names: dict[Account, str] = {}
    for key, (_, mention) in named.items():
        names[accounts[key]] = names.get(accounts[key]) or mention.who.name
    return names


def _new_names(
    mentions: Iterable[tuple[Event, Mention]], groups: Mapping[int, GroupInfo], known: Mapping[Account, Known]
) -> dict[int, str]:
    """What those are called at the end of the batch who gave themselves another name on the way."""
    last: dict[Account, str] = {}
    for event, mention in mentions:
        if mention.who.name:
            last[Account(_carrier(groups, event), mention.who.ref)] = mention.who.name
    return {known[account].id: name for account, name in last.items() if name[:200] != known[account].name}


def _carrier(groups: Mapping[int, GroupInfo], event: Event) -> str:
    group = groups.get(event.group_id or 0)
    return group.carrier if group else event.carrier or PRIVATE_CARRIER


def _news(event: Event, mention: Mention, who: Known) -> SeatNews:
    words = mention.who
    return SeatNews(event.community_id, words.name or who.name, words.card, words.role, mention.is_present)


def people_in(event: Event) -> tuple[Mention, ...]:
    """Everybody an event names. Speaking, coming and going need a seat in the group; being mentioned does not."""
    match event:
        case MessageReceived(is_private=True):
            return (Mention(event.sender, sits=False),)
        case MessageReceived():
            return (Mention(event.sender, sits=not event.is_own), *(Mention(who, sits=False) for who in event.mentions))
        case MessageEdited():
            return (Mention(event.sender, sits=True),)
        case PictureRead():  # the name is ours, from when it was looked at: no news
            return (Mention(Who(event.sender.ref), sits=True),)
        case MessageRecalled():
            return (Mention(event.by, sits=False),) if event.by else ()
        case MemberJoined():
            others = (Mention(event.inviter, sits=False),) if event.inviter else ()
            return (Mention(event.member, sits=True, is_present=False), *others)
        case MemberLeft():
            others = (Mention(event.operator, sits=False),) if event.operator else ()
            return (Mention(event.member, sits=True), *others)
        case CardChanged():
            return (Mention(event.member, sits=True),)
        case GroupSeen(members=members):
            return tuple(Mention(who, sits=True, is_present=False) for who in members or ())
        case JoinRequested():
            return (Mention(event.member, sits=False),)
        case MuteChanged():
            others = (Mention(event.operator, sits=False),) if event.operator else ()
            return (Mention(event.member, sits=True), *others) if event.member else others
        case _:
            return ()
