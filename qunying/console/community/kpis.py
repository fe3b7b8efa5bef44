"""KPIs laid out as tiles, and what of them misses its target as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.community.context import KpiTile, PurposePanel
from qunying.console.community.words import tell_few, tell_number, tell_parts, tell_whole, unit_of
from qunying.console.settings.forms import PURPOSES
from qunying.insights.kpis.board import BoardOf, KpiLine, shown_of
from qunying.insights.kpis.catalogue import Kpi


def lay_purposes(board: BoardOf, purposes: Sequence[str]) -> tuple[PurposePanel, ...]:
    """A panel per purpose of the community, in the form's order."""
    return tuple(_panel(board, code, str(label)) for code, label in PURPOSES if code in purposes)


def _panel(board: BoardOf, purpose: str, label: str) -> PurposePanel:
    lines = shown_of(board, [purpose])
    return PurposePanel(purpose, _title(label, lines), tuple(map(lay_tile, lines)))


def _title(label: str, lines: Sequence[KpiLine]) -> str:
    missed = [_(line.kpi.title) for line in lines if line.misses]
    aimed = [line for line in lines if line.misses is not None]
    if missed:
        return _("%(purpose)s：%(names)s没到目标") % {"purpose": label, "names": _("、").join(missed)}
    if aimed:
        words = ngettext("%(purpose)s：定了目标的 %(n)d 项都到了", "%(purpose)s：定了目标的 %(n)d 项都到了", len(aimed))
        return words % {"purpose": label, "n": len(aimed)}
    falling = [_(line.kpi.title) for line in lines if line.falls]
    if falling:
        return _("%(purpose)s：%(names)s比上一段差") % {"purpose": label, "names": _("、").join(falling)}
    return _("%(purpose)s：还没定目标") % {"purpose": label}


def lay_tile(line: KpiLine) -> KpiTile:
    """One KPI as a tile."""
    kpi, now = line.kpi, line.now
    return KpiTile(
        name=kpi.name,
        title=_(kpi.title),
        how=tell_definition(kpi),
        number=tell_number(kpi, now.value),
        unit=unit_of(kpi, now),
        trend=tuple(None if one.value is None else float(one.value) for one in line.values),
        tone="look" if line.misses or line.falls else "",
        target=tell_target(line),
        is_off=bool(line.misses),
        note=_note(line),
        lacks=_(kpi.lacks) if kpi.lacks else "",
    )


def tell_definition(kpi: Kpi) -> str:
    """What is meant by a KPI, with what one has to be careful about."""
    return "".join(_(text) for text in (kpi.definition, *kpi.caveats))


def tell_target(line: KpiLine) -> str:
    """The target in words, and how far off; nothing where there is none."""
    if line.target is None:
        return ""
    aim = tell_aim(line.kpi, line.target)
    if line.misses is None:
        return _("目标 %(aim)s") % {"aim": aim}
    return (_("目标 %(aim)s，没到") if line.misses else _("目标 %(aim)s，到了")) % {"aim": aim}


def tell_aim(kpi: Kpi, target: Decimal) -> str:
    """A target as the KPI is shown."""
    return tell_number(kpi, float(target))


def _note(line: KpiLine) -> str:
    few = tell_few(line.kpi, line.now)
    parts = _(" · ").join(tell_parts(line.kpi, line.now))
    if few or parts:
        return _(" · ").join(filter(None, (parts, few)))
    before = line.values[-2] if len(line.values) > 1 else None
    if before is None or before.value is None:
        return ""
    return _("上一段 %(n)s") % {"n": tell_number(line.kpi, before.value)}


def tell_lead(board: BoardOf, purposes: Sequence[str], stage: str) -> str:
    """The answer of the whole page: is the community doing its job."""
    if not purposes:
        return _("现在是%(stage)s；还没说为什么做，先选一个目的，KPI 跟着它走。") % {"stage": stage}
    lines = shown_of(board, purposes)
    missed = [line for line in lines if line.misses]
    aimed = [line for line in lines if line.misses is not None]
    if missed:
        return _("现在是%(stage)s；%(aimed)s 项目标里 %(missed)s 项没到：%(names)s。") % {
            "stage": stage,
            "aimed": len(aimed),
            "missed": len(missed),
            "names": _("、").join(f"{_(line.kpi.title)} {tell_whole(line.kpi, line.now)}" for line in missed[:3]),
        }
    if aimed:
        return _("现在是%(stage)s；%(aimed)s 项目标都到了。") % {"stage": stage, "aimed": len(aimed)}
    falling = [line for line in lines if line.falls]
    if falling:
        return _("现在是%(stage)s；还没定目标，%(names)s比上一段差。") % {
            "stage": stage,
            "names": _("、").join(_(line.kpi.title) for line in falling[:3]),
        }
    return _("现在是%(stage)s；还没定目标，先给最要紧的一项定一个。") % {"stage": stage}
