"""What a case is about: the message among those around it, and why it is shown, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from qunying.communities.queries import GroupInfo
from qunying.console.group.items import Item, Snippet
from qunying.console.group.labels import LOOKED_AT
from qunying.console.group.verdicts import JudgedMessage, VerdictRow, read_judged
from qunying.console.reasons import tell_reason
from qunying.console.review.context import VerdictLine
from qunying.console.review.words import hardest
from qunying.desk.reviewing import TakenCase
from qunying.kernel.readings import Verdict
from qunying.outbox.queries import Item as Proposed
from qunying.talk.lines import lines_by_key, list_lines_of

AROUND = 3
DOUBTED = 0.3  # from which probability on a verdict that does not hold is still told with its number
MARKED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """The message a case is about, with what the judges say of it now; nothing where it is about none or it is gone."""

    judged: JudgedMessage | None = None

    @property
    def big(self) -> tuple[Snippet, ...]:
        """Its words, with those marked that speak most for what it is held for."""
        if self.judged is None:
            return ()
        telling = next((row for row in self.judged.rows if row.is_so and _is_telling(row)), None)
        return telling.text if telling else self.judged.item.text

    @property
    def item(self) -> Item | None:
        """The message as a line of the talk."""
        return self.judged.item if self.judged else None


def read_seen(case: TakenCase, group: GroupInfo | None, now: datetime) -> Seen:
    """The message a case is about, among three before and three after."""
    if group is None or not case.message_key or case.kind == "appeal":
        return Seen()
    line = lines_by_key(group.id, [case.message_key]).get(case.message_key)
    return Seen(read_judged(group, line.id, now, None, AROUND)) if line else Seen()


def read_seen_at(group: GroupInfo | None, member: int, at: datetime, now: datetime) -> Seen:
    """What somebody said in a group at that moment, among three before and three after."""
    if group is None:
        return Seen()
    said = list_lines_of(group.id, [member], since=at - timedelta(seconds=1), until=at, limit=1)
    return Seen(read_judged(group, said[0].id, now, None, AROUND)) if said else Seen()


def tell_verdicts(case: TakenCase, seen: Seen, items: Sequence[Proposed]) -> tuple[VerdictLine, ...]:
    """Whose idea it is and why, then every verdict, those that hold first and those that say no short."""
    lines = [line for line in (_of_capability(case, items),) if line is not None]
    rows = seen.judged.rows if seen.judged else ()
    aside = [row for row in rows if not row.is_so and not _is_looked_at(row)]
    shown = [_line(row) for row in rows if row not in aside]
    return (*lines, *shown, *([_none_of(aside)] if aside else []))


def _none_of(rows: Sequence[VerdictRow]) -> VerdictLine:
    """What nobody minds in a message and is not there, in one line."""
    names = _("、").join(row.name for row in rows)
    return VerdictLine(names, None, _("都没有"), "", is_so=False)


def _of_capability(case: TakenCase, items: Sequence[Proposed]) -> VerdictLine | None:
    item = hardest(items)
    if item is None:
        return None
    sentence = tell_reason(item.reason_code, item.reason_params or {})
    return VerdictLine(_("为什么这样建议"), case.score, _score(case.score), "look", is_so=True, why=sentence)


def _score(score: float | None) -> str:
    if score is None:
        return ""
    return _("%(score)s，拿不准") % {"score": f"{score:.2f}"} if score < 0.8 else f"{score:.2f}"


def _line(row: VerdictRow) -> VerdictLine:
    said = f"{row.probability:.2f}"
    if not row.is_so:
        said = said if row.probability >= DOUBTED else _("没有 %(score)s") % {"score": said}
    marked = tuple(part.text.strip() for part in row.text if part.is_hit and part.text.strip())
    return VerdictLine(
        name=row.name,
        score=row.probability if row.is_so or row.probability >= DOUBTED else None,
        said=said,
        tone="look" if row.is_so and _is_telling(row) else "",
        is_so=row.is_so,
        marked=tuple(dict.fromkeys(marked))[:MARKED_AT_MOST] if row.is_so else (),
        why=row.meaning if row.is_so else "",
    )


def _is_telling(row: VerdictRow) -> bool:
    return row.verdict in (Verdict.AD, Verdict.CONTACT, Verdict.ABUSE)


def _is_looked_at(row: VerdictRow) -> bool:
    return row.verdict in LOOKED_AT
