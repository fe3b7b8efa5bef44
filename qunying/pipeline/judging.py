"""Readings: what each message is, in the eyes of the judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qunying.kernel.events import Event


def judge(events: Sequence[Event]) -> dict[str, Mapping[str, Any]]:
    """Named verdicts by event key. No judge is installed yet, so nothing is claimed about any message."""
    return {}
