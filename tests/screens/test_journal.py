"""The journal's list, its filters, its table to download, and the seals."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import (
    do_change_community,
    do_set_mode,
    do_set_settings,
)
from qunying.communities.noting import GroupNotes, do_note_group
from qunying.console.journal.words import SENTENCES, TITLES
from qunying.journal.actions import do_record_facts, do_seal
from qunying.kernel import clock
from qunying.kernel.facts import FACTS, Fact
from qunying.kernel.scene import Mode
from qunying.ui.sheets import _harmless
from tests import cast
from tests.screens.conftest import signed_in_as

Counted = Callable[[int], AbstractContextManager[object]]
HOSTILE = '=HYPERLINK("x")<img src=x onerror=alert(1)> ‮'


def listed(client: Client, query: str = "") -> str:
    """The list."""
    response = client.get(reverse("console:journal") + query)
    assert response.status_code == 200
    return response.content.decode()


def table(client: Client, query: str = "") -> list[list[str]]:
    """The list as a table, without its head."""
    response = client.get(reverse("console:journal-export") + query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))[1:]


def some_talk() -> None:
    """Somebody comes with an odd name, is welcomed, and goes; 安安 changes her card."""
    cast.arrive([cast.join("j1", "x1", HOSTILE, inviter="an"), cast.card("c1", "an", "杭州-设计-安安")])
    cast.told()
    cast.arrive([cast.leave("l1", "x1", operator="li")])
    cast.told()


def test_every_fact_has_a_title_and_a_known_sentence_when_listed() -> None:
    assert set(TITLES) == set(FACTS)
    assert set(SENTENCES) <= set(TITLES)


def test_the_empty_journal_teaches_when_nothing_happened(owner: Client) -> None:
    assert "改不掉" in listed(owner)
    assert "没有这样的记录" in listed(owner, "?kind=member.joined")


def test_facts_are_told_in_sentences_when_things_happened(tea: cast.Tea, owner: Client) -> None:
    some_talk()
    html = listed(owner)
    assert "<img src=x" not in html
    assert "进群，「安安」邀请的" in html
    assert "被「小李」移出" in html
    assert "「安安」换了群名片" in html
    assert "刚进群，等 3 分钟" in html
    assert "「迎新」从「没定」改成「直接做」" in html
    assert "茶友会1群" in html


def test_an_import_says_how_much_it_brought_when_it_is_over(tea: cast.Tea, owner: Client) -> None:
    words = {"run": 1, "messages": 1100, "duplicates": 3}
    do_record_facts(
        [
            Fact(
                name="import.finished",
                at=clock.now(),
                community_id=tea.community_id,
                key="i",
                actor="system",
                words=words,
            )
        ]
    )
    assert "新读进 1,100 条消息，3 条早已有" in listed(owner)


def test_settings_are_named_as_where_they_are_set_when_they_changed(tea: cast.Tea, owner: Client) -> None:
    at = clock.now()
    do_set_settings("onboarding", {"greet_at": 5}, community_id=tea.community_id, at=at, actor="system")
    do_change_community(tea.community_id, {"topic": "岩茶"}, at=at, actor="system")
    notes = GroupNotes(remark="上海-茶", city="上海", industry="", weight=9, capacity=500, is_folded=False)
    do_note_group(tea.first, notes, present=0, at=at, actor="system")

    html = listed(owner)

    assert "「迎新」：「等到几位新人就不再等，马上欢迎」" in html
    assert "社群的登记：「聊什么」" in html
    assert "「城市」" in html
    assert "greet_at" not in html
    assert html.count("<span><bdi>茶友会</bdi></span>") >= 2


@pytest.mark.parametrize(
    ("query", "has", "has_not"),
    [
        ("?kind=card.changed", "换了群名片", "邀请的"),
        ("?who=安安", "换了群名片", "被「小李」移出"),
        ("?who=没有这个人", "没有这样的记录", "换了群名片"),
        ("?day=2024-03-05", "换了群名片", "没有这样的记录"),
        ("?day=2024-03-04", "没有这样的记录", "换了群名片"),
        ("?day=gestern&kind=nonsense&actor=x&community=abc&page=-1", "换了群名片", "没有这样的记录"),
        ("?actor=user:", "没有这样的记录", "换了群名片"),
    ],
)
def test_the_list_is_what_was_asked_for_when_filtered(
    tea: cast.Tea, owner: Client, query: str, has: str, has_not: str
) -> None:
    some_talk()
    html = listed(owner, query)
    assert has in html
    assert has_not not in html


def test_new_facts_come_alone_when_the_list_goes_on(tea: cast.Tea, owner: Client) -> None:
    some_talk()
    newest = int(table(owner)[0][0])
    assert owner.get(reverse("console:journal"), {"after": newest}).status_code == 204
    with cast.later(timedelta(minutes=1)) as at:
        do_set_mode("onboarding", Mode.OFF, community_id=tea.community_id, at=at, actor="user:1")
    html = owner.get(reverse("console:journal"), {"after": newest}).content.decode()
    assert html.strip().startswith("<li")
    assert "「迎新」从「直接做」改成「关着」" in html


def test_the_table_is_harmless_in_a_spreadsheet_when_names_are_not(tea: cast.Tea, owner: Client) -> None:
    some_talk()
    rows = table(owner, "?kind=member.joined")
    assert len(rows) == 1
    assert rows[0][2] == "进群"
    assert rows[0][4] == "茶友会1群"
    assert rows[0][1].endswith("+08:00")
    assert [_harmless(cell) for cell in ("=1+1", "-1", "@x", "杭州")] == ["'=1+1", "'-1", "'@x", "杭州"]
    assert len(table(owner)) > 5


def test_the_table_is_whole_when_it_needs_several_reads(
    tea: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_talk()
    whole = table(owner)
    monkeypatch.setattr("qunying.console.journal.views.EXPORT_AT_ONCE", 2)
    assert table(owner) == whole


def test_the_seals_are_counted_and_hold_when_nobody_touched_them(tea: cast.Tea, owner: Client) -> None:
    some_talk()
    do_seal(clock.now())
    assert "第 1 环" in listed(owner)
    html = owner.post(reverse("console:journal-verify")).content.decode()
    assert "都对得上" in html


def test_a_changed_fact_is_found_when_somebody_touched_it(tea: cast.Tea, owner: Client) -> None:
    some_talk()
    do_seal(clock.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_fact SET actor = 'user:7' WHERE name = 'member.left'")
    html = owner.post(reverse("console:journal-verify"), headers={"HX-Request": "true"}).content.decode()
    assert "有地方对不上" in html
    assert "was changed" in html
    assert html.strip().startswith("<div")


def test_a_long_journal_is_left_to_the_command_when_a_page_would_wait(
    tea: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qunying.console.journal.views.VERIFIED_AT_MOST", 0)
    assert "qunying audit verify" in owner.post(reverse("console:journal-verify")).content.decode()


def test_the_journal_is_within_reach_only_when_somebody_looks(tea: cast.Tea, owner: Client, stranger: Client) -> None:
    some_talk()
    other = cast.build_tea(groups=("h1",), name="别家")
    theirs = signed_in_as("theirs", "lead", other.community_id)
    for client in (theirs, stranger):
        assert "换了群名片" not in listed(client)
        assert not any("茶友会1群" in row for row in table(client))
        assert client.get(reverse("console:journal"), {"group": tea.first}).status_code == 404
        assert client.post(reverse("console:journal-verify")).status_code == 404
    assert Client().get(reverse("console:journal-export")).status_code == 302
    assert User.objects.count() == 3


@pytest.mark.parametrize("people", [2, 20])
def test_queries_stay_few_when_the_journal_grows(
    tea: cast.Tea, owner: Client, django_assert_max_num_queries: Counted, people: int
) -> None:
    cast.arrive([cast.join(f"j{n}", f"x{n}", f"新人{n}") for n in range(people)])
    cast.told()
    with django_assert_max_num_queries(27):
        listed(owner)
