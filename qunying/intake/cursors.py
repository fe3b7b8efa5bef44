"""How far a reader of a stream has come."""

from __future__ import annotations

from qunying.intake.models import Cursor


def position_of(name: str) -> int:
    """The last position passed; 0 before the first."""
    return Cursor.objects.filter(name=name).values_list("position", flat=True).first() or 0


def do_advance(name: str, position: int) -> None:
    """Passes everything up to this position."""
    Cursor.objects.update_or_create(name=name, defaults={"position": position})
