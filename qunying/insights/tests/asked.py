"""Every question that is put to an engine, asked of the busy world: what one engine answers, the others must answer, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, replace
from datetime import timedelta
from itertools import product
from types import MappingProxyType
from typing import Any

import pytest
from django.db import transaction

from qunying.communities.queries import list_counted_homes
from qunying.insights.catalogue import ACTIVE_MONTH, CATALOGUE, JOINS, MAU, MEMBERS, MESSAGES, REVENUE
from qunying.insights.chain import count_codes
from qunying.insights.journeys import funnel
from qunying.insights.journeys.funnel import Funnel, count_funnel, list_people_of_stage
from qunying.insights.journeys.life_cycle import count_life_cycle
from qunying.insights.journeys.paths import count_paths
from qunying.insights.journeys.retention import EVERY, PART, Retention, count_retention, list_people_of_cell
from qunying.insights.kpis.counting import count_figures, spans_of
from qunying.insights.lake import flush
from qunying.insights.measure import Open, measure, measure_with_total
from qunying.insights.metric import BY_TRAIT
from qunying.insights.metrics_of_order import PRECISION, REPEATS
from qunying.insights.parts import lake_folder
from qunying.insights.seats import do_note_seats
from qunying.insights.segments.asking import count_people as count_people_of_rule
from qunying.insights.segments.asking import list_people
from qunying.insights.segments.rule import ABOUT, EVER, About, AnyOf, Did, Joined, Not, Rule, Silent, Window
from qunying.insights.standing import count_layers, do_keep_layers
from qunying.insights.tables import CHANGED, VERSIONS
from qunying.insights.telling_apart import count_people
from qunying.insights.tests.busy import LENGTH, NAMES, START, everything, little
from qunying.insights.tests.rows import Home
from qunying.insights.thresholds import Thresholds, do_set_thresholds
from qunying.insights.world import see
from qunying.kernel.money import PARTS
from qunying.people.models import LayerOfPerson
from qunying.talk.placing import do_place_new

Homes = Sequence[Home]
Ask = Callable[[list[Home], Open], Any]
DAY = timedelta(days=1)
KINDS = (MEMBERS, JOINS, MESSAGES, MAU, REVENUE, PRECISION, REPEATS)  # one of each source
END = START + LENGTH
WEEK_OF_START = "2024-02-19"
FUNNELS = (
    Funnel(("joined", "said"), timedelta(days=7)),
    Funnel(("joined", "said", "order", "refund"), timedelta(days=30)),
    Funnel(("came", "said", "left"), timedelta(days=14)),
    Funnel(("said", "said", "said"), timedelta(days=3)),
    Funnel(("order", "order"), timedelta(days=20)),
    Funnel(("joined", "said", "order"), timedelta(days=10), in_any_order=True),
)


def told(found: Mapping[str, Sequence[Any]]) -> list[Any]:
    """What a journey answers, as plain values."""
    return [(slot, *map(astuple, stages)) for slot, stages in found.items()]


def _metrics(homes: list[Home], opened: Open) -> Any:
    return {
        metric.name: [
            measure(metric, everything(homes), metric.by[0], open_session=opened),
            measure(metric, little(homes), open_session=opened),
        ]
        for metric in CATALOGUE
    }


def _metrics_of_some_people(homes: list[Home], opened: Open) -> Any:
    some = replace(everything(homes), people=tuple(home.who(name) for home in homes for name in NAMES[:3]))
    return [measure(metric, some, open_session=opened) for metric in (*KINDS, ACTIVE_MONTH)]


def _metrics_with_total(homes: list[Home], opened: Open) -> Any:
    return [measure_with_total(metric, everything(homes), metric.by[-1], open_session=opened) for metric in KINDS]


def _members(homes: list[Home], opened: Open) -> Any:
    scope = everything(homes)
    with _for_once():
        do_note_seats(END, lake_folder())
        return [
            measure(metric, scope, by, open_session=opened, may_lag=True)
            for metric, by in product((MEMBERS, JOINS), ("", *BY_TRAIT))
        ]


def _talk_that_never_changed(homes: list[Home], opened: Open) -> Any:
    world = see(everything(homes), MESSAGES.sources)
    files, tables = {**world.files, CHANGED.name: []}, {**world.tables, "tail_versions": VERSIONS.empty_table()}
    with opened(replace(world, files=files, tables=tables)) as session:
        return session.run("messages", {"by": "day"})


def _people_one_by_one(homes: list[Home], opened: Open) -> Any:
    scope, found = everything(homes), []
    for metric in (metric for metric in CATALOGUE if metric.each):
        with opened(see(scope, metric.sources)) as session:
            found += [count_people(session, metric.each, by, metric.things) for by in ("day", "hour", "community")]
    return found


def _funnels(homes: list[Home], opened: Open) -> Any:
    return [told(count_funnel(asked, everything(homes), "source", open_session=opened)) for asked in FUNNELS]


def _funnels_in_sql(homes: list[Home], opened: Open) -> Any:
    """As where there are more rows than are counted over columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(funnel, "MOST_HERE", -1)
        return [told(count_funnel(asked, everything(homes), "month", open_session=opened)) for asked in FUNNELS[3:]]


