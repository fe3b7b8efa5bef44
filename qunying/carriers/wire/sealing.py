"""Tokens and passwords at rest: encrypted with a key made of the installation's secret, so that a copy of the database is not enough."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

_PURPOSE = b"qunying.carriers.wire:"


class CannotOpen(Exception):
    """The secret of the installation is another one than when this was sealed."""


def seal(secrets: Mapping[str, str]) -> str:
    """These secrets, encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256); empty for none."""
    return _fernet().encrypt(json.dumps(dict(secrets)).encode()).decode("ascii") if secrets else ""


def unseal(sealed: str) -> dict[str, str]:
    """What ``seal`` sealed. Raises ``CannotOpen``."""
    if not sealed:
        return {}
    try:
        return dict(json.loads(_fernet().decrypt(sealed.encode("ascii"))))
    except InvalidToken as error:
        raise CannotOpen from error


def _fernet() -> Fernet:
    key = hashlib.sha256(_PURPOSE + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
