"""One message with what the judges say of it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.communities.queries import GroupInfo
from qunying.console.group.checks import ChecksPanel, read_checks
from qunying.console.group.correcting import Corrections, read_corrections
from qunying.console.group.items import Item, Snippet
from qunying.console.group.labels import MEANINGS, labels_of
from qunying.console.group.stream import look_up, tell
from qunying.console.group.words import cut_up
from qunying.judgement.judge import WORDS, Judged, is_same_judge, judge, name_of, version
from qunying.kernel.readings import Reading, Verdict
from qunying.talk.learning import learnt_of
from qunying.talk.lines import Line, find_line, list_lines_around
from qunying.talk.readings import is_readable, readings_of
from qunying.ui.figures import percent

AROUND = 4  # messages before and after, to read it among
KINDS: Mapping[str, str] = MappingProxyType(
    {
        WORDS: gettext_noop("标出来的字分量最重"),
        "wechat": gettext_noop("标出来的是微信号"),
        "qq": gettext_noop("标出来的是 QQ 号或 QQ 群号"),
        "phone": gettext_noop("标出来的是电话号码"),
        "telegram": gettext_noop("标出来的是 Telegram 账号"),
        "email": gettext_noop("标出来的是邮箱"),
        "code": gettext_noop("标出来的是邀请码或口令"),
        "invitation": gettext_noop("标出来的是叫人私下联系的话"),
        "other": gettext_noop("标出来的是别处的账号"),
    }
)


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One verdict on one message: holds or not, how probable against from where on, and the words behind it."""

    verdict: Verdict
    name: str
    meaning: str
    is_so: bool
    probability: float
    sentence: str
    why: str
    text: tuple[Snippet, ...]
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class JudgedMessage:
    """A message among those around it, with every verdict, those that hold first, and what capabilities look at.

    ``note`` says what is special about the verdicts.
    """

    item: Item
    before: tuple[Item, ...]
    after: tuple[Item, ...]
    rows: tuple[VerdictRow, ...]
    judge: str
    note: str
    checks: tuple[ChecksPanel, ...]


def read_judged(
    group: GroupInfo, message_id: int, now: datetime, teacher: int | None, around: int = AROUND
) -> JudgedMessage | None:
    """A message with what the judges say of it now; None where the group has no such message.

    ``teacher`` is who may correct it, ``around`` how many messages stand before and after.
    """
    line = find_line(group.id, message_id)
    if line is None:
        return None
    before, after = list_lines_around(group.id, line, around)
    items = {item.id: item for item in tell(look_up(group.id, [*before, line, *after], []), now) if item.id}
    kept = readings_of([message_id]).get(message_id)
    learnt = learnt_of([group.community_id]).get(group.community_id)
    judged = sorted(judge(line.text, learnt), key=lambda one: (not one.is_so, -one.probability))
    is_taught = is_readable(line.text, line.kind, is_own=line.is_own)
    corrections = read_corrections(message_id, judged, teacher if is_taught else None)
    return JudgedMessage(
        item=items[message_id],
        before=tuple(items[one.id] for one in before),
        after=tuple(items[one.id] for one in after),
        rows=tuple(_row(line.text, one, corrections[one.verdict]) for one in judged) if line.text else (),
        judge=name_of(learnt),
        note=_note(line, kept, judged),
        checks=read_checks(group, line, now),
    )


def _note(line: Line, kept: Reading | None, judged: Sequence[Judged]) -> str:
    if not line.text:
        return _("这条没有字，没有什么可判断的。")
    if line.is_own:
        return _("这是小助手自己说的，平时不判断；下面是当作别人说的来判断的结果。")
    if kept is None:
        return _("这条还没轮到判读，下面是现在判断的结果。")
    names = _("、").join(label.word for label in labels_of(kept)) or _("没有什么特别的")
    if not is_same_judge(kept.judge, version()):
        return _("存下的是旧版本（%(old)s）的判断：%(names)s。下面是现在的。") % {"old": kept.judge, "names": names}
    if set(kept.verdicts) != {one.verdict for one in judged if one.is_so}:  # read with other corrections
        return _("存下的是按当时的更正判断的：%(names)s。下面按现在的更正。") % {"names": names}
    return ""


def _row(text: str, one: Judged, corrections: Corrections) -> VerdictRow:
    name, meaning = MEANINGS[one.verdict]
    words = {"now": percent(one.probability), "least": percent(one.threshold)}
    reasons = dict.fromkeys(_(KINDS.get(each.why, KINDS["other"])) for each in one.evidence)
    return VerdictRow(
        verdict=one.verdict,
        name=_(name),
        meaning=_(meaning),
        is_so=one.is_so,
        probability=one.probability,
        sentence=_("%(now)s，%(least)s 起才算") % words,
        why=_("；").join(reasons),
        text=cut_up(text, [each.span for each in one.evidence]) if one.evidence else (),
        corrections=corrections,
    )
