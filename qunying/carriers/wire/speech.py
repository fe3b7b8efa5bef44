"""What a worker asks the process that holds the lines to do, and its answer, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qunying.carriers.base import Answer, Delivery, Outcome
from qunying.kernel.effects import Outside, from_payload, to_payload


def write_delivery(carrier: str, delivery: Delivery) -> dict[str, Any]:
    """A delivery on its way to a line."""
    return {
        "carrier": carrier,
        "key": delivery.key,
        "kind": type(delivery.effect).__name__,
        "effect": to_payload(delivery.effect),
        "account_ref": delivery.account_ref,
        "group_ref": delivery.group_ref,
        "member_ref": delivery.member_ref,
        "mention_refs": list(delivery.mention_refs),
    }


def read_delivery(words: Mapping[str, Any]) -> tuple[str, Delivery]:
    """The carrier and what ``write_delivery`` wrote. Raises ``KeyError`` or ``TypeError`` for anything else."""
    effect = from_payload(words["kind"], words["effect"])
    if not isinstance(effect, Outside):
        raise TypeError(words["kind"])
    return words["carrier"], Delivery(
        key=words["key"],
        effect=effect,
        account_ref=words["account_ref"],
        group_ref=words["group_ref"],
        member_ref=words["member_ref"],
        mention_refs=tuple(words["mention_refs"]),
    )


def write_answer(answer: Answer) -> dict[str, Any]:
    """A platform's answer on its way back."""
    retry_at = answer.retry_at.isoformat() if answer.retry_at else None
    return {"outcome": answer.outcome.value, "ref": answer.ref, "words": answer.words, "retry_at": retry_at}


def read_answer(words: Mapping[str, Any]) -> Answer:
    """What ``write_answer`` wrote."""
    retry_at = datetime.fromisoformat(words["retry_at"]) if words["retry_at"] else None
    return Answer(Outcome(words["outcome"]), words["ref"], words["words"], retry_at)
