"""Rehearsals in words: what was tried, what came of it, and how that compares with what is in force."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.communities.queries import list_group_lines
from qunying.communities.sign_ins import names_of_users
from qunying.console.reasons import tell_kind, tell_reason
from qunying.console.rehearsal.context import Found, HitRow, RuleRow, RunRow, Tile
from qunying.kernel.capability import Capability, Trial, asked_fields
from qunying.kernel.touching import touches_many
from qunying.people.queries import names_of
from qunying.pipeline.rehearsal.asked import Run
from qunying.pipeline.roster import find_capability
from qunying.talk.past import SaidLine, list_said_again
from qunying.ui.figures import duration, exact, percent

ALIVE = ("waiting", "running")
BREAK = re.compile("[，；,;（(]")  # behind the name of a setting follows how it is written
LONGEST, VALUES_SHOWN, WORDS_SHOWN = 300, 60, 12
STATES: Mapping[str, tuple[str, str]] = {
    "waiting": (gettext_noop("排着队"), "plain"),
    "running": (gettext_noop("正在跑"), "teal"),
    "done": (gettext_noop("跑完了"), "teal"),
    "failed": (gettext_noop("没跑成"), "act"),
    "dropped": (gettext_noop("没跑完，不要了"), "plain"),
}
DOUBTS: Mapping[str, str] = {
    "trusted": gettext_noop("熟人：来得久、说得多"),
    "complaint": gettext_noop("像是在抱怨"),
    "introduction": gettext_noop("像是在自我介绍"),
}


def names_of_groups(community_id: int) -> dict[int, str]:
    """The groups of a community by what they are called, those that matter most first."""
    return {line.id: line.remark or line.carrier_name for line in list_group_lines([community_id])}


def show_runs(runs: Sequence[Run], groups: Mapping[int, str], trials: Sequence[Trial]) -> tuple[RunRow, ...]:
    """Rehearsals in their order."""
    names = names_of_users({run.user_id for run in runs if run.user_id})
    return tuple(_row(run, groups, trials, names) for run in runs)


def _row(run: Run, groups: Mapping[int, str], trials: Sequence[Trial], names: Mapping[int, str]) -> RunRow:
    state, tone = STATES[run.state]
    return RunRow(
        id=run.pk,
        told=tell_rule(run, trials),
        where=_where(run.groups, groups),
        days=run.days,
        by=names.get(run.user_id or 0, ""),
        asked_at=run.asked_at,
        state=_(state),
        tone=tone,
    )


def _where(ids: Collection[int], groups: Mapping[int, str]) -> str:
    if set(ids) >= set(groups):
        return _("全部群")
    if len(ids) == 1:
        return groups.get(next(iter(ids)), _("不在了的群"))
    return ngettext("%(n)s 个群", "%(n)s 个群", len(ids)) % {"n": exact(len(ids))}


def tell_rule(run: Run, trials: Sequence[Trial]) -> tuple[str, ...]:
    """What was tried, a sentence for every setting; that it was nothing new where it was nothing new."""
    capability = find_capability(run.capability)
    asked = {part.name: part.metadata for part in asked_fields(capability.settings)} if capability else {}
    told = [_setting(asked[name], value) for name, value in run.rule.items() if name in asked]
    told += [_("加上词表「%(title)s」") % {"title": one.title} for one in trials_of(run, trials) if not one.is_on]
    return tuple(told) or (_("照现在的"),)


def trials_of(run: Run, trials: Sequence[Trial]) -> list[Trial]:
    """Those that this rehearsal tried; one that has changed since is known by its name all the same."""
    named = {str(one).partition(".")[0] for value in run.rule.values() if isinstance(value, list) for one in value}
    hidden = {name for one in trials for name in one.settings} & set(run.rule)
    return [one for one in trials if one.name in named] if hidden else []


def _setting(meta: Mapping[str, Any], value: object) -> str:
    question: str = meta["help"]
    name = BREAK.split(_(question))[0].strip()
    choices = dict(meta.get("choices", ()))
    shown = _(choices[value]) if isinstance(value, str) and value in choices else _value(value)
    return _("%(name)s：%(value)s") % {"name": name, "value": shown}


def _value(value: object) -> str:
    told = _("、").join(map(str, value)) if isinstance(value, list) else str(value)
    return (told[:VALUES_SHOWN] + "…" if len(told) > VALUES_SHOWN else told) or _("（空）")


def show_found(run: Run, now: Run | None, groups: Mapping[int, str]) -> Found:
    """What came of it; ``now`` is the rehearsal of what is in force, where there is one."""
    result = run.result
    lines = _lines([*result["samples"], *result["probable_mistakes"]])
    return Found(
        headline=_headline(run),
        tiles=_tiles(result, now.result if now else None),
        rules=tuple(_rule(one, find_capability(run.capability)) for one in result["by_rule"]),
        samples=tuple(_hit(one, lines, groups) for one in result["samples"]),
        mistakes=tuple(_hit(one, lines, groups) for one in result["probable_mistakes"]),
        told=_told(run),
        people=result["people_touched"],
        wants_number=wants_number(run),
    )


def wants_number(run: Run) -> bool:
    """Whether it would touch so many that whoever puts it in force has to type how many."""
    return touches_many(run.result["people_touched"], run.result["speakers"])


def _headline(run: Run) -> str:
    result = run.result
    if not result["events"]:
        return _("这些群在过去 %(days)s 天里没有人说过话，看不出会怎样") % {"days": run.days}
    if not result["hits"]:
        return _("照这样，过去 %(days)s 天一条都不会处理") % {"days": run.days}
    words = _("照这样，过去 %(days)s 天会处理 %(hits)s 条、碰到 %(people)s 个人") % {
        "days": run.days,
        "hits": exact(result["hits"]),
        "people": exact(result["people_touched"]),
    }
    if not result["mistakes"]:
        return words + _("；看不出误伤")
    return words + _("；%(n)s 条多半是误伤") % {"n": exact(result["mistakes"])}


def _tiles(result: Mapping[str, Any], now: Mapping[str, Any] | None) -> tuple[Tile, ...]:
    def tile(name: str, how: str, value: int, before: int | None) -> Tile:
        return Tile(name, how, value, before)

    parts = (
        (_("会处理（条）"), _("这条规则会对它动手的消息，也算先请人看的。"), "hits"),
        (_("会碰到（人）"), _("这些消息是多少个人说的。"), "people_touched"),
        (_("多半误伤（条）"), _("来得久、说得多的熟人说的，或者像抱怨、像自我介绍的。"), "mistakes"),
        (_("会立事件（件）"), _("吵架、几个新号一起拉人这样的事。"), "incidents"),
    )
    return tuple(tile(name, how, result[key], now[key] if now else None) for name, how, key in parts)


def _rule(one: Mapping[str, Any], capability: Capability | None) -> RuleRow:
    names = capability.rules if capability else {}
    told = [
        ngettext("%(n)s 条", "%(n)s 条", one["hits"]) % {"n": exact(one["hits"])},
        ngettext("%(n)s 个人", "%(n)s 个人", one["people"]) % {"n": exact(one["people"])},
    ]
    if one["asked"]:
        told.append(ngettext("先请人看的 %(n)s 条", "先请人看的 %(n)s 条", one["asked"]) % {"n": exact(one["asked"])})
    told += [f"{tell_kind(kind)} {exact(count)}" for kind, count in one["effects"].items()]
    words = [f"{word} {exact(count)}" for word, count in one.get("words", {}).items()]
    name: str = names.get(one["rule"], "")
    return RuleRow(_(name) if name else one["rule"], tuple(told), tuple(words[:WORDS_SHOWN]))


def _lines(hits: Sequence[Mapping[str, Any]]) -> tuple[dict[int, SaidLine], dict[int, str]]:
    said = list_said_again({hit["message"] for hit in hits})
    people = names_of({hit["member"] for hit in hits})
    return said, {pk: one.name for pk, one in people.items()}


def _hit(
    hit: Mapping[str, Any], lines: tuple[dict[int, SaidLine], dict[int, str]], groups: Mapping[int, str]
) -> HitRow:
    said, names = lines
    line, name = said.get(hit["message"]), names.get(hit["member"]) or _("有人")
    return HitRow(
        name=name,
        face_key=hit["member"],
        group=groups.get(hit["group"], ""),
        at=datetime.fromisoformat(hit["at"]),
        href=reverse("console:group-message", args=[hit["group"], hit["message"]]) if line else "",
        text=line.text[:LONGEST] if line else "",
        is_gone=line is None,
        why=tell_reason(hit["reason"], {**hit["params"], "name": name}),
        acts=tuple(tell_kind(kind) for kind in hit["effects"]),
        doubts=tuple(_(DOUBTS[one]) for one in hit["doubts"] if one in DOUBTS),
    )


def _told(run: Run) -> tuple[str, ...]:
    """How that was counted, and how it agrees with what people decided."""
    result, agreed = run.result, run.result["agreement"]
    told = [ngettext("读了 %(n)s 条", "读了 %(n)s 条", result["events"]) % {"n": exact(result["events"])}]
    if result["speakers"]:
        share = percent(result["people_touched"] / result["speakers"])
        told.append(_("说过话的 %(n)s 个人里会碰到 %(share)s") % {"n": exact(result["speakers"]), "share": share})
    if result["silenced"]:
        told.append(_("移出以后还说的 %(n)s 条不算") % {"n": exact(result["silenced"])})
    if agreed["decisions"]:
        told.append(
            _("同事判断过的 %(n)s 条里，%(agreed)s 条和它一致，管重了 %(hard)s 条，放过了 %(soft)s 条")
            % {
                "n": exact(agreed["decisions"]),
                "agreed": exact(agreed["agreed"]),
                "hard": exact(agreed["too_hard"]),
                "soft": exact(agreed["too_soft"]),
            }
        )
    if result["read_anew"]:
        told.append(_("以前没判读过的 %(n)s 条现读了一遍") % {"n": exact(result["read_anew"])})
    told.append(_("用了 %(time)s") % {"time": duration(run.seconds)})
    return tuple(told)
