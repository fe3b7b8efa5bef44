"""The second step of a sign-in: what allauth's pages about codes and passkeys say and accept here."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext, gettext_lazy
from qrcode.image.svg import SvgPathFillImage


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second step with our words, and a QR code that can be read on a dark page too."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("没有通过：不对、用过了，或者过期了。请再试一次。"),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """A first name for a new passkey, until its owner finds a better one."""
        return gettext("通行密钥 %(n)d") % {"n": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def build_totp_svg(self, url: str) -> str:
        """The QR code on white ground: black on goes_together the page has could not be scanned in the dark theme."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode("utf-8")


class CodeField(forms.CharField):
    """A code as people type it: figures of any script and width count, goes_together stands between them does not."""

    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})

    def to_python(self, value: object) -> str:
        """Only the figures, as 0 to 9."""
        return "".join(str(unicodedata.decimal(sign)) for sign in super().to_python(value) or "" if sign.isdecimal())


class AskCode(AuthenticateForm):  # type: ignore[misc]
    """After the password: a code of the phone, or one of the recovery codes."""

    code = CodeField(max_length=64, label=gettext_lazy("验证码或恢复码"))


class AskCodeAgain(ReauthenticateForm):  # type: ignore[misc]
    """Before something dangerous: the same once more."""

    code = CodeField(max_length=64, label=gettext_lazy("验证码或恢复码"))


class FirstCode(ActivateTOTPForm):  # type: ignore[misc]
    """Proof that the phone has the secret."""

    code = CodeField(max_length=64, label=gettext_lazy("手机上的六位数字"))
