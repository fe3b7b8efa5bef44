"""What an account sees: its groups, what it may do there, what is missing and who grants it, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.carriers.connecting import tell_lack
from qunying.carriers.wire.lines import LineState
from qunying.carriers.wire.mishaps import Trouble
from qunying.communities.access import Reach
from qunying.communities.queries import places_of_groups
from qunying.console.lines.context import GroupLine, MishapLine
from qunying.console.reasons import tell_kind
from qunying.ui.figures import exact

COUNTED = ("DeleteMessage", "Mute", "RemoveMember")
GROUPS_SHOWN = 50
REFS_ASKED = 200


def tell_may(line: LineState) -> str:
    """How many groups there are, in how many of them it can withdraw, mute and remove, and what the others lack."""
    looks = list(line.can.values())
    if not looks:
        return _("还没看见群")
    counts = [(kind, sum(kind in look.get("can", ()) for look in looks)) for kind in COUNTED]
    parts = [_seen(len(looks)), *(_can(kind, n) for kind, n in counts if n)]
    lacking = Counter(code for look in looks for code in set(look.get("lacks", {}).values()))
    for code, n in lacking.most_common(2):
        words, remedy = tell_lack(line.carrier, code)
        said = {"n": exact(n), "words": words.said(_), "remedy": remedy.said(_)}
        parts.append(ngettext("%(n)s 个群%(words)s（%(remedy)s）", "%(n)s 个群%(words)s（%(remedy)s）", n) % said)
    return _("，").join(parts)


def _seen(n: int) -> str:
    return ngettext("看见 %(n)s 个群", "看见 %(n)s 个群", n) % {"n": exact(n)}


def _can(kind: str, n: int) -> str:
    said = {"n": exact(n), "what": tell_kind(kind)}
    return ngettext("%(n)s 个能%(what)s", "%(n)s 个能%(what)s", n) % said


def list_groups(line: LineState, reach: Reach) -> tuple[tuple[GroupLine, ...], int]:
    """The first groups, those that lack something before the others, and how many more there are."""
    looks = sorted(line.can.items(), key=lambda one: (not one[1].get("lacks"), str(one[1].get("name", "")), one[0]))
    places = places_of_groups(line.carrier, [ref for ref, _look in looks[:REFS_ASKED]])
    within = [one for one in looks[:REFS_ASKED] if one[0] not in places or reach.covers(places[one[0]].community_id)]
    shown = within[:GROUPS_SHOWN]
    return tuple(_group(line, ref, look, places[ref].group_id if ref in places else None) for ref, look in shown), len(
        looks
    ) - len(shown)


def _group(line: LineState, ref: str, look: Mapping[str, Any], group_id: int | None) -> GroupLine:
    told: dict[tuple[str, str], list[str]] = {}
    for kind, code in look.get("lacks", {}).items():
        words, remedy = tell_lack(line.carrier, str(code))
        told.setdefault((words.said(_), remedy.said(_)), []).append(tell_kind(kind))
    return GroupLine(
        name=str(look.get("name") or ref),
        may=tuple(tell_kind(kind) for kind in look.get("can", ())),
        lacks=tuple(
            _("不能%(what)s：%(words)s。%(remedy)s") % {"what": _("、").join(kinds), "words": words, "remedy": remedy}
            for (words, remedy), kinds in told.items()
        ),
        href=reverse("console:group-settings", args=[group_id]) if group_id else "",
    )


def tell_troubles(troubles: Iterable[Trouble]) -> tuple[MishapLine, ...]:
    """What went wrong of late, in words."""
    return tuple(MishapLine(_(one.words), one.times, one.last_at, one.sample) for one in troubles)
