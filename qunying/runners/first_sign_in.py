"""The first sign-in of an installation: made once, shown until its password was changed."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.contrib.auth.models import User

from qunying.communities.access import Role
from qunying.communities.actions import do_grant

NAME = "owner"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is mistaken for something else


def do_make_first_sign_in(home: Path) -> tuple[str, str] | None:
    """Name and password of the first owner while the password is still the given one; None once it was changed."""
    note = home / "first-sign-in.txt"
    if not User.objects.exists():
        password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
        note.touch(mode=0o600)
        note.write_text(password, encoding="ascii")
        user = User.objects.create_user(NAME, password=password)
        do_grant(user.pk, Role.OWNER)
        return NAME, password
    if not note.exists():
        return None
    password = note.read_text(encoding="ascii").strip()
    owner = User.objects.filter(username=NAME).first()
    if owner is not None and owner.check_password(password):
        return NAME, password
    note.unlink()
    return None
