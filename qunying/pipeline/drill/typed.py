"""Settings as somebody wrote them in YAML, checked as a form would check them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from qunying.kernel.capability import Capability, resolve_settings
from qunying.kernel.errors import BadUse
from qunying.pipeline.drill.lined import Lined


def typed_settings(capability: Capability, values: dict[str, Any], line: Lined) -> dict[str, Any]:
    """YAML strings as the types of the settings' defaults. Raises ``BadUse`` naming line, setting and reason."""
    default = capability.settings()
    typed: dict[str, Any] = {}
    for name, value in values.items():
        kind = type(getattr(default, name, ""))
        try:
            typed[name] = _as(kind, value)
            _check_range(capability, name, typed[name], line)
        except (TypeError, ValueError) as error:
            raise BadUse(f"line {line.line}: {capability.name}.{name}: {value!r} is not a {kind.__name__}") from error
    try:
        capability.check(resolve_settings(capability.settings, typed))
    except (ValueError, BadUse) as error:
        raise BadUse(f"line {line.line}: {capability.name}: {error}") from error
    return typed


def _check_range(capability: Capability, name: str, value: Any, line: Lined) -> None:
    meta: Mapping[str, Any] = {part.name: part.metadata for part in fields(capability.settings)}.get(name, {})
    low, high, choices = meta.get("low"), meta.get("high"), dict(meta.get("choices", ()))
    if choices and value not in choices:
        raise BadUse(f"line {line.line}: {capability.name}.{name}: {value!r} is none of {', '.join(choices)}")
    _check_own(capability, name, value, meta, line)
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadUse(f"line {line.line}: {capability.name}.{name}: {value!r} lies outside of {low}–{high}")


def _check_own(capability: Capability, name: str, value: Any, meta: Mapping[str, Any], line: Lined) -> None:
    try:
        meta.get("check", lambda _: None)(value)
    except BadUse as error:
        raise BadUse(f"line {line.line}: {capability.name}.{name}: {error}") from error


def _as(kind: type, value: Any) -> Any:
    if kind is bool:
        if value not in {"true", "false"}:
            raise ValueError(value)
        return value == "true"
    if kind is tuple:
        return tuple(value) if isinstance(value, list) else (value,)
    if not isinstance(value, str):
        raise TypeError(value)
    return kind(value)