def _funnel_in_parts(homes: list[Home], opened: Open) -> Any:
    """As for segments: somebody stands in two parts, most in none."""
    ways = ((NAMES[1], "1"), (NAMES[1], "2"), (NAMES[2], "1"))
    pairs = [(home.who(name), part) for home in homes for name, part in ways]
    found = count_funnel(FUNNELS[0], everything(homes), PART, in_parts=pairs, open_session=opened)
    assert list(found) == ["", "1", "2"]
    return told(found)


def _people_of_funnels(homes: list[Home], opened: Open) -> Any:
    ways = (("source", "qr"), ("", ""), ("week", WEEK_OF_START), ("community", str(homes[1].id)), ("source", ""))
    return [
        list_people_of_stage(asked, everything(homes), by, slot, 2, open_session=opened)
        for asked, (by, slot) in zip(FUNNELS[1:], ways, strict=True)
    ]


def _retention(homes: list[Home], opened: Open) -> Any:
    scope = everything(homes)
    parts = {(home.id, home.who(name)): f"'{name}" for home in homes for name in NAMES[1:4]}
    whole = [
        told(count_retention(Retention("came", "said", every, late), scope, START, "week", open_session=opened))
        for every, late in product(EVERY, (False, True))
    ]
    of_parts = count_retention(Retention(every="week"), scope, START, PART, in_parts=parts, open_session=opened)
    bought = count_retention(Retention("order", "order", "month"), scope, START, "source", open_session=opened)
    return [*whole, told(of_parts), told(bought)]


def _people_of_cells(homes: list[Home], opened: Open) -> Any:
    ways = (("", "", 0, False), ("week", WEEK_OF_START, 1, False), ("source", "qr", 1, True))
    return [
        list_people_of_cell(
            Retention(every="week", or_later=late), everything(homes), START, by, slot, n, open_session=opened
        )
        for by, slot, n, late in ways
    ]


def _life_cycle(homes: list[Home], opened: Open) -> Any:
    ways = [*product(EVERY, (everything(homes),), (("came", "said"), ("order",))), ("week", little(homes), ("said",))]
    return [
        list(map(astuple, count_life_cycle(scope, START, every, active, open_session=opened)))
        for every, scope, active in ways
    ]


def _paths(homes: list[Home], opened: Open) -> Any:
    return [
        astuple(count_paths(scope, START, window, open_session=opened))
        for scope, window in ((everything(homes), 9 * DAY), (little(homes), DAY))
    ]


def _layers(homes: list[Home], opened: Open) -> Any:
    """Who stands where, kept twice with other thresholds between, so that something changed; two communities at once."""
    limits = {home.id: Thresholds(openings=1 + n, messages=2 + n) for n, home in enumerate(homes)}
    with _for_once():
        for home in homes[:2]:
            for n in range(3):
                key = home.say(NAMES[n], END - DAY, f"第 {n} 件事怎么办")
                home.say(NAMES[n + 1], END - DAY + timedelta(minutes=n), "好", to=key)
        do_place_new()
        scope = replace(everything(homes), since=END - 30 * DAY)
        counted = sorted(map(tuple, count_layers(scope, limits, open_session=opened).items()))
        first = astuple(do_keep_layers(END, open_session=opened))
        do_set_thresholds(homes[0].id, Thresholds(openings=1, messages=9, days_spoken=9), at=END, actor="user:1")
        homes[1].leave(NAMES[0], END - timedelta(hours=1))
        second = astuple(do_keep_layers(END, open_session=opened))
        standing = LayerOfPerson.objects.order_by("community_id", "group_id", "person_id")
        return [counted, first, second, *standing.values_list("community_id", "group_id", "person_id", "layer")]


