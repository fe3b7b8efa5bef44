"""The stage of a community laid out: why, who said so, and what is to be done this week."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries_chain import About, StageSaid, find_stage, list_ticks
from qunying.communities.sign_ins import names_of_users
from qunying.console.community.context import CheckLine, StageChoiceBox, StagePanel
from qunying.insights.stage import CHECKLISTS, STAGE_NAMES, Item, Proposal, Signals, Stage, propose_stage, read_signals
from qunying.ui.dates import tell_date


def read_stage(about: About, waiting: int | None, now: datetime) -> StagePanel:
    """The stage somebody confirmed, or else the one the numbers propose; its checklist, ticked as far as known."""
    signals = read_signals(about, now, waiting)
    proposal, said = propose_stage(signals), find_stage(about.id)
    stage = Stage(said.stage) if said else proposal.stage
    ticks = {item for code, item in list_ticks(about.id) if code == stage}
    lines = [_line(item, signals, is_ticked=item.code in ticks) for item in CHECKLISTS[stage]]
    waiting_lines = tuple(line for line in lines if not line.is_done)
    return StagePanel(
        code=stage,
        title=_title(stage, proposal, said),
        reasons=tuple(reason.said(_) for reason in proposal.reasons),
        said=_said(said),
        can_take_back=said is not None,
        choices=tuple(StageChoiceBox(one, _(STAGE_NAMES[one]), one == stage, one == proposal.stage) for one in Stage),
        open=waiting_lines,
        done=tuple(line for line in lines if line.is_done),
        todo_title=_todo(len(waiting_lines)),
    )


def stage_name(panel: StagePanel) -> str:
    """The stage in a word."""
    return _(STAGE_NAMES[Stage(panel.code)])


def _title(stage: Stage, proposal: Proposal, said: StageSaid | None) -> str:
    name = _(STAGE_NAMES[stage])
    if said is None:
        return _("看数像是%(stage)s，等人确认") % {"stage": name}
    if stage == proposal.stage:
        return _("在%(stage)s，数也这么说") % {"stage": name}
    return _("定的是%(stage)s，看数像是%(proposed)s") % {"stage": name, "proposed": _(STAGE_NAMES[proposal.stage])}


def _said(said: StageSaid | None) -> str:
    if said is None:
        return ""
    who = names_of_users({said.by}).get(said.by, _("有人")) if said.by else _("有人")
    return _("%(who)s %(day)s 定的") % {"who": who, "day": tell_date(timezone.localtime(said.at).date(), "Y-m-d")}


def _todo(count: int) -> str:
    if not count:
        return _("这周清单上的都做完了")
    return ngettext("这周做什么：还有 %(n)d 件", "这周做什么：还有 %(n)d 件", count) % {"n": count}


def _line(item: Item, signals: Signals, *, is_ticked: bool) -> CheckLine:
    known = item.test(signals) if item.test else is_ticked
    number = item.number(signals).said(_) if item.number and known is not None else ""
    return CheckLine(item.code, _(item.title), _(item.how), number, known, item.test is None)
