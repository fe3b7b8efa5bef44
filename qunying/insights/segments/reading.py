"""A segment's rule read from JSON. What is wrong is said with its place, such as ``all[1].any[0].at_least``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from qunying.insights.segments.rule import (
    ABOUT,
    CHOICES,
    COUNTS,
    DEED,
    IDS,
    ONE_OF,
    About,
    All,
    AnyOf,
    Did,
    Joined,
    Not,
    Rule,
    Silent,
    Window,
    conditions_of,
)
from qunying.judgement.cards.same import usual_place
from qunying.kernel.errors import BadUse
from qunying.kernel.money import read_amount, read_currency
from qunying.kernel.texts import Sentence, mark

MOST_CONDITIONS = 40
MOST_DEPTH = 6
MOST_VALUES = 500
MOST_DAYS = 3660
MOST_COUNT = 10**12
LONGEST = 200
_WINDOW = frozenset({"last_days", "from", "to"})
_FORMS: Mapping[str, frozenset[str]] = {
    "all": frozenset(),
    "any": frozenset(),
    "not": frozenset(),
    "about": frozenset({"any_of", "group"}),
    "joined": frozenset(),
    "did": frozenset({"at_least", "at_most", "currency", *_WINDOW}),
    "silent_days": frozenset(),
}


class BadRule(BadUse):
    """A rule that cannot be asked. ``place`` is where, ``why`` the sentence without it."""

    def __init__(self, place: str, template: str, **values: object) -> None:
        self.place = place
        self.why = Sentence(template, values)
        super().__init__(mark("规则里 %(place)s：%(why)s"), place=place or mark("最外层"), why=self.why)


def read_text(text: str) -> Rule:
    """The rule in this JSON. Raises ``BadRule``."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRule("", mark("这不是 JSON：%(why)s"), why=str(error)) from error
    return read_rule(said)


def read_rule(said: object) -> Rule:
    """The rule that these words of JSON are. Raises ``BadRule``."""
    rule = _rule(said, "", 1)
    count = len(conditions_of(rule))
    if not count:
        raise BadRule("", mark("一个条件都没有"))
    if count > MOST_CONDITIONS:
        raise BadRule("", mark("%(n)d 个条件太多了，最多 %(most)d 个"), n=count, most=MOST_CONDITIONS)
    return rule


def _rule(said: object, place: str, depth: int) -> Rule:
    if not isinstance(said, dict):
        raise BadRule(place, mark("这里要一个条件，不是 %(what)s"), what=_shown(said))
    forms = [name for name in _FORMS if name in said]
    if len(forms) != 1:
        raise BadRule(place, mark("一个条件里要有这些词里的一个：%(known)s"), known=list(_FORMS))
    form = forms[0]
    odd = sorted(set(map(str, said)) - {form} - _FORMS[form])
    if odd:
        raise BadRule(place, mark("不认识「%(name)s」"), name=odd[0])
    return _inner(form, said, place, depth) if form in {"all", "any", "not"} else _condition(form, said, place)


def _inner(form: str, said: Mapping[str, Any], place: str, depth: int) -> Rule:
    if depth > MOST_DEPTH:
        raise BadRule(place, mark("套得太深了，最多 %(most)d 层"), most=MOST_DEPTH)
    here = f"{place}.{form}" if place else form
    if form == "not":
        return Not(_rule(said[form], here, depth + 1))
    if not isinstance(said[form], list) or not said[form]:
        raise BadRule(here, mark("这里要一串条件，至少一个"))
    rules = tuple(_rule(one, f"{here}[{n}]", depth + 1) for n, one in enumerate(said[form]))
    return All(rules) if form == "all" else AnyOf(rules)


def _condition(form: str, said: Mapping[str, Any], place: str) -> Rule:
    if form == "about":
        return _about(said, place)
    if form == "did":
        return _did(said, place)
    if form == "silent_days":
        return Silent(_number(said[form], _at(place, form), low=1, high=MOST_DAYS))
    inner = said["joined"]
    here = _at(place, "joined")
    if not isinstance(inner, dict) or not inner or set(inner) - _WINDOW:
        raise BadRule(here, mark("要写 last_days，或者 from 和 to"))
    return Joined(_window(inner, here))


