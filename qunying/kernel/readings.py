"""What a message is in the eyes of the judges: nine named verdicts, each with how probable it is and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Verdict(StrEnum):
    """One thing a message can be; several can hold at once. The order is the one in which readings are kept."""

    AD = "ad"
    CONTACT = "contact"
    ABUSE = "abuse"
    COMPLAINT = "complaint"
    QUESTION = "question"
    NEED = "need"
    INTENT = "intent"
    INTRODUCTION = "introduction"
    CHECKIN = "checkin"


VERDICTS = tuple(Verdict)
_PLACE = {verdict: place for place, verdict in enumerate(VERDICTS)}
_FULL = 255


@dataclass(frozen=True, slots=True)
class Reading:
    """Kept with a message: ``scores`` has a byte per verdict (255 is certain), ``holds`` a bit, lowest first.

    ``judge`` names the version of the judges that read it.
    """

    scores: bytes
    holds: int
    judge: str

    @classmethod
    def of(cls, probabilities: Mapping[Verdict, float], thresholds: Mapping[Verdict, float], judge: str) -> Self:
        """What probabilities of every verdict come to; one holds from its threshold on."""
        scores = bytes(round(_FULL * probabilities[verdict]) for verdict in VERDICTS)
        holds = sum(1 << place for verdict, place in _PLACE.items() if probabilities[verdict] >= thresholds[verdict])
        return cls(scores, holds, judge)

    def probability(self, verdict: Verdict) -> float:
        """0 … 1, to a part in 255."""
        return self.scores[_PLACE[verdict]] / _FULL

    def is_so(self, verdict: Verdict) -> bool:
        """Whether the verdict held for these judges."""
        return bool(self.holds & mask_of(verdict))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Those that hold."""
        return tuple(verdict for verdict in VERDICTS if self.is_so(verdict))


def mask_of(verdict: Verdict) -> int:
    """The bit of ``holds`` that is set where the verdict holds."""
    return 1 << _PLACE[verdict]


UNREAD = Reading(bytes(len(VERDICTS)), 0, "")  # of what has no words
