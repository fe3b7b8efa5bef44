"""What a new lab takes over from a real group: its name, staff, modes, settings, zone and quiet hours. No member, no word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo, StaffLine, choices_of, staff_of
from qunying.kernel.scene import Mode
from qunying.pipeline.lab.labs import Lab, Person, new_token
from qunying.pipeline.roster import ROSTER

STAFF_AT_MOST = 3
LONG_A_MEMBER = timedelta(days=420)
SHORTER_A_MEMBER = timedelta(days=60)
SINCE_STAFF = timedelta(days=500)


def copy_of(group: GroupInfo, *, owner_id: int, now: datetime) -> Lab:
    """A lab that is like this group."""
    choices = choices_of([group])
    chosen = {capability.name: choices.get((group.id, capability.name)) for capability in ROSTER}
    return _lab(
        owner_id,
        now,
        community_id=group.community_id,
        group_name=group.name,
        community=group.community,
        timezone=group.zone.key,
        language=group.language,
        quiet_from=group.quiet.starts.isoformat(),
        quiet_to=group.quiet.ends.isoformat(),
        modes={name: (choice.mode if choice else Mode.OBSERVE).value for name, choice in chosen.items()},
        settings={name: merged(choice.layers) for name, choice in chosen.items() if choice and merged(choice.layers)},
        cast=_cast(staff_of([group.community_id]).get(group.community_id, []), group.community, now),
    )


def blank(*, owner_id: int, timezone: str, now: datetime) -> Lab:
    """A lab that copies nobody: everything as it is on the first day, and every capability acts."""
    return _lab(
        owner_id,
        now,
        community_id=None,
        group_name=_("试群"),
        community=_("演练场"),
        timezone=timezone,
        language=get_language() or "zh-hans",
        quiet_from="22:30:00",
        quiet_to="08:00:00",
        modes={capability.name: Mode.ACT.value for capability in ROSTER},
        settings={},
        cast=_cast([], _("演练场"), now),
    )


def merged(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Layers of settings as one: the later one wins, lists add up (as ``resolve_settings`` does it)."""
    values: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            values[name] = [*values.get(name, []), *value] if isinstance(value, list) else value
    return values


def _lab(owner_id: int, now: datetime, **words: Any) -> Lab:
    starts_at = now.replace(second=0, microsecond=0)
    return Lab(token=new_token(), owner_id=owner_id, starts_at=starts_at, now=starts_at, playing="newcomer", **words)


def _cast(staff: Sequence[StaffLine], community: str, now: datetime) -> tuple[Person, ...]:
    """Who there is to be played in any group, named as in the reader's language; the roster's people under their own names."""
    since = (now - SINCE_STAFF).isoformat()
    known = [
        Person(f"staff{place}", line.name, "staff", role="admin", duty=line.duty or "operator", joined=since)
        for place, line in enumerate(staff[:STAFF_AT_MOST], start=1)
    ]
    return (
        Person("newcomer", _("小满"), "newcomer"),
        Person("old", _("老周"), "old", card=_("杭州-退休-茶龄 20 年"), joined=(now - LONG_A_MEMBER).isoformat()),
        Person("lookalike", _("%(community)s客服小禾") % {"community": community[:20]}, "lookalike"),
        *(known or [Person("staff1", _("许放"), "staff", role="admin", duty="operator", joined=since)]),
        Person("member", _("阿茗"), "member", joined=(now - SHORTER_A_MEMBER).isoformat()),
    )
