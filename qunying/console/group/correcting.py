"""Corrections in words: what people said of a message, what was learnt from which of them, and what may be said yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.sign_ins import names_of_users
from qunying.console.group.labels import MEANINGS, tell_correction
from qunying.judgement.judge import Judged
from qunying.judgement.learning import teachable
from qunying.judgement.learning.learnt import moved
from qunying.kernel.readings import Verdict
from qunying.talk.corrections import Corrected, corrections_of_message, find_corrections
from qunying.talk.readings import readings_of
from qunying.ui.figures import number, percent

SHOWN_LETTERS = 60
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction that counts: who says what of which words; ``href`` leads to the message where it is still there."""

    id: int
    sentence: str
    who: str
    at: datetime
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """Of one verdict on one message: what was said of it, what was learnt and from where, the correction to offer."""

    said: tuple[CorrectionLine, ...] = ()
    learnt: str = ""
    sources: tuple[CorrectionLine, ...] = ()
    offer: str = ""
    answer: str = ""


def tell_corrections(found: Collection[Corrected]) -> tuple[CorrectionLine, ...]:
    """Corrections in words; one query."""
    names = names_of_users({one.reviewer_id for one in found if one.reviewer_id is not None}) if found else {}
    return tuple(
        CorrectionLine(
            id=one.id,
            sentence=tell_correction(one.verdict, is_so=one.is_so),
            who=names.get(one.reviewer_id or 0, _("有人")),
            at=one.at,
            words=one.text if len(one.text) <= SHOWN_LETTERS else f"{one.text[:SHOWN_LETTERS]}…",
            href=reverse("console:group-message", args=[one.group_id, one.message_id]) if one.group_id else "",
        )
        for one in found
    )


def read_corrections(message_id: int, judged: Sequence[Judged], teacher: int | None) -> Mapping[Verdict, Corrections]:
    """What stands beside each verdict on a message; who is no teacher is offered nothing. At most three queries."""
    said = corrections_of_message(message_id)
    named = {int(name) for one in judged if one.learnt for name in one.learnt.lessons}
    known = {one.id: one for one in said}
    known |= find_corrections(named - known.keys()) if named - known.keys() else {}
    lines = {line.id: line for line in tell_corrections(known.values())}
    own = {one.verdict for one in said if one.reviewer_id == teacher}
    found = {}
    for one in judged:
        may_teach = teacher is not None and one.verdict in teachable() and one.verdict not in own
        sources = [int(name) for name in one.learnt.lessons] if one.learnt else []
        found[one.verdict] = Corrections(
            said=tuple(lines[each.id] for each in said if each.verdict is one.verdict),
            learnt=_tell_learnt(one),
            sources=tuple(lines[each] for each in sources if each in lines),
            offer=_offer(one) if may_teach else "",
            answer=f"{one.verdict}:{NO if one.is_so else YES}",
        )
    return found


def read_answer(answer: str) -> tuple[Verdict, bool] | None:
    """The verdict and whether it is so, as the button said; None for what no button says."""
    name, _sep, so = answer.partition(":")
    return (Verdict(name), so == YES) if name in set(Verdict) and so in {YES, NO} else None


def tell_taught(message_id: int, verdict: Verdict, *, is_so: bool, is_new: bool) -> str:
    """What came of a correction: one alone does not turn what is clear."""
    if not is_new:
        return _("你已经这么说过了")
    now = readings_of([message_id]).get(message_id)
    if now is None or now.is_so(verdict) == is_so:
        return _("记下了，这条已经按更正重新判断")
    return _("记下了。这条的判断还没翻过来：一个人的更正只挪一点，几个人都这么说才行")


def _offer(one: Judged) -> str:
    name = _(MEANINGS[one.verdict][0])
    return (_("不对，这不是%(name)s") if one.is_so else _("这其实是%(name)s")) % {"name": name}


def _tell_learnt(one: Judged) -> str:
    if one.learnt is None:
        return ""
    count = one.learnt.count
    words = {"n": number(count), "before": percent(moved(one.probability, -one.learnt.shift))}
    return (
        ngettext("学了 %(n)s 条更正，没有的话是 %(before)s", "学了 %(n)s 条更正，没有的话是 %(before)s", count) % words
    )
