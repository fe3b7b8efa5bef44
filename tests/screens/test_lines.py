"""Accounts on real platforms: connected, looked at, paused, given new secrets, closed; what is secret is shown to nobody."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunying.carriers import live
from qunying.carriers.connecting import CONNECTS, KINDS, QQ, How, how_done, tell_lack
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.wire.line import GroupLook
from qunying.carriers.wire.lines import do_know, do_live, do_mark, do_open_line, do_see, find_line, list_kept
from qunying.carriers.wire.mishaps import do_count_mishap
from qunying.carriers.wire.models import Line, Switchboard
from qunying.communities.actions import do_found_community
from qunying.communities.models import Account
from qunying.journal.models import Fact
from qunying.kernel import clock
from tests import cast
from tests.screens.conftest import signed_in_as

TOKEN = "open-sesame-31415"
QUERY = f"?carrier={QQ}"


@pytest.fixture(autouse=True)
def qq(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that can be connected, whatever this installation has, and a process that holds lines."""
    does = frozenset({"Say", "Mute", "DeleteMessage", "RemoveMember"})
    toy = replace(SANDBOX, name=QQ, title="QQ", does=does)
    monkeypatch.setattr(live, "CARRIERS", (SANDBOX, toy))
    monkeypatch.setattr("qunying.console.lines.connecting.CARRIERS", (SANDBOX, toy))


def stands(at: timedelta = timedelta()) -> None:
    Switchboard.objects.all().delete()
    Switchboard.objects.create(address="http://127.0.0.1:8001", sealed="", seen_at=clock.now() - at)


@pytest.fixture
def line(tea: cast.Tea) -> int:
    """A QQ account that is connected and sees three groups."""
    stands()
    line_id = do_open_line(
        QQ, {"transport": "reverse_ws"}, {"token": TOKEN}, community_id=tea.community_id, at=clock.now()
    )
    do_know(line_id, "10001", "小助手", at=clock.now())
    do_mark(line_id, "online", "", at=clock.now())
    do_live(line_id, clock.now())
    able = frozenset({"Say", "Mute", "DeleteMessage", "RemoveMember"})
    lacks = MappingProxyType({"Mute": "not_admin", "RemoveMember": "not_admin"})
    looks = [GroupLook("1", "书友群", able), *(GroupLook(ref, f"群{ref}", frozenset({"Say"}), lacks) for ref in "23")]
    do_see(line_id, looks)
    return line_id


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status
    html = response.content.decode()
    assert TOKEN not in html
    return html


def send(client: Client, name: str, *args: object, query: str = "", status: int = 302, **words: object) -> str:
    response = client.post(reverse(f"console:{name}", args=args) + query, words)
    assert response.status_code == status
    return response.content.decode()


