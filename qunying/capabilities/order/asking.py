"""What somebody is told who asks in private why, or appeals. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from qunying.capabilities.order.knowing import NAME, Memory, Sanction
from qunying.capabilities.order.words import ANSWERED, APPEALED, WHY, rule_words
from qunying.judgement.folding import folded
from qunying.kernel.effects import OpenCase, Whisper
from qunying.kernel.events import MessageReceived
from qunying.kernel.opinions import Opinion, Reason
from qunying.kernel.scene import Member, Scene

TELLS_OF = timedelta(days=30)
APPEAL_WITHIN = timedelta(days=7)
_APPEALS = re.compile(r"申[诉訴]|上诉|冤枉|误判|误[会伤]|appeal|unfair|mistake")
_ASKS = re.compile(
    r"为[什啥]么?|凭什么|怎么(?:把我|就|回事)|啥原因|什么原因|移出|踢|警告|禁言|押金|删[了我]|\bwhy\b|what did i|removed|warned|muted|kicked|banned|deposit"
)
_HAN = re.compile("[\u3400-\u9fff]")


def about_question(event: MessageReceived, scene: Scene, memory: Memory) -> Opinion | None:
    """Answers why somebody was sanctioned, and opens a case where they appeal in time; None where it is about something else."""
    plain = folded(event.text)
    appeals = bool(_APPEALS.search(plain))
    if not appeals and not _ASKS.search(plain):
        return None
    member = scene.member(event, event.sender)
    found = memory.sanctions.get((event.community_id, member.identity_id), ())
    latest = next((one for one in reversed(found) if event.at - one.at <= TELLS_OF and one.stands), None)
    language = "zh" if _HAN.search(event.text) else "en"
    if latest is None:
        return None  # they ask about something else
    if appeals and event.at - latest.at <= APPEAL_WITHIN:
        key = appeal_key(latest.cause_key)
        if key in memory.answered:
            return _tells(member, ANSWERED[language])
        case = OpenCase(
            key=key,
            kind="appeal",
            group_id=latest.group_id,
            member=member.identity_id,
            message_key=event.source_key,
            capability=NAME,
            reason=f"order.{latest.rule}",
        )
        return Opinion(
            NAME,
            Reason("order.appeals", {"name": member.shown_name}),
            (case, _whisper(member.identity_id, APPEALED[language])),
        )
    return _tells(member, _why(latest, language))


def appeal_key(cause_key: str) -> str:
    """The case in which the appeal against a step is answered."""
    return f"appeal:{cause_key}"


def _tells(member: Member, text: str) -> Opinion:
    reason = Reason("order.tells_why", {"name": member.shown_name})
    return Opinion(NAME, reason, (_whisper(member.identity_id, text),))


def _why(sanction: Sanction, language: str) -> str:
    return WHY[language].format(rule=rule_words(sanction.rule, language), step=sanction.step)


def _whisper(member: int, text: str) -> Whisper:
    return Whisper(group_id=None, member=member, text=text)
