"""The figures behind a report as tables, in the active language, for whoever goes on counting."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from qunying.insights import words, words_of_layers
from qunying.insights.rendering.as_html import layer_parts
from qunying.insights.rendering.blocks import Block, Column, Note, Table, Value
from qunying.insights.rendering.blocks_of_carrying import table_of_dependency, table_of_seeds, table_of_themes
from qunying.insights.rendering.blocks_of_peers import table_of_peers
from qunying.insights.rendering.blocks_of_report import head_of, kept_of, next_of, tiles_of
from qunying.insights.report import THEMES, Report
from qunying.ui.charts import day_name
from qunying.ui.moments import tell_zone


def blocks_of_tables(report: Report) -> Iterator[Block]:
    """The figures behind the page, for whoever goes on counting."""
    yield head_of(report)
    yield tiles_of(report)
    yield from next_of(report)
    yield Note(words.note(report))
    yield _days(report)
    yield _hours(report)
    yield _speakers(report)
    if report.layers.members and not report.now.is_by_nobody:
        yield _layers(report)
    yield from kept_of(report)
    yield from table_of_peers(report.peers)
    if not report.now.is_by_nobody:
        yield from table_of_seeds(report.carrying)
        yield from table_of_dependency(report.dependency)
        yield from table_of_themes(report.themes, THEMES)
    yield _openers(report)
    yield _questions(report)


def _days(report: Report) -> Table:
    names = (_("消息"), _("说过话的"), capfirst(_("进群")), _("离开"))
    columns = (Column(_("日期"), "day"), *(Column(name, "count") for name in names))
    return Table(
        _("每天"), "", columns, [(one.day, one.messages, one.speakers, one.joined, one.left) for one in report.days]
    )


def _hours(report: Report) -> Table:
    columns = (Column(_("星期")), *(Column(str(hour), "count") for hour in range(24)))
    rows: list[tuple[Value, ...]] = [(day_name(day), *counts) for day, counts in enumerate(report.heat)]
    return Table(_("活跃时段"), _("每小时消息数，%(zone)s") % {"zone": tell_zone(report.timezone)}, columns, rows)


def _speakers(report: Report) -> Table:
    columns = (
        Column(_("成员")),
        Column(_("消息"), "count"),
        Column(_("说过话的天数"), "count"),
        Column(_("占比"), "share"),
    )
    return Table(_("谁说得多"), "", columns, [(one.name, one.messages, one.days, one.share) for one in report.speakers])


def _layers(report: Report) -> Table:
    columns = (Column(_("分层")), Column(_("人数"), "count"))
    return Table(
        _("分层"),
        words_of_layers.told(report.layers),
        columns,
        [(part.name, part.count) for part in layer_parts(report.layers)],
    )


def _openers(report: Report) -> Table:
    columns = (
        Column(_("成员")),
        Column(_("带起话题"), "count"),
        Column(_("接话的人"), "count"),
        Column(_("占其他人"), "share"),
    )
    return Table(
        _("谁带起话题"), "", columns, [(one.name, one.talks, one.joined_by, one.share) for one in report.openers]
    )


def _questions(report: Report) -> Table:
    columns = (Column(_("成员")), Column(_("什么时候问的"), "moment"), Column(_("问题")))
    zone = ZoneInfo(report.timezone)
    rows = [(one.name, one.at.astimezone(zone).replace(tzinfo=None), one.words) for one in report.talks.waiting]
    return Table(_("没人答的问题"), "", columns, rows)
