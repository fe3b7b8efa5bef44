"""Rules in sentences, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.insights.segments.rule import DEED, About, All, AnyOf, Did, Joined, Not, Rule, Silent, Window
from qunying.insights.words import way
from qunying.insights.words_of_layers import layer_named
from qunying.kernel.money import to_decimal

Names = Mapping[tuple[str, int], str]
ROLES: Mapping[str, str] = {
    "owner": gettext_noop("群主"),
    "admin": gettext_noop("管理员"),
    "member": gettext_noop("普通成员"),
}
IS_ONE_OF: Mapping[str, str] = {
    "community": gettext_noop("在社群%(values)s"),
    "group": gettext_noop("在群%(values)s里"),
    "carrier": gettext_noop("在%(values)s上"),
    "city": gettext_noop("城市是%(values)s"),
    "industry": gettext_noop("行业是%(values)s"),
    "company": gettext_noop("公司里有%(values)s"),
    "job": gettext_noop("职位里有%(values)s"),
    "card": gettext_noop("群名片里有%(values)s"),
    "role": gettext_noop("是%(values)s"),
    "via": gettext_noop("进群的来路是%(values)s"),
    "inviter": gettext_noop("由%(values)s带来"),
    "tag": gettext_noop("有标签%(values)s"),
    "layer": gettext_noop("在%(values)s这一层"),
}
COUNTED: Mapping[str, str] = {
    "messages": gettext_noop("%(when)s说过%(bounds)s条话"),
    "days_spoken": gettext_noop("%(when)s在%(bounds)s天里说过话"),
    "openings": gettext_noop("%(when)s带起过%(bounds)s段对话"),
    "orders": gettext_noop("%(when)s下过%(bounds)s单"),
    "amount": gettext_noop("%(when)s买了%(bounds)s %(currency)s"),
    DEED: gettext_noop("%(when)s有%(bounds)s次「%(kind)s」"),
}


def tell_rule(rule: Rule, names: Names) -> str:
    """The rule as a sentence; ``names`` of communities, groups, tags and people, by (what, id)."""
    match rule:
        case All(rules):
            return _("，并且").join(_inner(one, names) for one in rules)
        case AnyOf(rules):
            return _("，或者").join(_inner(one, names) for one in rules)
        case Not(inner):
            return _("不是：%(rule)s") % {"rule": _inner(inner, names)}
        case About():
            return _about(rule, names)
        case Joined(window):
            return _("%(when)s进的群") % {"when": tell_window(window)}
        case Silent(days):
            return _("连续 %(days)d 天没说话") % {"days": days}
        case Did():
            return _did(rule)


def _inner(rule: Rule, names: Names) -> str:
    told = tell_rule(rule, names)
    is_list = isinstance(rule, All | AnyOf) and len(rule.rules) > 1
    return _("（%(rule)s）") % {"rule": told} if is_list else told


def _about(rule: About, names: Names) -> str:
    values = _("、").join(_("「%(name)s」") % {"name": _value(rule.what, one, names)} for one in rule.any_of)
    told = _(IS_ONE_OF[rule.what]) % {"values": values}
    if not rule.group:
        return told
    group = names.get(("group", rule.group), f"#{rule.group}")
    return _("在「%(group)s」里%(told)s") % {"group": group, "told": told}


def _value(what: str, value: int | str, names: Names) -> str:
    if isinstance(value, int):
        return names.get((what, value), f"#{value}")
    known = {"layer": layer_named, "via": way, "role": tell_role}
    return known[what](value) if what in known else value


def tell_role(role: str) -> str:
    """What somebody is in a group."""
    return _(ROLES[role]) if role in ROLES else role


def _did(rule: Did) -> str:
    known = rule.what in COUNTED
    words = COUNTED[rule.what] if known else COUNTED[DEED]
    said = {
        "when": tell_window(rule.window),
        "bounds": _bounds(rule),
        "currency": rule.currency,
        "kind": rule.what.removeprefix(DEED),
    }
    return _(words) % said


def _bounds(rule: Did) -> str:
    low, high = (None if one is None else _number(rule, one) for one in (rule.at_least, rule.at_most))
    if low is not None and high is not None:
        return _(" %(low)s 到 %(high)s ") % {"low": low, "high": high} if low != high else f" {low} "
    if low is not None:
        return _("至少 %(n)s ") % {"n": low}
    return _("最多 %(n)s ") % {"n": high}


def _number(rule: Did, value: int) -> str:
    return str(to_decimal(value)) if rule.what == "amount" else str(value)


def tell_window(window: Window) -> str:
    """When."""
    if window.last_days is not None:
        return _("最近 %(days)d 天") % {"days": window.last_days}
    if window.since and window.until:
        return _("%(since)s 到 %(until)s ") % {"since": _day(window.since), "until": _day(window.until)}
    if window.since:
        return _("%(since)s 起") % {"since": _day(window.since)}
    if window.until:
        return _("到 %(until)s 为止") % {"until": _day(window.until)}
    return _("一直以来")


def _day(day: date) -> str:
    return day.isoformat()
