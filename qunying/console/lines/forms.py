"""The forms with which an account is connected, made of what its platform asks for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qunying.carriers.connecting import Asked, Way
from qunying.carriers.wire.lines import is_secret_taken
from qunying.kernel.errors import BadUse

LETTERS_AT_MOST = 1000


class AskedField(forms.CharField):
    """One thing that is asked; what somebody typed as a secret is not sent back."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        if asked.is_secret and not asked.is_generated:
            widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(
            label=_(asked.label),
            help_text=_(asked.help) if asked.help else "",
            required=asked.is_needed,
            max_length=LETTERS_AT_MOST,
            widget=widget,
            initial=(lambda: secrets.token_urlsafe(24)) if asked.is_generated else asked.default,
        )

    def clean(self, value: Any) -> str:
        """The text, where its check finds nothing wrong."""
        text: str = super().clean(value)
        try:
            if text:
                self.asked.check(text)
        except BadUse as error:
            raise forms.ValidationError(error.said(_)) from error
        return text


class WayForm(forms.Form):
    """What one way to connect to a platform asks for; of a line that is there already only its secrets."""

    def __init__(self, carrier: str, way: Way, data: Mapping[str, Any] | None = None, *, line_id: int = 0) -> None:
        only_secrets = bool(line_id)
        super().__init__(data, prefix=way.name if only_secrets else None)
        self._carrier, self._way, self._line_id = carrier, way, line_id
        for asked in way.fields:
            if asked.is_secret or not only_secrets:
                self.fields[asked.name] = AskedField(asked)

    def clean(self) -> dict[str, Any]:
        """What was said, where no other line has the same secret."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for asked in self._way.fields:
            text = said.get(asked.name, "") if asked.is_generated else ""
            if text and is_secret_taken(self._carrier, asked.name, text, besides=self._line_id):
                self.add_error(asked.name, _("另一条线路已经用着它了，群营会分不清谁是谁，请换一个"))
        return said

    def options(self) -> dict[str, str]:
        """What is readable of what was said."""
        said = {one.name: self.cleaned_data[one.name] for one in self._way.fields if not one.is_secret}
        return {**self._way.options, **{name: text for name, text in said.items() if text}}

    def secrets(self) -> dict[str, str]:
        """What is sealed of it."""
        said = {one.name: self.cleaned_data[one.name] for one in self._way.fields if one.is_secret}
        return {name: text for name, text in said.items() if text}


class ConnectForm(WayForm):
    """A new line, with the community to which new groups belong."""

    def __init__(
        self, carrier: str, way: Way, homes: Sequence[tuple[int, str]], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(carrier, way, data)
        self.fields["community"] = forms.TypedChoiceField(
            label=_("新看见的群归哪个社群"),
            help_text=_("群先只看不动；之后可以一个一个改。"),
            choices=homes,
            coerce=int,
        )
        self.order_fields(["community"])
