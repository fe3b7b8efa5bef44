"""Where a group comes from and who goes on with it: the links as a page shows them, and the form that adds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.communities.lineage import Link, LinkKind, do_link_groups, find_forebears, list_links_of
from qunying.communities.queries import GroupInfo, GroupLine, infos_of_groups, list_group_lines
from qunying.console.group.lineage_words import KIND_WORDS, tell_link
from qunying.insights.scope import midnight
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Kin:
    """Another group that this one is linked with."""

    link_id: int
    group_id: int
    name: str
    kind: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Lineage:
    """The groups before and after this one, and how many whose history it goes on with, through others too."""

    before: tuple[Kin, ...]
    after: tuple[Kin, ...]
    forebears: int


class LinkForm(forms.Form):
    """One more link of a group."""

    side = forms.ChoiceField(
        label=gettext_lazy("那个群是"),
        choices=[(BEFORE, gettext_lazy("这个群的前身")), (AFTER, gettext_lazy("接替这个群的"))],
        widget=forms.RadioSelect,
        initial=BEFORE,
    )
    other = forms.CharField(
        label=gettext_lazy("哪个群"),
        help_text=gettext_lazy("写群备注、平台上的名字，或者群页地址里的编号。"),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("怎么回事"),
        choices=[(kind.value, gettext_lazy(words)) for kind, words in KIND_WORDS.items()],
    )
    since = forms.DateField(
        label=gettext_lazy("从哪天起"),
        help_text=gettext_lazy("那天以前算前身的，那天起算后来的，不会数两遍。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def link_form(now: datetime, data: Mapping[str, Any] | None = None) -> LinkForm:
    """The form, for today where nobody has said a day."""
    return LinkForm(data, initial={"since": timezone.localtime(now).date()})


def read_lineage(group_id: int) -> Lineage:
    """The links of a group in words."""
    links = list_links_of(group_id)
    others = {link.before_id for link in links} | {link.after_id for link in links}
    infos = infos_of_groups(others) if others else {}
    return Lineage(
        before=tuple(_kin(link, link.before_id, infos) for link in links if link.after_id == group_id),
        after=tuple(_kin(link, link.after_id, infos) for link in links if link.before_id == group_id),
        forebears=len(find_forebears(group_id)) if links else 0,
    )


def _kin(link: Link, group_id: int, infos: Mapping[int, GroupInfo]) -> Kin:
    return Kin(link.id, group_id, infos[group_id].name, tell_link(link.kind), link.since)


def do_save_link(group: GroupInfo, form: LinkForm, *, at: datetime, actor: str) -> int:
    """Links the group as a valid form says; answers the link's id.

    Raises ``BadUse`` where no group, or several, are called so, and where the link cannot be (``do_link_groups``).
    """
    said = form.cleaned_data
    other = _named(said["other"].strip(), list_group_lines([group.community_id]))
    before, after = (other, group.id) if said["side"] == BEFORE else (group.id, other)
    since = midnight(said["since"], group.zone.key)
    return do_link_groups(before, after, LinkKind(said["kind"]), since=since, at=at, actor=actor)


def _named(words: str, lines: Sequence[GroupLine]) -> int:
    found = [line for line in lines if words in {line.remark, line.carrier_name, str(line.id)}]
    if len(found) > 1:
        ids = [str(line.id) for line in found[:5]]
        raise BadUse(mark("有 %(n)s 个群叫「%(name)s」，写编号：%(ids)s"), n=len(found), name=words, ids=ids)
    if not found:
        raise BadUse(mark("这个社群里没有叫「%(name)s」的群"), name=words)
    return found[0].id


def tell_unlinked(name: str) -> str:
    """After a link was taken back."""
    return _("撤掉了，「%(name)s」不再连着那个群的历史") % {"name": name}
