"""What happened to a community's chain, targets and stage, in sentences for the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.insights.kpis.catalogue import BY_NAME
from qunying.insights.stage import CHECKLISTS, STAGE_NAMES, Stage
from qunying.ui.figures import number

Words = Mapping[str, Any]
CHAIN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "laid": gettext_noop("换成现成的一条"),
        "added": gettext_noop("加了一个环节"),
        "changed": gettext_noop("改了一个环节"),
        "moved": gettext_noop("换了先后"),
        "removed": gettext_noop("去掉一个环节"),
        "restored": gettext_noop("回到改之前"),
    }
)


def tell_stage(code: object) -> str:
    """A stage in words; «没定» where nobody said any."""
    return _(STAGE_NAMES[Stage(str(code))]) if code in list(Stage) else _("没定")


def _chain(words: Words) -> str:
    what = str(words.get("what", ""))
    links = int(words.get("links") or 0)
    told = ngettext("现在 %(n)s 个环节", "现在 %(n)s 个环节", links) % {"n": links}
    return f"{_(CHAIN_WORDS.get(what, what))}{_('，')}{told}"


def _target(words: Words) -> str:
    kpi = BY_NAME.get(str(words.get("kpi", "")))
    return _("「%(kpi)s」%(days)s 天的目标从 %(before)s 改成 %(after)s") % {
        "kpi": _(kpi.title) if kpi else words.get("kpi", ""),
        "days": words.get("days", ""),
        "before": words.get("before") or _("没定"),
        "after": words.get("after") or _("没定"),
    }


def _stage(words: Words) -> str:
    before, after = tell_stage(words.get("before")), tell_stage(words.get("after"))
    return _("从「%(before)s」到「%(after)s」") % {"before": before, "after": after}


def _check(words: Words) -> str:
    stage = words.get("stage")
    items = CHECKLISTS[Stage(stage)] if stage in list(Stage) else ()
    found = next((item for item in items if item.code == words.get("item")), None)
    return _("「%(item)s」") % {"item": _(found.title) if found else words.get("item", "")}


def _imported(words: Words) -> str:
    new, changed = int(words.get("new") or 0), int(words.get("changed") or 0)
    told = ngettext("新读进 %(n)s 个数", "新读进 %(n)s 个数", new) % {"n": number(new)}
    return told + (_("，改了 %(n)s 个") % {"n": number(changed)} if changed else "")


def _told(words: Words) -> str:
    return _("%(day)s：%(n)s") % {"day": words.get("day", ""), "n": number(int(words.get("value") or 0))}


ABOUT_COMMUNITIES: Mapping[str, Callable[[Words], str]] = MappingProxyType(
    {
        "chain.changed": _chain,
        "chain.restored": _chain,
        "target.set": _target,
        "stage.confirmed": _stage,
        "stage.taken_back": _stage,
        "check.ticked": _check,
        "check.unticked": _check,
        "numbers.imported": _imported,
        "numbers.told": _told,
    }
)
