"""From what is known about tables of deeds to what their pages show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.communities.queries_chain import find_hook_made_at
from qunying.console.deeds.context import (
    BroughtLine,
    BroughtPage,
    DeedsPage,
    Foreseen,
    HookBox,
    LeftLine,
    LookPage,
    SumLine,
)
from qunying.console.deeds.forms import DeedsForm, Home
from qunying.console.deeds.words import tell_kind, tell_otherwise, tell_reason, tell_sums
from qunying.console.imports.words import tell_size
from qunying.console.people.words import tell_money
from qunying.deeds.queries import ImportLine, list_deed_imports
from qunying.pipeline.past.deeds_tally import TURNED, DeedTally
from qunying.pipeline.past.tables import MOST_BYTES, Table
from qunying.ui.figures import exact

BROUGHT_AT_ONCE = 20
LEFT_SHOWN = 50
NAMED = 5


def show_deeds(
    request: HttpRequest,
    homes: Sequence[Home],
    community_ids: Collection[int] | None,
    home: Home | None,
    reason: str = "",
) -> DeedsPage:
    """Where a table is handed over."""
    names = {one.id: one.name for one in homes}
    lines = list_deed_imports(community_ids, BROUGHT_AT_ONCE)
    return DeedsPage(
        reason=reason,
        most=tell_size(MOST_BYTES),
        community_id=home.id if home else 0,
        hook=_hook(request, home) if home else None,
        brought=[_line(one, names.get(one.community_id, "")) for one in lines],
    )


def _hook(request: HttpRequest, home: Home) -> HookBox:
    address = request.build_absolute_uri(reverse("console:community-hook-deeds", args=[home.id]))
    token = reverse("console:community-chain", args=[home.id]) + "#hook"
    return HookBox(home.name, address, token, find_hook_made_at(home.id) is not None)


def _line(one: ImportLine, community: str) -> BroughtLine:
    state = _("撤回了") if one.taken_back_at else "" if one.words else _("没读完，再传一次就接着读")
    about = tell_sums(tuple(row) for row in one.words.get("sums", ()))
    left = sum(one.words.get("skipped", {}).values())
    return BroughtLine(one.id, one.title, community, about, left, one.at, state)


def show_look(
    token: str, table: Table | None, title: str, form: DeedsForm, tally: DeedTally | None, error: str
) -> LookPage:
    """A table that arrived, as it would be read."""
    foreseen = _foreseen(tally, table, form.stamp) if tally is not None and table is not None else None
    return LookPage(token=token, title=title, error=error, foreseen=foreseen, form=form)


def _foreseen(tally: DeedTally, table: Table, stamp: str) -> Foreseen:
    left = [
        LeftLine(one.place, one.sample, tell_reason(one.reason), tell_otherwise(one.before))
        for one in tally.left[:LEFT_SHOWN]
    ]
    title = ngettext("会读进 %(n)s 条新的", "会读进 %(n)s 条新的", tally.new) % {"n": exact(tally.new)}
    return Foreseen(
        title=title if tally.new else _("没有新的可读"),
        sums=_sums([(*key, *sum_) for key, sum_ in sorted(tally.sums.items())]),
        warnings=_notes_of_others(tally),
        notes=[*_notes_of_table(table), *_notes(tally.duplicates, tally.noted[TURNED]), *_notes_of_people(tally)],
        left=left,
        left_count=sum(tally.skipped.values()),
        reasons=_reasons(tally.skipped),
        new=tally.new,
        stamp=stamp,
    )


def _reasons(skipped: Mapping[str, int]) -> list[str]:
    ranked = sorted(skipped.items(), key=lambda one: (-one[1], one[0]))
    return [f"{tell_reason(reason)} {exact(count)}" for reason, count in ranked]


def _sums(rows: Sequence[tuple[str, str, int, int]]) -> list[SumLine]:
    return [
        SumLine(tell_kind(kind), count, tell_money(parts, currency) if parts or currency else "")
        for kind, currency, count, parts in rows
    ]


def _notes_of_table(table: Table) -> list[str]:
    found = []
    if len(table.sheets) > 1:
        others = _("、").join(f"「{name}」" for name in table.sheets if name != table.sheet)
        found.append(
            _("读的是「%(sheet)s」这张工作表；别的没读：%(others)s") % {"sheet": table.sheet, "others": others}
        )
    if table.hidden_count:
        rows = _("、").join(map(str, table.hidden))
        words = ngettext(
            "有 %(n)s 行在 Excel 里是隐藏的，也读了：第 %(rows)s 行",
            "有 %(n)s 行在 Excel 里是隐藏的，也读了：第 %(rows)s 行",
            table.hidden_count,
        )
        found.append(
            words
            % {"n": exact(table.hidden_count), "rows": rows + ("…" if table.hidden_count > len(table.hidden) else "")}
        )
    return found


def _notes(known: int, turned: int) -> list[str]:
    found = []
    if known:
        words = ngettext("%(n)s 条早就有了，不会算第二遍", "%(n)s 条早就有了，不会算第二遍", known)
        found.append(words % {"n": exact(known)})
    if turned:
        words = ngettext("%(n)s 行的金额是负的，算退款", "%(n)s 行的金额是负的，算退款", turned)
        found.append(words % {"n": exact(turned)})
    return found


def _notes_of_others(tally: DeedTally) -> list[str]:
    """The same numbers under another shop's name would count twice."""
    return [
        ngettext(
            "%(n)s 个编号在「%(source)s」名下早就有了：要是同一家，把「从哪里来的」写成一样的，不然会算两遍",
            "%(n)s 个编号在「%(source)s」名下早就有了：要是同一家，把「从哪里来的」写成一样的，不然会算两遍",
            count,
        )
        % {"n": exact(count), "source": source or _("没写来源")}
        for source, count in tally.elsewhere.most_common()
    ]