def test_an_account_is_connected_and_its_token_is_shown_only_until_it_is_saved(
    tea: cast.Tea, owner: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stands()
    assert "NapCat" in page(owner, "settings-connect")
    html = page(owner, "settings-connect", query=QUERY)
    assert "ws://127.0.0.1:8001/onebot/v11/ws" in html
    assert "封掉" in html
    found = re.search(r'name="token" value="([\w-]{20,})"', html)
    assert found
    token = found[1]
    assert token not in page(owner, "settings-connect", query=QUERY)  # every visit another
    send(owner, "settings-connect", query=QUERY, community=tea.community_id, token=token)
    kept = list_kept()[0]
    assert (kept.carrier, kept.options, kept.secrets) == (QQ, {"transport": "reverse_ws"}, {"token": token})
    shown = page(owner, "settings-line", kept.id)
    assert "还没有人来连" in shown
    facts = "".join(str(fact.words) + str(fact.actor) for fact in Fact.objects.filter(name="line.opened"))
    assert "user:" in facts
    for place in (shown, page(owner, "settings-accounts"), page(owner, "journal"), facts, caplog.text):
        assert token not in place
    assert token not in str(Line.objects.values().get())


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("token", "short", "至少 8 个字符"),
        ("token", "有中文的口令口令口令", "英文字母"),
        ("url", "ftp://x", "http://主机:端口"),
        ("url", "http://a:b@x/", "不能带账号"),
        ("url", "http://[::1", "不是一个地址"),
        ("community", "9999999", "9999999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept_when_a_form_is_not_right(
    tea: cast.Tea, owner: Client, field: str, value: str, says: str
) -> None:
    right = {"community": tea.community_id, "url": "http://127.0.0.1:3000", "token": TOKEN, "signature": TOKEN}
    html = send(owner, "settings-connect", query=f"{QUERY}&way=http", status=422, **{**right, field: value})
    assert says in html
    assert not Line.objects.exists()


def test_a_token_is_refused_when_another_line_has_it(line: int, tea: cast.Tea, owner: Client) -> None:
    html = send(owner, "settings-connect", query=QUERY, status=422, community=tea.community_id, token=TOKEN)
    assert "另一条线路已经用着它" in html
    other = do_open_line(QQ, {"transport": "reverse_ws"}, {"token": "another-27182"}, at=clock.now())
    changed = {"way": "reverse_ws", "reverse_ws-token": TOKEN}
    assert "另一条线路已经用着它" in send(owner, "settings-line", other, status=422, **changed)
    send(owner, "settings-line", line, **changed)  # its own again
    assert {one.id: one.secrets["token"] for one in list_kept()} == {line: TOKEN, other: "another-27182"}


def test_a_line_may_be_opened_only_for_a_community_that_one_may_set_up(tea: cast.Tea) -> None:
    other = do_found_community(name="别家", at=clock.now())
    client = signed_in_as("far", "lead", other)
    send(client, "settings-connect", query=QUERY, status=422, community=tea.community_id, token=TOKEN)
    assert not Line.objects.exists()


def test_the_page_says_what_the_account_may_do_where_and_who_grants_the_rest(line: int, owner: Client) -> None:
    html = page(owner, "settings-line", line)
    for words in ("连上了", "看见 3 个群", "1 个能禁言", "2 个群还不是管理员", "请群主", "书友群"):
        assert words in html
    assert "小助手" in page(owner, "settings-accounts")


def test_the_page_follows_what_happens_and_is_silent_when_nothing_did(line: int, owner: Client) -> None:
    seen = re.search(r"polling=(\w+)", page(owner, "settings-line", line))
    assert seen
    headers = {"HX-Request": "true"}
    address = reverse("console:settings-line", args=[line]) + f"?polling={seen[1]}"
    assert owner.get(address, headers=headers).status_code == 204
    do_count_mishap(QQ, line, "wrong_token", "", clock.now())
    do_mark(line, "refused", "口令不对", at=clock.now())
    response = owner.get(address, headers=headers)
    assert response.status_code == 200
    html = response.content.decode()
    assert "<html" not in html
    assert "平台不让连" in html
    assert "口令不对" in html


@pytest.mark.parametrize(
    ("state", "later", "says"),
    [("offline", 0, "掉线了"), ("refused", 0, "平台不让连"), ("online", 0, "在线"), ("online", 3600, "也许断了")],
)
def test_every_state_is_said_in_words(line: int, owner: Client, state: str, later: int, says: str) -> None:
    do_mark(line, state, "", at=clock.now())
    with cast.later(timedelta(seconds=later)):
        stands()
        assert says in page(owner, "settings-accounts")


def test_the_header_says_so_when_an_account_is_away_or_nobody_holds_it(line: int, owner: Client) -> None:
    assert "掉线了" not in page(owner, "today")
    do_mark(line, "offline", "连不上", at=clock.now())
    assert "掉线了" in page(owner, "today")
    stands(timedelta(seconds=30))
    assert "线路进程没有在跑" in page(owner, "today")
    assert "所有线路都断着" in page(owner, "settings-accounts")


def test_a_line_is_paused_and_goes_on(line: int, owner: Client) -> None:
    send(owner, "settings-line-act", line, "pause")
    assert list_kept() == []
    assert "停着" in page(owner, "settings-line", line)
    assert "1 个账号停着" in page(owner, "settings-accounts")
    send(owner, "settings-line-act", line, "go")
    assert len(list_kept()) == 1
    send(owner, "settings-line-act", line, "look")
    assert "现在问不到" in page(owner, "settings-line", line)
    send(owner, "settings-line-act", line, "explode", status=404)
    actors = Fact.objects.filter(name__startswith="line.", actor__startswith="user:")
    assert list(actors.order_by("id").values_list("name", flat=True)) == ["line.paused", "line.resumed"]


def test_a_new_token_is_kept_and_not_shown_again(line: int, owner: Client) -> None:
    do_mark(line, "refused", "口令不对", at=clock.now())
    said = {"way": "reverse_ws", "reverse_ws-token": "another-token-27182"}
    owner_says = {**said, "reverse_ws-token": "x"}
    assert owner.post(reverse("console:settings-line", args=[line]), owner_says).status_code == 422
    assert owner.post(reverse("console:settings-line", args=[line]), said).status_code == 302
    assert list_kept()[0].secrets == {"token": "another-token-27182"}
    assert "another-token-27182" not in page(owner, "settings-line", line)
    send(owner, "settings-line", line, way="other", status=404)


def test_closing_says_first_what_happens_and_leaves_the_account(line: int, owner: Client) -> None:
    assert "3 个群从此听不到" in page(owner, "settings-line-close", line)
    send(owner, "settings-line-close", line)
    assert find_line(line) is None
    assert Account.objects.filter(carrier=QQ).exists()
    assert "没有线路" in page(owner, "settings-accounts")
    page(owner, "settings-line", line, status=404)


def test_who_may_not_set_it_up_sees_no_groups_and_no_mishaps(line: int) -> None:
    other = do_found_community(name="别家", at=clock.now())
    do_count_mishap(QQ, 0, "no_token", "秘密样本", clock.now())
    html = page(signed_in_as("far", "owner", other), "settings-accounts")
    assert "小助手" in html
    assert "看见 3 个群" not in html
    assert "秘密样本" not in html
    assert "秘密样本" in page(signed_in_as("near", "owner"), "settings-accounts")


def test_names_of_groups_are_text_when_they_look_like_markup(line: int, owner: Client) -> None:
    do_see(line, [GroupLook("9", '"><img src=x onerror=alert(1)>', frozenset())])
    assert "<img src=x" not in page(owner, "settings-line", line)


def test_the_list_needs_as_many_queries_with_many_lines_as_with_one(line: int, owner: Client) -> None:
    page(owner, "settings-accounts")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(owner, "settings-accounts")
        counts.append(len(captured))
        for n in range(20):
            do_open_line(QQ, {}, {"token": TOKEN}, at=clock.now() + timedelta(seconds=n))
    assert counts[0] == counts[1]


def test_the_table_says_who_does_what_on_every_platform(owner: Client, db: None) -> None:
    assert "QQ" in page(owner, "settings-platforms")
    assert [how_done(QQ, kind) for kind in ("Say", "Pin", "Unban")] == [How.DOES, How.PERSON, How.CANNOT]
    assert {kind for one in CONNECTS for kind in one.cannot} <= set(KINDS)


def test_a_missing_right_is_said_with_its_number_when_it_has_one() -> None:
    assert str(tell_lack("matrix", "power_50")[0]) == "权限等级不到 50"
    assert str(tell_lack(QQ, "not_admin")[0]) == "还不是管理员"
    assert "odd_code" in str(tell_lack(QQ, "odd_code")[0])
