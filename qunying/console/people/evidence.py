"""Why two accounts are, or may be, one person: in a sentence, with phones and addresses half hidden."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

EVIDENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "union": gettext_noop("平台说是同一个人（union id 相同）"),
        "phone": gettext_noop("手机号相同"),
        "email": gettext_noop("邮箱相同"),
        "card": gettext_noop("群名片上的公司、职位和称呼都相同"),
        "hand": gettext_noop("我们的人认得"),
    }
)
MANY_DIGITS = 7


def tell_evidence(code: str, shared: str) -> str:
    """The reason, with what is shared where it may be shown."""
    told = _(EVIDENCE_WORDS[code]) if code in EVIDENCE_WORDS else code
    shown = veiled(code, shared)
    return _("%(why)s：「%(shared)s」") % {"why": told, "shared": shown} if shown else told


def veiled(code: str, shared: str) -> str:
    """What is shared, so that whoever knows it recognises it and nobody else learns it: «138****8000»."""
    match code:
        case "phone" if len(shared) >= MANY_DIGITS:
            return f"{shared[:3]}****{shared[-4:]}"
        case "email":
            name, at, host = shared.partition("@")
            return f"{name[:1]}***{at}{host}"
        case "union":
            return f"…{shared[-4:]}" if len(shared) > MANY_DIGITS else ""
        case "card":
            return shared
        case _:
            return ""
