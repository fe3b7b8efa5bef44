"""Correcting a verdict on a message's page, taking it back there and in the list of the community's corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunying.talk import learning
from qunying.talk.corrections import corrections_of_message, list_corrections
from qunying.talk.models import Message
from qunying.talk.readings import readings_of
from tests import cast
from tests.screens.conftest import signed_in_as

WORDS = "周末去茶山几点都行"  # the judge takes it for a question by a hair, wrongly
LIKE_IT = "听说周末去茶山几点都行"
CLEAR = "请问课程表在哪里看"


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    learning._known.clear()
    yield
    learning._known.clear()


@pytest.fixture
def message(tea: cast.Tea) -> int:
    cast.arrive([cast.message("m1", "an", WORDS), cast.message("m2", "bo", LIKE_IT)])
    cast.told()
    return pk_of("m1")


def pk_of(key: str) -> int:
    return Message.objects.values_list("pk", flat=True).get(source_key=key)


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    response = client.get(reverse(f"console:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, name: str, *args: object, status: int = 200, **words: str) -> str:
    """Clicks, and follows to the page that shows what came of it."""
    response = client.post(reverse(f"console:{name}", args=args), words, follow=True)
    assert response.status_code == status
    return response.content.decode()


def offers(html: str) -> dict[str, str]:
    """What the buttons say, by what they answer."""
    return dict(re.findall(r'name="say" value="([\w:]+)">([^<]+)</button>', html))


def undo_of(html: str) -> str:
    found = re.search(r'<form method="post" action="([^"]+/back/)">', html)
    assert found
    return unescape(found[1])


def test_every_verdict_that_can_learn_has_one_button(tea: cast.Tea, owner: Client, message: int) -> None:
    found = offers(page(owner, "group-message", tea.first, message))
    assert len(found) == 8
    assert found["question:no"] == "不对，这不是问题"
    assert found["ad:yes"] == "这其实是广告"
    assert not any(answer.startswith("contact") for answer in found)


def test_a_correction_is_shown_with_who_said_it_and_can_be_undone_at_once(
    tea: cast.Tea, owner: Client, message: int
) -> None:
    before = readings_of([message])
    html = post(owner, "group-teach", tea.first, message, say="introduction:yes")
    assert "判断还没翻过来" in html
    html = owner.post(undo_of(html), follow=True).content.decode()
    html = post(owner, "group-teach", tea.first, message, say="question:no")
    assert "<b><bdi>lin同学</bdi></b> 更正：这条不是问题" in html
    assert "学了 1 条更正，没有的话是" in html
    assert "question:no" not in offers(html)
    assert readings_of([message]) != before

    html = owner.post(undo_of(html), follow=True).content.decode()
    assert "撤回了，这条当没有它来判断" in html
    assert "question:no" in offers(html)
    assert "学了" not in html
    assert readings_of([message]) == before


def test_it_is_said_when_one_correction_does_not_turn_what_is_clear(tea: cast.Tea, owner: Client, message: int) -> None:
    cast.arrive([cast.message("m3", "an", CLEAR)])
    cast.told()
    html = post(owner, "group-teach", tea.first, pk_of("m3"), say="question:no")
    assert "这条的判断还没翻过来" in html
    assert '<span class="name">问题</span>' in html


def test_a_message_like_it_names_the_correction_it_was_learnt_from(tea: cast.Tea, owner: Client, message: int) -> None:
    for name in ("wang", "zhao"):
        post(signed_in_as(name, "watcher"), "group-teach", tea.first, message, say="question:no")
    html = page(owner, "group-message", tea.first, pk_of("m2"))
    assert "学了 2 条更正，没有的话是" in html
    assert html.count(f'<a href="{reverse("console:group-message", args=[tea.first, message])}"><bdi>{WORDS}') == 2
    assert "更正：" not in html, "nobody said anything of this one"


def test_a_message_says_so_when_it_was_read_with_other_corrections(tea: cast.Tea, owner: Client, message: int) -> None:
    like_it = pk_of("m2")
    for name in ("wang", "zhao", "chen"):
        post(signed_in_as(name, "watcher"), "group-teach", tea.first, message, say="question:no")
    html = page(owner, "group-message", tea.first, like_it)
    assert "旧版本" not in html
    assert "存下的是按当时的更正判断的：问题。下面按现在的更正。" in html
    assert "相近的旧消息不改" in html
    assert "存下的是" not in page(owner, "group-message", tea.first, message), "this one was read anew"


def test_two_who_contradict_each_other_are_both_shown(tea: cast.Tea, owner: Client, message: int) -> None:
    post(owner, "group-teach", tea.first, message, say="question:no")
    html = post(signed_in_as("wang", "watcher"), "group-teach", tea.first, message, say="question:yes")
    assert "更正：这条不是问题" in html
    assert "更正：这条是问题" in html


def test_nothing_is_new_when_the_same_person_says_it_again(tea: cast.Tea, owner: Client, message: int) -> None:
    post(owner, "group-teach", tea.first, message, say="question:no")
    assert "你已经这么说过了" in post(owner, "group-teach", tea.first, message, say="question:no")
    assert len(corrections_of_message(message)) == 1


@pytest.mark.parametrize("role", ["", "analyst"])
def test_who_may_not_decide_is_offered_nothing_and_cannot_correct(
    tea: cast.Tea, owner: Client, message: int, role: str
) -> None:
    post(owner, "group-teach", tea.first, message, say="question:no")
    (one,) = corrections_of_message(message)
    client = signed_in_as("eve", role)
    post(client, "group-teach", tea.first, message, say="ad:yes", status=404)
    post(client, "group-unteach", tea.first, one.id, status=404)
    post(client, "settings-unteach", tea.community_id, one.id, status=404)
    page(client, "settings-corrections", tea.community_id, status=404)
    assert corrections_of_message(message) == [one]
    if role:
        html = page(client, "group-message", tea.first, message)
        assert offers(html) == {}
        assert "更正：这条不是问题" in html
        assert "/back/" not in html


@pytest.mark.parametrize("say", ["", "ad", "ad:maybe", "joke:yes", "ad:yes:no"])
def test_nothing_is_kept_when_no_button_says_so(tea: cast.Tea, owner: Client, message: int, say: str) -> None:
    post(owner, "group-teach", tea.first, message, say=say, status=404)
    assert corrections_of_message(message) == []


def test_a_message_of_another_group_or_of_nobody_is_not_corrected(tea: cast.Tea, owner: Client, message: int) -> None:
    post(owner, "group-teach", tea.groups["g2"], message, say="ad:yes", status=404)
    assert owner.get(reverse("console:group-teach", args=[tea.first, message])).status_code == 405
    Message.objects.filter(pk=message).update(is_own=True)
    assert offers(page(owner, "group-message", tea.first, message)) == {}
    assert "没法更正" in post(owner, "group-teach", tea.first, message, say="ad:yes")


def test_corrections_of_a_community_are_listed_and_each_taken_back(tea: cast.Tea, owner: Client, message: int) -> None:
    assert "还没有更正" in page(owner, "settings-corrections", tea.community_id)
    post(owner, "group-teach", tea.first, message, say="question:no")
    watcher = signed_in_as("wang", "watcher")
    post(watcher, "group-teach", tea.first, message, say="ad:yes")
    html = page(watcher, "settings-corrections", tea.community_id)
    assert html.count(WORDS) == 2
    assert "lin同学" in html
    assert reverse("console:settings-corrections", args=[tea.community_id]) in page(
        owner, "settings-community", tea.community_id
    )

    newest = list_corrections(tea.community_id, 0, 1)[0]
    html = post(watcher, "settings-unteach", tea.community_id, newest.id)
    assert "撤回了，那条当没有它来判断" in html
    assert html.count(WORDS) == 1
    assert "早已撤回了" in post(watcher, "settings-unteach", tea.community_id, newest.id)


def test_the_journal_tells_what_was_corrected(tea: cast.Tea, owner: Client, message: int) -> None:
    html = post(owner, "group-teach", tea.first, message, say="question:no")
    owner.post(undo_of(html))
    html = page(owner, "journal")
    assert "更正了判断" in html
    assert "「lin同学」说的「这条不是问题」不算了" in html


def test_the_page_of_a_message_needs_as_many_queries_when_many_corrected_it(
    tea: cast.Tea, owner: Client, message: int
) -> None:
    def queries() -> int:
        page(owner, "group-message", tea.first, message)
        with CaptureQueriesContext(connection) as captured:
            page(owner, "group-message", tea.first, message)
        return len(captured)

    post(owner, "group-teach", tea.first, message, say="question:no")
    one = queries()
    for name in ("wang", "zhao", "chen"):
        post(signed_in_as(name, "watcher"), "group-teach", tea.first, message, say="question:no")
        post(signed_in_as(f"{name}2", "watcher"), "group-teach", tea.first, pk_of("m2"), say="question:no")
    assert queries() <= one + 1  # corrections of other messages
