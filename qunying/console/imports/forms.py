"""What has to be said before an import starts: which group, which community, how times and columns are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.queries import find_community_by_name, list_groups_named
from qunying.console.imports.words import FIELD_WORDS, ORDER_WORDS
from qunying.kernel.errors import BadUse
from qunying.pipeline.past.look import TABLE_FIELDS, Look, missing_columns
from qunying.pipeline.past.plan import DEFAULT_COMMUNITY, DEFAULT_ZONE, NAME_LETTERS, check_timezone

NEW = "new"
ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Bangkok",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Sydney",
    "UTC",
)


@dataclass(frozen=True, slots=True)
class Home:
    """A community that this person may import into."""

    id: int
    name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form was told, as ``do_start_run`` takes it."""

    group_name: str
    community: str
    timezone: str
    date_order: str
    columns: Mapping[str, str]


class StartForm(forms.Form):
    """Only what these files leave open is asked."""

    group = forms.CharField(
        label=gettext_lazy("读进哪个群"),
        max_length=NAME_LETTERS,
        help_text=gettext_lazy(
            "写一个已有的群名就接着补，写新的就新建。几个聊天在一个文件里时，各自成群，名字前面加上这个。"
        ),
    )
    community = forms.ChoiceField(label=gettext_lazy("属于哪个社群"))
    new_community = forms.CharField(label=gettext_lazy("新社群叫什么"), max_length=NAME_LETTERS, required=False)
    timezone = forms.CharField(
        label=gettext_lazy("文件里的时间是哪里的"),
        required=False,
        help_text=gettext_lazy("这些文件只写了几点几分，没写时区。一般就是导出的人所在的地方。"),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    date_order = forms.ChoiceField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, look: Look, homes: Sequence[Home], may_found: bool, name: str
    ) -> None:
        """``homes`` are the communities to choose from; ``name`` is proposed for the group."""
        self.look, self.homes, self.may_found = look, homes, may_found
        zone = homes[0].timezone if homes else DEFAULT_ZONE
        chosen = str(homes[0].id) if homes else NEW
        initial = {
            "group": name,
            "community": chosen,
            "new_community": "" if homes else _(DEFAULT_COMMUNITY),
            "timezone": zone,
        }
        super().__init__(data, initial=initial)
        self.choices_of("community", [(str(home.id), home.name) for home in homes])
        if may_found:
            self.choices_of("community", [*((str(home.id), home.name) for home in homes), (NEW, _("新建一个社群…"))])
        orders = [("", _("照上面的")), *((key, _(ORDER_WORDS[key])) for key in ("dmy", "mdy", "ymd"))]
        self.choices_of("date_order", orders)
        if look.table:
            self._add_columns()

    def choices_of(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Sets what a list offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _add_columns(self) -> None:
        table = self.look.table
        assert table is not None
        offered = [("", _("没有这一列")), *((name, name) for name in table.header if name)]
        for field in TABLE_FIELDS:
            self.fields[f"col_{field}"] = forms.ChoiceField(
                label=_(FIELD_WORDS.get(field, field)),
                choices=offered,
                required=False,
                initial=(table.columns or {}).get(field, ""),
            )

    @property
    def asks_zone(self) -> bool:
        """Whether times say no zone, or nobody knows yet because a table's columns are still to be named."""
        return self.look.needs_zone or (self.look.table is not None and not self.look.table.samples)

    @property
    def home_zone(self) -> str:
        """The zone in which the chosen community tells its days; the default one for a new community."""
        chosen = str(self["community"].value())
        return next((home.timezone for home in self.homes if str(home.id) == chosen), DEFAULT_ZONE)

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The fields that say which column is what."""
        return [self[f"col_{field}"] for field in TABLE_FIELDS if f"col_{field}" in self.fields]

    def clean_timezone(self) -> str:
        """A zone that exists; none where the files say theirs."""
        zone: str = self.cleaned_data["timezone"].strip()
        if not self.asks_zone:
            return ""
        if not zone:
            raise forms.ValidationError(_("选一个时区，不然几点最热闹会整个错开"))
        try:
            check_timezone(zone)
        except BadUse as error:
            raise forms.ValidationError(error.said(_)) from error
        return zone

    def clean(self) -> dict[str, Any]:
        """What concerns several fields: the community's name, whose group that is, whether the columns are enough."""
        words: dict[str, Any] = super().clean() or {}
        self._clean_community(words)
        self._clean_columns(words)
        return words

    def _clean_community(self, words: dict[str, Any]) -> None:
        chosen = words.get("community")
        name = next((home.name for home in self.homes if str(home.id) == chosen), "")
        if chosen == NEW:
            name = (words.get("new_community") or "").strip()
            if not name:
                self.add_error("new_community", _("给新社群起个名字"))
            elif find_community_by_name(name) is not None:
                self.add_error("new_community", _("已经有一个叫「%(name)s」的社群") % {"name": name})
        words["home"] = name
        group = words.get("group")
        if group and name and any(one.community != name for one in list_groups_named(group.strip())):
            self.add_error(
                "group", _("「%(name)s」已经是别的社群里的群了。换个名字，或者换成那个社群") % {"name": group}
            )

    def _clean_columns(self, words: dict[str, Any]) -> None:
        table = self.look.table
        columns = {field: words.get(f"col_{field}") or "" for field in TABLE_FIELDS} if table else {}
        words["columns"] = columns
        if table is not None and (missing := missing_columns(table, columns)):
            self.add_error("col_time" if not columns.get("time") else "col_text", missing.said(_))

    def answers(self) -> Answers:
        """What was said; only after ``is_valid``."""
        words = self.cleaned_data
        return Answers(words["group"], words["home"], words["timezone"], words["date_order"], words["columns"])
