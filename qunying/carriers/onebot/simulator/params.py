"""The parameters of an action, read as strictly as implementations do: numbers may come as strings, and that is all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .refusals import bad_params

TRUE, FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}
MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Params:
    """What came with an action. A missing or malformed parameter is a refusal with code 1400."""

    values: Mapping[str, Any]

    def raw(self, name: str, default: Any = MISSING) -> Any:
        """As it came."""
        value = self.values.get(name)
        if value is None:
            if default is MISSING:
                raise bad_params(f"{name} is required")
            return default
        return value

    def integer(self, name: str, default: int = MISSING) -> int:
        """A whole number, also written as string."""
        value = self.raw(name, default)
        return value if value is default else _integer(name, value)

    def integers(self, name: str) -> list[int]:
        """A list of whole numbers; one alone is a list of one."""
        value = self.raw(name)
        listed = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        return [_integer(name, each) for each in listed]

    def string(self, name: str, default: str = MISSING) -> str:
        """Words; a number is taken as its digits."""
        value = self.raw(name, default)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise bad_params(f"{name} must be a string")
        return str(value)

    def boolean(self, name: str, *, default: bool) -> bool:
        """Yes or no, also as word or digit."""
        value = self.raw(name, default)
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word not in TRUE | FALSE:
            raise bad_params(f"{name} must be a boolean")
        return word in TRUE


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise bad_params(f"{name} must be a number")
    try:
        number = int(value)
    except (ValueError, OverflowError) as error:
        raise bad_params(f"{name} must be a number") from error
    if isinstance(value, float) and number != value:
        raise bad_params(f"{name} must be a whole number")
    return number