def _about(said: Mapping[str, Any], place: str) -> About:
    what = said["about"]
    if not isinstance(what, str) or what not in ABOUT:
        raise BadRule(
            _at(place, "about"), mark("没有「%(name)s」这一项；有这些：%(known)s"), name=_shown(what), known=list(ABOUT)
        )
    here = _at(place, "any_of")
    values = said.get("any_of")
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        raise BadRule(here, mark("这里要一串值，一到 %(most)d 个"), most=MOST_VALUES)
    read = tuple(dict.fromkeys(_value(what, one, f"{here}[{n}]") for n, one in enumerate(values)))
    group = said.get("group")
    if group is None:
        return About(what, read)
    if what != "layer":
        raise BadRule(_at(place, "group"), mark("只有「层」能指定群"))
    return About(what, read, _number(group, _at(place, "group"), low=1))


def _value(what: str, value: object, place: str) -> int | str:
    kind = ABOUT[what]
    if kind == IDS:
        return _number(value, place, low=1)
    if not isinstance(value, str) or not (value.strip() or what == "via") or len(value) > LONGEST:
        raise BadRule(place, mark("这里要文字，不超过 %(most)d 个字"), most=LONGEST)
    word = " ".join(value.split())
    if kind == ONE_OF and word not in CHOICES[what]:
        raise BadRule(place, mark("没有「%(name)s」；有这些：%(known)s"), name=word, known=list(CHOICES[what]))
    return (usual_place(word) or word) if what == "city" else word


def _did(said: Mapping[str, Any], place: str) -> Did:
    what = said["did"]
    is_deed = isinstance(what, str) and what.startswith(DEED) and 0 < len(what) - len(DEED) <= 40
    if not is_deed and what not in COUNTS:
        raise BadRule(
            _at(place, "did"),
            mark("没有「%(name)s」可数；有这些：%(known)s"),
            name=_shown(what),
            known=[*COUNTS, f"{DEED}…"],
        )
    low, high = (_bound(what, said, name, place) for name in ("at_least", "at_most"))
    if low is None and high is None:
        raise BadRule(place, mark("要写 at_least、at_most，或者两个都写"))
    if low is not None and high is not None and low > high:
        raise BadRule(_at(place, "at_most"), mark("上限比下限还小"))
    return Did(what, low, high, _window(said, place), _currency(what, said, place))


def _bound(what: str, said: Mapping[str, Any], name: str, place: str) -> int | None:
    value = said.get(name)
    if value is None:
        return None
    here = _at(place, name)
    if what != "amount":
        return _number(value, here, low=0, high=MOST_COUNT)
    found = read_amount(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if found is None or found[1]:
        raise BadRule(here, mark("%(what)s 不是金额；写成 99 或 99.50"), what=_shown(value))
    return found[0]


def _currency(what: str, said: Mapping[str, Any], place: str) -> str:
    """Which money an amount is in; money of different kinds is never added up."""
    value = said.get("currency")
    here = _at(place, "currency")
    if what != "amount":
        if value is not None:
            raise BadRule(here, mark("只有金额要写币种"))
        return ""
    code = read_currency(value) if isinstance(value, str) else None
    if not code:
        raise BadRule(here, mark("金额要写明币种，例如 CNY"))
    return code


def _window(said: Mapping[str, Any], place: str) -> Window:
    days = said.get("last_days")
    since, until = (_day(said.get(name), _at(place, name)) for name in ("from", "to"))
    if days is not None and (since or until):
        raise BadRule(place, mark("last_days 和 from、to 只能写一样"))
    if since and until and since > until:
        raise BadRule(_at(place, "to"), mark("结束的日子在开始之前"))
    number = None if days is None else _number(days, _at(place, "last_days"), low=1, high=MOST_DAYS)
    return Window(number, since, until)


def _day(value: object, place: str) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == len("2026-01-01"):
            day = date.fromisoformat(value)
            if 1970 <= day.year < 2200:
                return day
    except ValueError:
        pass
    raise BadRule(place, mark("%(what)s 不是日期；写成 2026-03-01"), what=_shown(value))


def _number(value: object, place: str, *, low: int, high: int = 2**62) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRule(
            place, mark("%(what)s 不行，要 %(low)d 到 %(high)d 的整数"), what=_shown(value), low=low, high=high
        )
    return value


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _shown(value: object) -> str:
    return repr(value)[:60]