def _notes_of_people(tally: DeedTally) -> list[str]:
    strangers = tally.strangers
    if not strangers:
        return []
    words = ngettext(
        "%(n)s 个人在社群里没有同样的账号，记成这家店的客户，不算成员：%(names)s",
        "%(n)s 个人在社群里没有同样的账号，记成这家店的客户，不算成员：%(names)s",
        len(strangers),
    )
    names = _("、").join(strangers[:NAMED]) + ("…" if len(strangers) > NAMED else "")
    return [words % {"n": exact(len(strangers)), "names": names}]


def show_brought(one: ImportLine, community: str, by: str, standing: int) -> BroughtPage:
    """What one table brought; ``standing`` are its deeds that count now."""
    words = one.words
    new = int(words.get("new", 0))
    left_count = sum(words.get("skipped", {}).values())
    titles = ngettext("读进了 %(n)s 条群外的事", "读进了 %(n)s 条群外的事", new) % {"n": exact(new)}
    return BroughtPage(
        id=one.id,
        title=_("撤回了，一条都不算") if one.taken_back_at else titles if words else _("没读完"),
        file=one.title,
        community_id=one.community_id,
        community=community,
        about=_(" · ").join(filter(None, (one.source, by))),
        at=one.at,
        sums=_sums([(row[0], row[1], row[2], row[3]) for row in words.get("sums", ())]),
        notes=[*_notes(words.get("known", 0), words.get("turned", 0)), *_notes_of_kept_people(words)],
        left=[LeftLine(place, "", tell_reason(reason)) for place, reason in words.get("left", ())[:LEFT_SHOWN]],
        left_count=left_count,
        reasons=_reasons(words.get("skipped", {})),
        taken_back_at=one.taken_back_at,
        new=standing,
    )


def _notes_of_kept_people(words: Mapping[str, Any]) -> list[str]:
    people, members = words.get("people", 0), words.get("members", 0)
    if not people:
        return []
    told = ngettext("说到 %(n)s 个人，其中成员 %(members)s 个", "说到 %(n)s 个人，其中成员 %(members)s 个", people)
    return [told % {"n": exact(people), "members": exact(members)}]
