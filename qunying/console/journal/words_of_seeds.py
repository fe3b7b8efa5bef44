"""Facts about rungs and shortlists in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.insights.seeds.ladder import RUNGS
from qunying.insights.words_of_seeds import rung_name
from qunying.ui.figures import number

CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "weights": gettext_noop("各项的分量"),
        "rungs": gettext_noop("每一级的门槛"),
        "founded_on": gettext_noop("成立的日子"),
        "seed_group_id": gettext_noop("种子群"),
        "name": gettext_noop("改了名"),
        "on": gettext_noop("放进了人"),
        "off": gettext_noop("拿下了人"),
        "dropped": gettext_noop("收了起来"),
        "back": gettext_noop("又拿了出来"),
    }
)


def tell_rung(name: str, words: Mapping[str, object]) -> str:
    """«「老周」从「活跃成员」到「核心成员」»."""
    before, after = (_rung(words.get(part)) for part in ("from", "to"))
    return _("%(name)s从「%(before)s」到「%(after)s」") % {"name": name, "before": before, "after": after}


def _rung(code: object) -> str:
    """The built-in name; a community's own may have changed since."""
    return rung_name(next((rung for rung in RUNGS if rung.code == code), None))


def tell_change(words: Mapping[str, object]) -> str:
    """What was changed, or how many were put on a list."""
    changed = words.get("changed")
    if changed is None and isinstance(words.get("people"), int):
        people = int(str(words["people"]))
        return ngettext("%(n)s 人", "%(n)s 人", people) % {"n": number(people)}
    codes = changed if isinstance(changed, list) else [changed]
    return _("、").join(_(CHANGED[code]) for code in map(str, codes) if code in CHANGED)
