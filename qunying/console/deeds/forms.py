"""Whose deeds a table tells, and which of its columns is what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.carriers.files.deeds import NPS, ORDER, REFUND, SATISFACTION
from qunying.console.deeds.words import COLUMN_WORDS, tell_kind
from qunying.pipeline.past.tables import Table

OTHER = "other"
SOURCE_LETTERS, KIND_LETTERS = 64, 40


@dataclass(frozen=True, slots=True)
class Home:
    """A community that this person may import into."""

    id: int
    name: str


class DeedsForm(forms.Form):
    """Only the community must be said; the rest is proposed from the table's words."""

    community = forms.ChoiceField(label=gettext_lazy("读进哪个社群"))
    source = forms.CharField(
        label=gettext_lazy("从哪里来的"),
        help_text=gettext_lazy("店铺或平台的名字，例如有赞。同一家每次写一样的，重复的才认得出来。"),
        max_length=SOURCE_LETTERS,
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("每一行是什么"),
        help_text=gettext_lazy("表里有一列写着做了什么时，以那一列为准。"),
        required=False,
    )
    other_kind = forms.CharField(
        label=gettext_lazy("别的叫什么"),
        help_text=gettext_lazy("只在上面选「别的」时用，例如 visit、发帖。"),
        max_length=KIND_LETTERS,
        required=False,
    )
    sheet = forms.ChoiceField(label=gettext_lazy("读哪张工作表"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        homes: Sequence[Home],
        table: Table | None,
        header: Sequence[str] = (),
        proposed: Mapping[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """``proposed`` is our field → the table's column, as the header's words say."""
        self.homes, self.table, self.header = homes, table, header
        columns = {f"col_{field}": column for field, column in (proposed or {}).items()}
        super().__init__(data, initial={"sheet": table.sheet if table else "", **columns, **(initial or {})})
        self._offer("community", [(str(home.id), home.name) for home in homes])
        kinds = [(kind, tell_kind(kind)) for kind in (ORDER, REFUND, "consult", SATISFACTION, NPS)]
        self._offer("kind", [("", _("照表里写的；有金额的算订单")), *kinds, (OTHER, _("别的"))])
        self._offer("sheet", [(name, name) for name in (table.sheets if table else ())])
        offered = [("", _("没有这一列")), *((name, name) for name in dict.fromkeys(header) if name)]
        for field, words in COLUMN_WORDS.items():
            self.fields[f"col_{field}"] = forms.ChoiceField(label=_(words), choices=offered, required=False)

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The fields that say which column is what."""
        return [self[f"col_{field}"] for field in COLUMN_WORDS]

    @property
    def has_sheets(self) -> bool:
        """Whether there is more than one sheet to choose from."""
        return self.table is not None and len(self.table.sheets) > 1

    def clean(self) -> dict[str, Any]:
        """What is chosen as «another kind» has to have a name."""
        words: dict[str, Any] = super().clean() or {}
        if words.get("kind") == OTHER and not words.get("other_kind", "").strip():
            self.add_error("other_kind", _("写明每一行是什么"))
        return words

    def said(self, name: str) -> str:
        """What a field holds now, valid or not."""
        return str(self[name].value() or "").strip()

    @property
    def home(self) -> Home | None:
        """The chosen community."""
        return next((home for home in self.homes if str(home.id) == self.said("community")), None)

    @property
    def what(self) -> str:
        """What every row is where no column says it; «» where nobody says."""
        chosen = self.said("kind")
        return " ".join(self.said("other_kind").lower().split()) if chosen == OTHER else chosen

    @property
    def columns(self) -> dict[str, str]:
        """Our field → the table's column; «» where there is none."""
        return {field: self.said(f"col_{field}") for field in COLUMN_WORDS}

    @property
    def stamp(self) -> str:
        """Changes with everything that changes what would be read."""
        said = [self.said(name) for name in ("community", "source", "sheet")] + [self.what, str(self.columns)]
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]
