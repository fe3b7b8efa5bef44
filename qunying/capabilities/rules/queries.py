"""Whom the rules have reached, and how."""

from __future__ import annotations

from qunying.capabilities.rules.models import RuleReached


def find_how_reached(rule_id: int, meaning: int, identity_id: int) -> str | None:
    """By what somebody has seen that rule as it is meant since that version; None where they have not."""
    found = RuleReached.objects.filter(rule=rule_id, meaning=meaning, identity=identity_id)
    return found.values_list("how", flat=True).first()
