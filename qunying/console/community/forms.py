"""The forms of a community's pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.chains import COUNT_NAMES, KIND_NAMES, PEOPLE, TIMES, UNIT_NAMES, Link, LinkDraft, LinkKind
from qunying.console.community.words import KIND_OF_GROUP, tell_counting
from qunying.insights.kpis.catalogue import Kpi

PLACE_KINDS = ("forum", "meetup")
MOST_AIM = Decimal(10) ** 12
AS_KEPT = Decimal("0.0001")


class LinkForm(forms.Form):
    """A link of the chain."""

    kind = forms.ChoiceField(
        label=gettext_lazy("是哪一步"), choices=lambda: [(k.value, _(n)) for k, n in KIND_NAMES.items()]
    )
    name = forms.CharField(
        label=gettext_lazy("叫什么"), help_text=gettext_lazy("不写就用这一步的名字。"), max_length=40, required=False
    )
    count_by = forms.ChoiceField(label=gettext_lazy("怎么数"), required=False)
    deed = forms.CharField(
        label=gettext_lazy("或者数做过这件事的人"),
        help_text=gettext_lazy("导入的事叫什么就写什么，例如 visit；写了就以它为准。"),
        max_length=40,
        required=False,
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("数的是"), choices=lambda: [(u, _(UNIT_NAMES[u])) for u in (PEOPLE, TIMES)], required=False
    )
    is_ours = forms.BooleanField(label=gettext_lazy("社群就在这一环"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        counting = self.fields["count_by"]
        assert isinstance(counting, forms.ChoiceField)
        counting.choices = [(code, tell_counting(code)) for code in COUNT_NAMES]

    def draft(self) -> LinkDraft:
        """The link as the valid form says it."""
        said = self.cleaned_data
        deed = " ".join(said["deed"].split())
        return LinkDraft(
            kind=LinkKind(said["kind"]),
            count_by=f"deed:{deed}" if deed else said["count_by"],
            unit=said["unit"] or PEOPLE,
            name=said["name"],
            is_ours=said["is_ours"],
        )


def form_of_link(link: Link) -> LinkForm:
    """The form filled with what a link is."""
    is_known = link.count_by in COUNT_NAMES
    initial = {
        "kind": link.kind.value,
        "name": link.name,
        "count_by": link.count_by if is_known else "",
        "deed": "" if is_known else link.count_by.partition(":")[2],
        "unit": link.unit,
        "is_ours": link.is_ours,
    }
    return LinkForm(initial=initial, prefix=None, auto_id=f"id_{link.id}_%s")


class NumbersForm(forms.Form):
    """A file with numbers from outside."""

    file = forms.FileField(
        label=gettext_lazy("数字表"),
        help_text=gettext_lazy(
            "Excel 或 CSV，一行一个数：日期、环节、数量；满意度和 NPS 再写一列分数，花费写在数量里。"
        ),
    )


class TargetForm(forms.Form):
    """What a KPI shall be; shares are typed as percent."""

    value = forms.DecimalField(label=gettext_lazy("目标"), required=False, max_digits=18, decimal_places=4)

    def __init__(self, kpi: Kpi, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.kpi = kpi
        self.fields["value"].help_text = (
            _("百分之几，写 60 就是 60%；空着就是不定目标。") if kpi.shown == "share" else _("空着就是不定目标。")
        )

    def clean_value(self) -> Decimal | None:
        """The target as it is kept: shares of one. NPS may be below nought, nothing else."""
        said: Decimal | None = self.cleaned_data["value"]
        if said is None:
            return None
        low, high = LIMITS.get(self.kpi.name, (Decimal(0), Decimal(100) if self.kpi.shown == "share" else MOST_AIM))
        if not low <= said <= high:
            raise forms.ValidationError(_("要在 %(low)s 到 %(high)s 之间") % {"low": low, "high": high})
        return (said / 100).quantize(AS_KEPT) if self.kpi.shown == "share" else said


LIMITS: Mapping[str, tuple[Decimal, Decimal]] = {
    "nps": (Decimal(-100), Decimal(100)),
    "satisfaction": (Decimal(1), Decimal(5)),
}


class PlaceForm(forms.Form):
    """A forum board or an offline meet-up of the community: a group without a chat."""

    kind = forms.ChoiceField(
        label=gettext_lazy("是什么"), choices=lambda: [(code, _(KIND_OF_GROUP[code])) for code in PLACE_KINDS]
    )
    name = forms.CharField(label=gettext_lazy("叫什么"), max_length=120)
    city = forms.CharField(label=gettext_lazy("城市"), max_length=40, required=False)
    opened_on = forms.DateField(
        label=gettext_lazy("哪天开的"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    capacity = forms.IntegerField(label=gettext_lazy("最多多少人"), min_value=1, max_value=1_000_000, initial=500)
