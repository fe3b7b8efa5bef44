"""Facts about communities and groups, as everything that writes here records them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from qunying.kernel.facts import Fact


def fact_of(
    name: str,
    community_id: int | None,
    group_id: int | None,
    at: datetime,
    actor: str,
    words: Mapping[str, object],
    values: Mapping[str, object] = MappingProxyType({}),
) -> Fact:
    """``values`` are what people wrote, before and after: kept apart, because they may name somebody."""
    what = f"{words.get('capability') or words.get('what', '')}{words.get('added', '')}{words.get('removed', '')}"
    return Fact(
        name=name,
        at=at,
        community_id=community_id,
        group_id=group_id,
        actor=actor,
        key=f"{name}:{community_id}:{group_id}:{what}:{at.isoformat()}",
        words=words,
        personal=values,
    )


def before_and_after(
    fields: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, dict[str, object]]:
    """The values of these fields as JSON can hold them; absent ones are None."""
    return {field: {"before": plain(before.get(field)), "after": plain(after.get(field))} for field in fields}


def plain(value: object) -> object:
    """A value as JSON can hold it, and gives it back alike."""
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
