"""From what is known about an import to what its pages show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from qunying.carriers.files.records import CUT_OFF
from qunying.communities.queries import list_groups_named
from qunying.console.imports.context import (
    Chip,
    DraftLine,
    DropPage,
    FileLine,
    GroupLink,
    ImportsPage,
    RunLine,
    RunPage,
    SkippedLine,
    Step,
)
from qunying.console.imports.receiving import MOST_BYTES
from qunying.console.imports.words import (
    broke_off,
    months_plot,
    tell_formats,
    tell_kept_rate,
    tell_sample,
    tell_size,
    tell_skip,
    tell_state,
)
from qunying.kernel.texts import Sentence
from qunying.pipeline.past.look import list_formats
from qunying.pipeline.past.queries import (
    OPEN,
    Import,
    count_ahead,
    count_imports,
    count_kept_skipped,
    list_imports,
    list_skipped,
)
from qunying.pipeline.past.uploads import Draft, list_drafts
from qunying.ui.figures import duration, exact
from qunying.ui.moments import tell_zone
from qunying.ui.pages import Pages, kept_query, read_page

RUNS_AT_ONCE = 20
SKIPPED_AT_ONCE = 10
FILES_AT_ONCE = 6
GROUPS_AT_ONCE = 5
READ = ("done", "cut")
FILTERS = {"": (), "open": OPEN, "done": ("done",), "dropped": ("dropped",)}


def show_imports(
    query: QueryDict, community_ids: Collection[int] | None, user_id: int, *, reason: str = ""
) -> ImportsPage:
    """The page where an import begins."""
    chosen = query.get("state", "") if query.get("state", "") in FILTERS else ""
    states = FILTERS[chosen]
    total = count_imports(community_ids, states=states)
    pages = Pages(
        _page(query, total, RUNS_AT_ONCE),
        RUNS_AT_ONCE,
        total,
        npgettext("imports", "次", "次", total),
        kept_query(dict(query.lists())),
    )
    start = (pages.current - 1) * RUNS_AT_ONCE
    runs = list_imports(community_ids, states=states, start=start, limit=RUNS_AT_ONCE)
    labels = {"": _("全部"), "open": _("没完的"), "done": _("读完的"), "dropped": _("不导的")}
    return ImportsPage(
        reason=reason,
        most=tell_size(MOST_BYTES),
        formats=[_(title) for title in list_formats()],
        drafts=[_draft(draft) for draft in list_drafts(user_id)],
        runs=[_line(run) for run in runs],
        filters=[
            Chip(words, f"?{urlencode({'state': key})}" if key else "?", key == chosen) for key, words in labels.items()
        ],
        pages=pages,
        is_filtered=bool(chosen),
    )


def title_of(draft: Draft) -> str:
    """What an upload is called: its first file, and how many more."""
    names = [file.name for file in draft.files]
    if len(names) < 2:
        return names[0] if names else ""
    return _("%(name)s 等 %(n)d 个文件") % {"name": names[0], "n": len(names)}


def show_run(run: Import, query: QueryDict) -> RunPage:
    """One import as it stands."""
    reason = query.get("reason", "") if query.get("reason", "") in run.tally.skipped else ""
    kept = count_kept_skipped(run.id, reason=reason)
    page = _page(query, kept, SKIPPED_AT_ONCE)
    left = list_skipped(run.id, reason=reason, start=(page - 1) * SKIPPED_AT_ONCE, limit=SKIPPED_AT_ONCE)
    groups = _groups(run)
    cuts = list_skipped(run.id, reason=CUT_OFF, limit=FILES_AT_ONCE) if broke_off(run) else []
    files = [
        _file(one.name, one.share, is_over=run.state == "done", is_cut=one.name in {cut.file for cut in cuts})
        for one in run.files
    ]
    state_words, state_tone = tell_state(run)
    return RunPage(
        id=run.id,
        title=run.title,
        about=_about(run, len(groups)),
        state=run.state,
        state_words=state_words,
        state_tone=state_tone,
        is_alive=run.is_alive,
        ahead=count_ahead(run.id) if run.state == "waiting" else 0,
        error=Sentence.of_text(run.error).said(_) if run.state == "failed" else "",
        is_cut=broke_off(run),
        cuts=[_("「%(file)s」断在第 %(n)s 条") % {"file": cut.file, "n": exact(cut.place)} for cut in cuts],
        percent=int(run.share * 100),
        kept=run.tally.messages,
        is_upload=run.is_upload,
        rate=round(run.rate) if run.rate else None,
        seconds_left=run.seconds_left if run.state == "running" else None,
        seconds=run.seconds,
        steps=_steps(run, files),
        files=_around(files),
        more_files=max(0, len(files) - FILES_AT_ONCE),
        groups=groups[:GROUPS_AT_ONCE],
        group_count=len(groups),
        people=run.tally.people,
        duplicates=run.tally.duplicates,
        media=run.tally.media,
        moves=_moves(run),
        first_at=_moment(run.tally.first_at),
        last_at=_moment(run.tally.last_at),
        first_words=run.tally.first_words,
        plot=months_plot(run),
        skipped=run.skipped,
        skipped_rate=tell_kept_rate(run),
        skipped_filters=_reasons(run, reason),
        skipped_lines=[
            SkippedLine(one.file, one.place, tell_skip(one.reason), tell_sample(one.sample)) for one in left
        ],
        skipped_pages=Pages(
            page, SKIPPED_AT_ONCE, kept, npgettext("lines", "行", "行", kept), kept_query(dict(query.lists()))
        ),
        here=f"?{query.urlencode()}",
    )


def show_drop(run: Import) -> DropPage:
    """What giving this import up means."""
    return DropPage(id=run.id, title=run.title, kept=run.tally.messages, is_upload=run.is_upload)


def _page(query: QueryDict, total: int, size: int) -> int:
    return read_page(query.get("page"), max(1, -(-total // size)))


def _draft(draft: Draft) -> DraftLine:
    return DraftLine(draft.token, title_of(draft), tell_size(draft.size), draft.created_at)


def _line(run: Import) -> RunLine:
    state, tone = tell_state(run)
    return RunLine(
        id=run.id,
        title=run.title,
        group=run.group_name,
        community=run.community,
        state=state,
        tone=tone,
        messages=run.tally.messages,
        skipped=run.skipped,
        at=run.finished_at or run.created_at,
        percent=int(run.share * 100),
    )


def _about(run: Import, groups: int) -> str:
    parts = [tell_size(run.bytes_total)] if run.bytes_total else []
    if len(run.files) > 1:
        parts.append(ngettext("%(n)d 个文件", "%(n)d 个文件", len(run.files)) % {"n": len(run.files)})
    if groups > 1:
        parts.append(ngettext("%(n)d 个群", "%(n)d 个群", groups) % {"n": groups})
    return " · ".join([*parts, _("读进「%(group)s」") % {"group": run.group_name}, run.community])


def _groups(run: Import) -> list[GroupLink]:
    """The groups it filled so far, fullest first."""
    own = [group for group in list_groups_named(run.group_name) if group.community_id == run.community_id]
    counts = run.tally.groups
    links = [GroupLink(group.id, group.name, _group_href(group.id), counts.get(group.name)) for group in own]
    return sorted(links, key=lambda link: -(link.messages or 0)) if counts else []


def _group_href(group_id: int) -> str:
    try:
        return reverse("console:group", args=[group_id])
    except NoReverseMatch:  # the screen was taken out
        return ""


def _moves(run: Import) -> str:
    if not run.tally.joins and not run.tally.leaves:
        return ""
    return _("%(joins)s 次进群，%(leaves)s 次离开") % {
        "joins": exact(run.tally.joins),
        "leaves": exact(run.tally.leaves),
    }


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _reasons(run: Import, chosen: str) -> list[Chip]:
    chips = [Chip(_("全部"), "?#skipped", not chosen, run.skipped)]
    for reason, (count, _example) in sorted(run.tally.skipped.items(), key=lambda entry: -int(entry[1][0])):
        chips.append(Chip(tell_skip(reason), f"?{urlencode({'reason': reason})}#skipped", reason == chosen, int(count)))
    return chips


def _file(name: str, share: float, *, is_over: bool, is_cut: bool) -> FileLine:
    if is_over or share >= 1:
        return FileLine(name, 100, "cut" if is_cut else "done")
    return FileLine(name, int(share * 100), "now" if share > 0 else "later")


def _around(files: Sequence[FileLine]) -> Sequence[FileLine]:
    """The file being read with its neighbours: the last ones that are done, the next ones that wait."""
    done = sum(file.state in READ for file in files)
    start = max(0, min(done - 2, len(files) - FILES_AT_ONCE))
    return files[start : start + FILES_AT_ONCE]


def _steps(run: Import, files: Sequence[FileLine]) -> list[Step]:
    began, over = run.started_at is not None, run.state == "done"
    known = bool(run.files)
    done = sum(file.state in READ for file in files)
    reading = next((file.name for file in files if file.state not in READ), "")
    about = _("读了 %(time)s") % {"time": duration(run.seconds)} if over else ""
    if run.state == "running" and reading:
        about = _("正在读 %(file)s，第 %(i)d 个，共 %(n)d 个") % {"file": reading, "i": done + 1, "n": len(files)}
    recognised = tell_formats(run)
    if any(note.get("needs_zone") for note in run.notes):
        recognised = _("%(formats)s，时间按 %(zone)s 读") % {"formats": recognised, "zone": tell_zone(run.timezone)}
    return [
        Step(_("上传"), tell_size(run.bytes_total) if run.bytes_total else "", "done"),
        Step(_("选好去处"), _("「%(group)s」，%(home)s") % {"group": run.group_name, "home": run.community}, "done"),
        Step(_("认格式"), recognised if known else "", "done" if known else "now" if began else "later"),
        Step(_("读进来"), about, "done" if over else "now" if known and began else "later"),
        Step(_("看见你的群"), _("活跃时段、成员、说过的话，都在群页里"), "now" if over else "later"),
    ]