CODES = (
    *("joined people", "first_word people", "again:said people", "shared people", "deed:order people"),
    *("deed:order times", "again:order people", "deed:consult people", "deed:visit times", "deed:nothing people"),
)


def _links(homes: list[Home], opened: Open) -> Any:
    spans = ((START, START + 20 * DAY), (START + 20 * DAY, END))
    return count_codes(CODES, everything(homes), START, spans, open_session=opened)


def _kpis(homes: list[Home], opened: Open) -> Any:
    home = homes[0]
    (counted,) = list_counted_homes([home.id])
    spans = spans_of(END, 20, home.timezone, 2)
    return [astuple(one) for one in count_figures(counted, home.counted, spans, open_session=opened)]


def _rules(homes: Sequence[Home]) -> Iterator[Rule]:
    values = {
        "community": [home.id for home in homes],
        "group": homes[0].group_ids,
        "inviter": [home.who("老周") for home in homes],
        "role": ["member"],
        "via": ["qr", ""],
        "carrier": ["sandbox"],
        "tag": [1],
        "layer": ["opener"],
    }
    lately, march = Window(20), Window(since=START.date(), until=(START + 25 * DAY).date())
    yield from (About(what, tuple(values.get(what, ["上海"]))) for what in ABOUT)
    yield from (Joined(window) for window in (lately, march))
    yield from (Silent(9), Not(Silent(30)))
    yield from (Did(what, 1, 3, march) for what in ("messages", "days_spoken", "orders", "deed:visit", "openings"))
    yield Did("amount", None, 500 * PARTS, EVER, "CNY")
    yield AnyOf((About("via", ("qr",)), Not(Did("messages", 2, None, lately)), Did("orders", None, 1, EVER)))


def _segments(homes: list[Home], opened: Open) -> Any:
    ids = [home.id for home in homes]
    listed = [list_people(rule, ids, END, open_session=opened) for rule in _rules(homes)]
    counted = [
        astuple(count_people_of_rule(rule, ids, END, examples=3, open_session=opened))
        for rule in (Silent(9), Not(About("via", ("qr",))))
    ]
    return [*listed, *counted]


def _columns(homes: list[Home], opened: Open) -> Any:
    with opened(see(everything(homes), ("messages", "events", "memberships"))) as session:
        found = {name: session.columns(name) for name in ("rows_of_talk", "rows_of_moves", "rows_of_people")}
    rows = [sorted(zip(*(c.tolist() for c in one.values()), strict=True)) for one in found.values()]
    return [rows, [[(key, str(column.dtype)) for key, column in one.items()] for one in found.values()]]


def _counted_beforehand(homes: list[Home], opened: Open) -> Any:
    names = ("days_of_groups", "moves_of_groups", "hours_of_days", "crowds")
    with opened(see(everything(homes), ("messages", "events", "memberships"))) as session:
        return {name: sorted(session.run(name, {}), key=_in_words) for name in names}


def _in_words(row: Mapping[str, Any]) -> list[str]:
    return [str(value) for value in row.values()]


def _when_all_is_in_the_lake(homes: list[Home], opened: Open) -> Any:
    with _for_once():
        flush(END, lake_folder())
        flush(END, lake_folder())  # what changed comes after what was said
        return [
            measure(metric, everything(homes), metric.by[0], open_session=opened)
            for metric in CATALOGUE
            if metric.name in {"messages", "net_joins", "revenue"}
        ]


@contextmanager
def _for_once() -> Iterator[None]:
    """What is written meanwhile is taken back, so that the next engine is asked of the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


ASKED: Mapping[str, Ask] = MappingProxyType(
    {
        "every metric": _metrics,
        "metrics of some people": _metrics_of_some_people,
        "metrics with their total": _metrics_with_total,
        "members as they were noted": _members,
        "talk that never changed": _talk_that_never_changed,
        "people one by one": _people_one_by_one,
        "funnels": _funnels,
        "funnels in SQL": _funnels_in_sql,
        "a funnel in parts": _funnel_in_parts,
        "people of funnels": _people_of_funnels,
        "retention": _retention,
        "people of cells": _people_of_cells,
        "life cycle": _life_cycle,
        "paths": _paths,
        "layers": _layers,
        "links of a chain": _links,
        "KPIs": _kpis,
        "segments": _segments,
        "columns": _columns,
        "counted beforehand": _counted_beforehand,
        "all in the lake": _when_all_is_in_the_lake,
    }
)
