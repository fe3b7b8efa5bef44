"""A lab as a drill file: what was played as its timeline, what happened as what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml
from django.utils.translation import gettext as _

from qunying.communities.actions import QUIET_FROM, QUIET_TO
from qunying.kernel.effects import EffectState
from qunying.pipeline.drill.script import DUTIES
from qunying.pipeline.lab.labs import GROUP_REF, Lab, Person
from qunying.pipeline.lab.seen import Effect, Seen

NOT_DONE = {EffectState.SIMULATED.value, EffectState.NEEDS_APPROVAL.value}
SAID = {"Say", "Announce"}
SAID_AT_MOST = 60


def write_drill(lab: Lab, seen: Seen, title: str) -> str:
    """The YAML of a drill that plays this lab again and expects what was seen in it."""
    words: dict[str, Any] = {
        "drill": 1,
        "title": title,
        "timezone": lab.timezone,
        "community": {"name": lab.community, "language": lab.language},
        "staff": [{"id": one.ref, "name": one.name, "duty": _duty(one)} for one in lab.cast if one.duty],
        "groups": [{"id": GROUP_REF, "name": lab.group_name}],
        "members": [_member(one, lab) for one in lab.cast if one.joined and not one.duty],
        "settings": {name: {"mode": mode, **lab.settings.get(name, {})} for name, mode in lab.modes.items()},
        "timeline": [{"at": _moment(lab.starts_at, lab), "pass": True}, *(_line(lab, line) for line in lab.lines)],
        "expect": _expectations(lab, seen),
    }
    text = yaml.safe_dump(words, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)
    return _remarks(lab) + text


def _remarks(lab: Lab) -> str:
    if lab.quiet == (QUIET_FROM, QUIET_TO):
        return ""
    words = _("原群的免打扰是 %(from)s–%(to)s；演练按 22:30–08:00 跑，夜里的结果可能不同")
    return f"# {words % {'from': lab.quiet_from[:5], 'to': lab.quiet_to[:5]}}\n"


def _duty(person: Person) -> str:
    return person.duty if person.duty in DUTIES else "operator"


def _member(person: Person, lab: Lab) -> dict[str, str]:
    words = {"id": person.ref, "name": person.name, "group": GROUP_REF}
    joined = _moment(datetime.fromisoformat(person.joined), lab)
    return {**words, **({"card": person.card} if person.card else {}), "joined": joined}


def _line(lab: Lab, line: Mapping[str, Any]) -> dict[str, Any]:
    """A played line in the drill's words: references to lines count from 1, after the opening one."""
    if "pass" in line:
        return {"at": line["at"], "pass": True}
    words = {"at": line["at"], "group": GROUP_REF}
    for name, value in line.items():
        if name in {"reply_to", "edit", "recall"}:
            words[name] = value + 2
        elif name != "at":
            words[name] = value
    person = lab.person(line.get("join", ""))
    return {**words, "name": person.name, **({"card": person.card} if person.card else {})} if person else words


def _expectations(lab: Lab, seen: Seen) -> list[dict[str, Any]]:
    """Everything done, and that nothing more was said; the window is the time that was played."""
    window = {"within": f"{max(1, round((lab.now - lab.starts_at).total_seconds()))}s", "of": 1}
    done = [effect for effect in seen.effects if effect.state not in NOT_DONE]
    said = [effect for effect in done if effect.kind == "Say"]
    expected = [_expected(effect, window) for effect in done]
    if not said:
        return [*expected, {"never": "Say", "group": GROUP_REF, **window}]
    return [*expected, {"count": "Say", "group": GROUP_REF, "at_least": len(said), "at_most": len(said), **window}]


def _expected(effect: Effect, window: Mapping[str, Any]) -> dict[str, Any]:
    text = str(effect.payload.get("text", ""))
    if effect.kind in SAID and text:
        return {"said": text[:SAID_AT_MOST], "group": GROUP_REF, **window}
    about = {"member": effect.member} if effect.member else {}
    return {"effect": effect.kind, **about, **window}


def _moment(at: datetime, lab: Lab) -> str:
    return at.astimezone(lab.zone).isoformat()
