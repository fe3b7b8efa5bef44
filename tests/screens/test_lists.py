"""The pages of lists of words: made, filled, looked through, tried before they are switched on, and removed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from qunying.capabilities.order.lists_kept import do_import_words, do_make_list, do_switch_list, do_write_words
from qunying.capabilities.order.lists_told import find_list, list_lists, list_words
from qunying.capabilities.order.models import WordFound
from qunying.kernel import clock
from tests import cast
from tests.screens.conftest import signed_in_as

pytestmark = pytest.mark.django_db
GUESSED = "不认得「猜」这种方式"


@pytest.fixture
def tea(db: None) -> Iterator[cast.Tea]:
    """Two groups in which six people spoke."""
    with cast.clock_stands(cast.TUESDAY):
        found = cast.build_tea(groups=("g1", "g2"))
        people = ("an", "bo", "chen", "fang", "man", "yu")
        cast.arrive(
            [cast.message(f"m{n}", ref, f"第{n}泡白茶，找我代购" if n < 2 else "早") for n, ref in enumerate(people)]
        )
        cast.told()
        yield found


def make(tea: cast.Tea, *words: str, does: str = "delete", groups: tuple[int, ...] = (), on: bool = False) -> int:
    made = do_make_list(tea.community_id, "禁词", does, groups, user_id=1, at=clock.now())
    if words:
        do_write_words(made, words, user_id=1, at=clock.now())
    if on:
        do_switch_list(made, is_on=True, user_id=1, at=clock.now())
    return made


@pytest.fixture(autouse=True)
def _somebody(owner: Client) -> None:
    """Lists are made by the first person there is."""


def texts(list_id: int) -> list[str]:
    return [word.text for word in list_words(list_id)]


def is_on(list_id: int) -> bool:
    found = find_list(list_id)
    return found is not None and found.is_on


def test_a_list_is_made_off_and_opened_when_it_has_a_name(tea: cast.Tea, owner: Client) -> None:
    address = f"/order/lists/?community={tea.community_id}"
    assert "还没有词表" in owner.get(address).content.decode()
    response = owner.post(address, {"title": "禁词", "does": "delete", "groups": [tea.first]}, follow=True)
    made = list_lists(tea.community_id, clock.now())[0]
    assert (made.title, made.does, made.groups, made.is_on) == ("禁词", "delete", (tea.first,), False)
    assert response.redirect_chain[-1][0] == f"/order/lists/{made.id}/"
    refused = owner.post(address, {"title": "禁词", "does": "delete"})
    assert refused.status_code == 422
    assert "已经有一张叫「禁词」的词表" in refused.content.decode()


def test_lists_read_like_sentences_and_point_to_words_that_may_go(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购", "刷单", on=True)
    WordFound.objects.create(wordlist_id=made, word="代购", times=38, last_at=clock.now())
    html = owner.get(f"/order/lists/?community={tea.community_id}").content.decode()
    for part in ("2 个词", "收起那条", "全部群", "中过 38 次", "1 个词从没中过"):
        assert f"<span><bdi>{part}</bdi></span>" in html
    assert "可以划掉" not in html
    with cast.clock_stands(clock.now() + timedelta(days=91)):
        assert "有的词一次没中过，可以划掉" in owner.get(f"/order/lists/?community={tea.community_id}").content.decode()


def test_words_are_paged_found_and_ordered_by_how_often_they_were_found(tea: cast.Tea, owner: Client) -> None:
    made = make(tea)
    do_import_words(made, ["word", *(f"词{n}" for n in range(450))], replace=True, user_id=1, at=clock.now())
    WordFound.objects.create(wordlist_id=made, word="词449", times=3, last_at=clock.now())
    WordFound.objects.create(wordlist_id=made, word="词7", times=9, last_at=clock.now())

    def shown(query: str) -> list[str]:
        return [row.word.text for row in owner.get(f"/order/lists/{made}/?{query}").context["rows"]]

    assert shown("") == [f"词{n}" for n in range(200)]
    assert shown("page=3") == [f"词{n}" for n in range(400, 450)]
    assert shown("page=99") == [f"词{n}" for n in range(400, 450)]
    assert shown("order=most")[:3] == ["词7", "词449", "词0"]
    assert shown("order=never&page=3") == [f"词{n}" for n in range(401, 449)]
    assert shown("q=词44") == ["词44", *(f"词44{n}" for n in range(10))]
    assert shown("q=词44&page=2") == shown("q=词44")
    assert "没有这样的词" in owner.get(f"/order/lists/{made}/?q=没有").content.decode()


def test_words_written_by_hand_are_taken_together_or_not_at_all(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购")
    refused = owner.post(f"/order/lists/{made}/words/", {"lines": "刷单\n\n正则：(\n允许：代购咖啡豆"})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert '<td class="n">3</td>' in html
    assert "正则：(</bdi>" in html
    assert "「(」没法找：括号没有收住" in html
    assert "刷单\n\n正则：(" in html  # what was typed is still there
    assert texts(made) == ["代购"]
    told = owner.post(f"/order/lists/{made}/words/", {"lines": "刷单\n\n代购\n允许：代购咖啡豆"}, follow=True)
    assert "新加 2 个，早就有的 1 个" in told.content.decode()
    assert texts(made) == ["代购", "刷单", "代购咖啡豆"]
    assert owner.post(f"/order/lists/{made}/words/", {"lines": " "}).status_code == 422
    owner.post(f"/order/lists/{made}/back/")
    assert texts(made) == ["代购"]


def test_ticked_words_are_struck_and_brought_back(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购", "刷单", "返利")
    assert owner.post(f"/order/lists/{made}/strike/", {}).status_code == 422
    told = owner.post(f"/order/lists/{made}/strike/", {"word": ["代购", "返利"]}, follow=True)
    assert "划掉了 2 个词" in told.content.decode()
    assert texts(made) == ["刷单"]
    assert f'action="/order/lists/{made}/back/"' in told.content.decode()
    owner.post(f"/order/lists/{made}/back/")
    assert texts(made) == ["代购", "刷单", "返利"]


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("词", "方式"), ("刷单", "拼音"), ("返利", "猜")):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept", "line", "why"),
    [
        ("a.csv", "word,way\n刷单,pinyin\n返利,猜\n".encode(), ["刷单"], 3, GUESSED),
        ("a.csv", "词,方式\n刷单,拼音\n返利,猜\n".encode("gb18030"), ["刷单"], 3, GUESSED),
        ("a.txt", "刷单\n正则：(\n允许：刷单的坏处\n".encode(), ["刷单", "刷单的坏处"], 2, "括号没有收住"),
        ("a.xlsx", workbook(), ["刷单"], 3, GUESSED),
    ],
)
def test_a_file_of_words_is_read_and_its_wrong_lines_are_told(
    name: str, content: bytes, kept: list[str], line: int, why: str, tea: cast.Tea, owner: Client
) -> None:
    made = make(tea, "代购")
    told = owner.post(f"/order/lists/{made}/import/", {"file": SimpleUploadedFile(name, content)})
    assert told.status_code == 200
    assert f'<td class="n">{line}</td>' in told.content.decode()
    assert why in told.content.decode()
    assert texts(made) == ["代购", *kept]
    owner.post(f"/order/lists/{made}/import/", {"file": SimpleUploadedFile(name, content), "way": "replace"})
    assert texts(made) == kept


@pytest.mark.parametrize("content", [b"\x00\x01\x02", "好,坏\n1,2\n3,4".encode()])
def test_a_file_that_is_no_table_of_words_is_refused_and_nothing_is_lost(
    content: bytes, tea: cast.Tea, owner: Client
) -> None:
    made = make(tea, "代购")
    refused = owner.post(f"/order/lists/{made}/import/", {"file": SimpleUploadedFile("a.csv", content)})
    assert refused.status_code == 422
    assert owner.post(f"/order/lists/{made}/import/", {}).status_code == 422
    assert texts(made) == ["代购"]


def test_a_list_goes_out_as_a_file_that_comes_back(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购", "拼音：刷单", "允许：代购咖啡豆")
    content = owner.get(f"/order/lists/{made}/words.csv").content
    other = do_make_list(tea.community_id, "另一张", "ask", user_id=1, at=clock.now())
    owner.post(f"/order/lists/{other}/import/", {"file": SimpleUploadedFile("words.csv", content)})
    assert list_words(other) == list_words(made)


def test_a_list_gets_another_name_consequence_and_place(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购")
    owner.post(f"/order/lists/{made}/change/", {"title": "别的", "does": "watch", "groups": [tea.groups["g2"]]})
    line = find_list(made)
    assert line is not None
    assert (line.title, line.does, line.groups) == ("别的", "watch", (tea.groups["g2"],))
    refused = owner.post(f"/order/lists/{made}/change/", {"title": "", "does": "explode"})
    assert refused.status_code == 422
    assert find_list(made) == line


def test_what_a_list_would_find_is_shown_before_it_is_switched_on(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购")
    html = owner.get(f"/order/lists/{made}/switch/").content.decode()
    assert "过去 30 天会中 2 条，碰到 2 个人" in html
    assert "看了 6 条，说过话的有 6 人，会碰到其中的 33%" in html
    assert "第1泡白茶，找我<mark>代购</mark>" in html
    assert f'href="/groups/{tea.first}/messages/' in html
    assert not is_on(made)
    told = owner.post(f"/order/lists/{made}/switch/", follow=True).content.decode()
    assert is_on(made)
    assert f'action="/order/lists/{made}/switch/?off=1"' in told  # the way back
    owner.post(f"/order/lists/{made}/switch/?off=1")
    assert not is_on(made)


def test_a_list_that_touches_nearly_everybody_is_on_only_when_the_number_is_typed(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "正则：.")
    assert "碰到 6 个人" in owner.get(f"/order/lists/{made}/switch/").content.decode()
    for typed in ({}, {"people": "5"}, {"people": "六"}):
        refused = owner.post(f"/order/lists/{made}/switch/", typed)
        assert refused.status_code == 422
        assert "会碰到 6 个人，比说过话的人的一半还多" in refused.content.decode()
        assert not is_on(made)
    owner.post(f"/order/lists/{made}/switch/", {"people": " 6 "})
    assert is_on(made)
    owner.post(f"/order/lists/{made}/switch/", {"off": "1"})
    assert not is_on(made)


def test_a_list_that_is_on_and_becomes_wide_is_off_until_the_number_is_typed(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购", on=True)
    told = owner.post(f"/order/lists/{made}/words/", {"lines": "正则：."}, follow=True).content.decode()
    assert "先替你关了" in told
    assert not is_on(made)
    assert texts(made) == ["代购", "."]
    counted = make_other(tea, "正则：.", does="watch")
    assert is_on(counted)
    owner.post(f"/order/lists/{counted}/change/", {"title": "只数", "does": "remove"})
    assert not is_on(counted)


def make_other(tea: cast.Tea, *words: str, does: str) -> int:
    made = do_make_list(tea.community_id, "只数", does, user_id=1, at=clock.now())
    do_write_words(made, words, user_id=1, at=clock.now())
    do_switch_list(made, is_on=True, user_id=1, at=clock.now())
    return made


def test_a_list_that_only_counts_wants_no_number(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "正则：.", does="watch")
    owner.post(f"/order/lists/{made}/switch/")
    assert is_on(made)


def test_only_the_groups_of_a_list_are_looked_at(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "正则：.", groups=(tea.groups["g2"],))
    assert "没有人说过话" in owner.get(f"/order/lists/{made}/switch/").content.decode()


def test_words_never_found_are_shown_before_they_go(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购", "刷单", "允许：代购咖啡豆", on=True)
    WordFound.objects.create(wordlist_id=made, word="代购", times=1, last_at=clock.now())
    html = owner.get(f"/order/lists/{made}/idle/").content.decode()
    assert "会划掉 1 个从没中过的词" in html
    assert "刷单" in html
    assert texts(made) == ["代购", "刷单", "代购咖啡豆"]
    owner.post(f"/order/lists/{made}/idle/")
    assert texts(made) == ["代购", "代购咖啡豆"]


def test_a_list_is_removed_after_what_that_means_was_shown(tea: cast.Tea, owner: Client) -> None:
    made = make(tea, "代购", on=True)
    html = owner.get(f"/order/lists/{made}/remove/").content.decode()
    assert "它正开着，以后不再照它来" in html
    told = owner.post(f"/order/lists/{made}/remove/", follow=True)
    assert "「禁词」删掉了" in told.content.decode()
    assert find_list(made) is None


def test_whoever_may_only_read_finds_no_way_to_change_a_list(tea: cast.Tea, owner: Client) -> None:
    made, reader = make(tea, "代购"), signed_in_as("ana", "analyst")
    for address in (
        f"/order/lists/?community={tea.community_id}",
        f"/order/lists/{made}/",
        f"/order/lists/{made}/switch/",
    ):
        html = reader.get(address).content.decode()
        assert "代购" in html or "禁词" in html
        assert 'method="post" action="/order' not in html
    assert reader.post(f"/order/lists/?community={tea.community_id}", {"title": "x", "does": "ask"}).status_code == 404


def test_a_page_of_seventy_thousand_words_reads_them_once(tea: cast.Tea, owner: Client) -> None:
    made = make(tea)
    do_import_words(made, ["word", *(f"词{n}" for n in range(70_000))], replace=True, user_id=1, at=clock.now())
    owner.get(f"/order/lists/{made}/")
    with CaptureQueriesContext(connection) as captured:
        html = owner.get(f"/order/lists/{made}/?page=300&order=most").content.decode()
    assert html.count('name="word"') == 200
    assert not [one for one in captured.captured_queries if '"words"' in one["sql"].split("FROM")[0]]
