"""Ready-made scenes to try: what often happens, or happens rarely and hurts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext

from qunying.kernel.texts import mark
from qunying.pipeline.lab.labs import Lab, Person
from qunying.pipeline.lab.play import new_ref
from qunying.pipeline.roster import find_capability

Script = tuple[list[Person], list[dict[str, Any]]]
TEN_NAMES = (
    mark("陈晨"),
    mark("方方"),
    mark("小满妈妈"),
    mark("Lily_在路上"),
    mark("石榴"),
    mark("桥西"),
    mark("林深见鹿"),
    mark("王师傅"),
    mark("木子李"),
    mark("夏至"),
)
# what people really call themselves, everywhere
ODD_NAMES = (
    "🌸小确幸🌸｡･:*:･ﾟ★",
    "مرحبا أحمد",
    "{names} {0.__class__}",
    "零\u200b宽‍度",
    "ＦＵＬＬ　宽 先生（杭州分店·茶叶批发零售代理招商加盟热线请勿转载本名）",
    "學長愛喝凍頂烏龍",
)
NIGHT = time(2, 30)


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: its name on the page, what it needs to make sense, and how it goes."""

    name: str
    title: str
    needs: str
    make: Callable[[Lab], Script]


def _people(names: Sequence[str]) -> list[Person]:
    return [Person(new_ref(), name, "extra") for name in names]


def _joins(people: Sequence[Person], seconds: int) -> list[dict[str, Any]]:
    return [{"join": person.ref, "after": seconds, "via": "qr"} for person in people]


def _ten_in_a_minute(lab: Lab) -> Script:
    people = _people([gettext(name) for name in TEN_NAMES])
    return people, _joins(people, 6)


def _two_together(lab: Lab) -> Script:
    people = _people((gettext("陆小满"), gettext("阿远")))
    return people, [*_joins(people, 40), {"pass": True, "after": 240}]


def _at_night(lab: Lab) -> Script:
    people = _people((gettext("夜猫"),))
    local = lab.now.astimezone(lab.zone)
    night = datetime.combine(local.date(), NIGHT, lab.zone)
    night = night if night > local else night + timedelta(days=1)
    wait = int((night - lab.now).total_seconds())
    return people, [{"join": people[0].ref, "after": wait, "via": "qr"}, {"pass": True, "after": 600}]


def _leaves_first(lab: Lab) -> Script:
    people = _people((gettext("匆匆"),))
    ref = people[0].ref
    return people, [{"join": ref, "after": 5}, {"leave": ref, "after": 60}, {"pass": True, "after": 300}]


def _comes_back(lab: Lab) -> Script:
    people = _people((gettext("阿回"),))
    ref = people[0].ref
    again: list[dict[str, Any]] = [{"leave": ref, "after": 60}, {"join": ref, "after": 120}]
    return people, [{"join": ref, "after": 5}, {"pass": True, "after": 300}, *again, {"pass": True, "after": 300}]


def _odd_names(lab: Lab) -> Script:
    people = _people(ODD_NAMES)
    return people, [*_joins(people, 8), {"pass": True, "after": 240}]


SCENES: tuple[Scene, ...] = (
    Scene("ten", mark("一分钟进来十位"), "onboarding", _ten_in_a_minute),
    Scene("two", mark("前后脚进来两位"), "onboarding", _two_together),
    Scene("night", mark("半夜有人进群"), "onboarding", _at_night),
    Scene("gone", mark("没等欢迎就走了"), "onboarding", _leaves_first),
    Scene("back", mark("走了又回来"), "onboarding", _comes_back),
    Scene("odd", mark("名字又长又怪"), "onboarding", _odd_names),
)


def scenes_now() -> tuple[Scene, ...]:
    """The scenes that make sense with the capabilities there are."""
    return tuple(scene for scene in SCENES if find_capability(scene.needs))


def find_scene(name: str) -> Scene | None:
    """The scene of that name, None when there is none."""
    return next((scene for scene in scenes_now() if scene.name == name), None)
