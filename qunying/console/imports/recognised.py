"""From the first look at files to the page that asks what they leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.communities.actions import check_zone
from qunying.communities.queries import list_group_lines
from qunying.console.imports.context import ExampleLine, FoundFile, LookPage, OrderChoice, UnreadFile
from qunying.console.imports.forms import ZONES, Home, StartForm
from qunying.console.imports.shown import title_of
from qunying.console.imports.words import ORDER_WORDS, tell_encoding, tell_sample, tell_size, tell_skip
from qunying.kernel.texts import Sentence
from qunying.pipeline.past.look import Look, LookedFile, Sample
from qunying.pipeline.past.plan import NAME_LETTERS
from qunying.pipeline.past.uploads import Draft
from qunying.ui.dates import tell_date
from qunying.ui.moments import tell_exactly, tell_zone

FILES_AT_ONCE = 12
GROUPS_AT_ONCE = 100


def show_looking(draft: Draft) -> LookPage:
    """The page while the files are still being looked at."""
    return LookPage(token=draft.token, title=title_of(draft), size=tell_size(draft.size), is_looking=True)


def show_look(draft: Draft, look: Look, form: StartForm) -> LookPage:
    """What was recognised, and the form for what is still open."""
    return LookPage(
        token=draft.token,
        title=title_of(draft),
        size=tell_size(draft.size),
        error=tell_error(look),
        files=[_found(file, check_zone(form.home_zone)) for file in look.files[:FILES_AT_ONCE]],
        more_files=max(0, len(look.files) - FILES_AT_ONCE),
        left_out=[
            UnreadFile(one.name, tell_skip(one.reason), tell_sample(one.sample))
            for one in look.left_out[:FILES_AT_ONCE]
        ],
        more_left_out=max(0, len(look.left_out) - FILES_AT_ONCE),
        chats=len(look.chats),
        doubtful=look.doubtful.doubtful.text if look.doubtful and look.doubtful.doubtful else "",
        orders=_orders(look, form.data.get("date_order", "") if form.is_bound else ""),
        form=form,
        zones=ZONES,
        groups=[line.name for line in list_group_lines([home.id for home in form.homes])[:GROUPS_AT_ONCE]],
        may_found=form.may_found,
    )


def make_form(
    draft: Draft, look: Look, homes: Sequence[Home], *, may_found: bool, data: Mapping[str, Any] | None = None
) -> StartForm:
    """The form for these files, with a name proposed for the group."""
    return StartForm(data, look=look, homes=homes, may_found=may_found, name=_proposed_name(draft, look)[:NAME_LETTERS])


def _proposed_name(draft: Draft, look: Look) -> str:
    chats = look.chats
    if len(chats) == 1:
        return chats[0]
    return Path(draft.files[0].name).stem if draft.files else ""


def _found(file: LookedFile, zone: ZoneInfo) -> FoundFile:
    is_zoned = any(sample.moment.tzinfo for sample in file.samples)
    return FoundFile(
        name=file.name,
        format=_(file.format_title),
        encoding=tell_encoding(file.encoding),
        size=tell_size(file.size),
        chats=_chats(file),
        order=_(ORDER_WORDS[file.date_order]) if file.date_order in ORDER_WORDS else "",
        is_doubtful=not file.is_date_order_certain,
        zone=tell_zone(zone.key) if is_zoned else "",
        examples=[ExampleLine(_moment(sample, zone), sample.who, sample.text) for sample in file.samples],
    )


def _chats(file: LookedFile) -> str:
    names = [name for name in dict.fromkeys(file.chats) if name]
    if len(names) > 1:
        shown = _("、").join(_("「%(name)s」") % {"name": name} for name in names[:3])
        return ngettext("%(n)d 个聊天：%(names)s", "%(n)d 个聊天：%(names)s", len(names)) % {
            "n": len(names),
            "names": shown,
        }
    return _("「%(name)s」") % {"name": names[0]} if names else ""


def _moment(sample: Sample, zone: ZoneInfo) -> str:
    """As the community's clocks have it, where the file says when that was; else as the file writes it."""
    return tell_exactly(sample.moment.astimezone(zone) if sample.moment.tzinfo else sample.moment)


def tell_error(look: Look) -> str:
    """Why nothing can be read, file by file; empty where something can."""
    if not look.error:
        return ""
    told = [_("「%(name)s」%(why)s") % {"name": one.name, "why": tell_skip(one.reason)} for one in look.left_out[:3]]
    return (
        _("没有认出一份聊天记录：%(files)s") % {"files": _("、").join(told)}
        if told
        else Sentence.of_text(look.error).said(_)
    )


def _orders(look: Look, chosen: str) -> list[OrderChoice]:
    """Asked only where no date in the files decides which number is the day."""
    file = look.doubtful
    if file is None or file.doubtful is None or file.other_date is None:
        return []
    other = "mdy" if file.date_order == "dmy" else "dmy"
    days = {file.date_order: file.doubtful.moment.date(), other: file.other_date}
    return [
        OrderChoice(
            value=order,
            label=_(ORDER_WORDS[order]),
            example=tell_date(day, pgettext("date format", "Y 年 n 月 j 日")),
            is_chosen=order == (chosen or file.date_order),
        )
        for order, day in days.items()
    ]
