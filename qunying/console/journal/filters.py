"""What an address asks the journal for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.communities.access import Permission, access_group, reach_of, visible_communities
from qunying.console.journal.context import Filters
from qunying.console.journal.words import ACTORS, TITLES
from qunying.console.outbox.context import Option
from qunying.journal.listing import FactWish
from qunying.people.queries import list_identities_found

FOUND_AT_MOST = 300


def read_wish(request: HttpRequest) -> FactWish:
    """The facts asked for, within this person's reach; values nobody knows count as not given."""
    said = request.GET
    reach = reach_of(request.user, Permission.READ)
    ids = reach.ids
    wanted = said.get("community", "")
    if wanted.isdecimal() and reach.covers(int(wanted)):
        ids = frozenset({int(wanted)})
    group = access_group(request.user, int(said["group"])) if said.get("group", "").isdecimal() else None
    day = read_day(said.get("day", ""))
    begins = timezone.make_aware(datetime.combine(day, time())) if day else None
    who = said.get("who", "").strip()
    return FactWish(
        community_ids=ids,
        names=[said["kind"]] if said.get("kind") in TITLES else (),
        group_id=group.pk if group else None,
        identity_ids=list_identities_found(who, FOUND_AT_MOST) if who else None,
        actor=said.get("actor", "") if said.get("actor") in ACTORS else "",
        since=begins,
        until=timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None,
    )


def read_day(text: str) -> date | None:
    """A day of an address, None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def show_filters(request: HttpRequest) -> Filters:
    """The form as it stands."""
    said = request.GET
    kind, actor, community = said.get("kind", ""), said.get("actor", ""), said.get("community", "")
    group = access_group(request.user, int(said["group"])) if said.get("group", "").isdecimal() else None
    communities = visible_communities(request.user)
    places = [Option(str(one.pk), one.name, str(one.pk) == community) for one in communities]
    names = ("kind", "actor", "community", "who", "day", "group")
    return Filters(
        kinds=(
            Option("", _("所有事"), not kind),
            *(Option(name, _(title), name == kind) for name, title in TITLES.items()),
        ),
        communities=(Option("", _("所有社群"), not community), *places) if len(communities) > 1 else (),
        actors=(
            Option("", _("所有人"), not actor),
            *(Option(name, _(title), name == actor) for name, title in ACTORS.items()),
        ),
        who=said.get("who", ""),
        day=said.get("day", "") if read_day(said.get("day", "")) else "",
        group_id=group.pk if group else None,
        group_name=group.shown_name if group else "",
        is_set=any(said.get(name) for name in names),
    )
