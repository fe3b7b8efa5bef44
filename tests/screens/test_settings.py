"""The settings: communities, roster, capabilities, accounts, sign-ins, the stop switch, the demo."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import do_found_community
from qunying.communities.models import Community
from qunying.communities.queries import (
    demo_communities,
    find_community_by_name,
    get_community,
    list_layers_of_communities,
    list_leaving_communities,
    list_roster,
    paused_communities,
)
from qunying.communities.sign_ins import do_renew_password, list_sign_ins
from qunying.journal.listing import FactWish, list_wished_facts
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.pipeline.demo import remove
from tests import cast
from tests.screens.conftest import signed_in_as

Counted = Callable[[int], AbstractContextManager[object]]
HOSTILE = '"><img src=x onerror=alert(1)> ‮群'
COMMUNITY: dict[str, Any] = {
    "name": "慢茶会",
    "topic": "喝茶",
    "promise": "每周三晚有茶桌",
    "purpose": ["activate", "retain"],
    "timezone": "Europe/Berlin",
    "language": "zh-hans",
    "quiet_from": "23:00",
    "quiet_to": "07:30",
}
GREETING: dict[str, Any] = {
    "mode": "suggest",
    "onboarding-wait_minutes": "5",
    "onboarding-greet_at": "10",
    "onboarding-words": "{names}，你好 👋",
    "onboarding-rules": "不发广告\r\n\r\n  先爬楼  ",
    "onboarding-card_template": "",
}


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    """A page of the settings, which answers so."""
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, place: str, /, *args: object, status: int = 302, **words: object) -> str:
    """Sends a form of the settings."""
    response = client.post(reverse(f"console:{place}", args=args), words)
    assert response.status_code == status
    return response.content.decode()


def whats() -> list[object]:
    """What was changed in the settings, newest first."""
    facts = list_wished_facts(FactWish(None, names=["settings.changed"]), limit=20)
    return [fact.words.get("what") for fact in facts]


def test_the_overview_teaches_when_there_is_no_community(owner: Client) -> None:
    assert "还没有社群" in page(owner, "settings")


def test_a_community_is_founded_when_the_form_is_whole(owner: Client) -> None:
    page(owner, "settings-found")
    send(owner, "settings-found", **COMMUNITY)
    found = find_community_by_name("慢茶会")
    assert found
    community = get_community(found)
    assert (community.timezone, community.quiet_from, community.quiet_to) == ("Europe/Berlin", time(23), time(7, 30))
    assert community.purpose == ["activate", "retain"]
    html = page(owner, "settings")
    assert "慢茶会" in html
    assert "只看不动" in html


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "这个字段是必填项"),
        ("name", "名" * 121, "120"),
        ("timezone", "Mars/Olympus", "没有「Mars/Olympus」这个时区"),
        ("quiet_from", "25:99", "有效的时间"),
        ("purpose", "win", "win"),
        ("language", "tlh", "tlh"),
    ],
)
def test_the_form_says_what_is_wrong_when_it_is(owner: Client, field: str, value: str, says: str) -> None:
    html = send(owner, "settings-found", status=422, **{**COMMUNITY, field: value})
    assert says in html
    assert find_community_by_name("慢茶会") is None


def test_a_taken_name_is_refused_when_founding_and_changing(tea: cast.Tea, owner: Client) -> None:
    assert "已经有一个叫「茶友会」的社群" in send(
        owner, "settings-found", status=422, **{**COMMUNITY, "name": "茶友会"}
    )
    other = do_found_community(name="别家", at=clock.now())
    html = send(owner, "settings-community", other, status=422, **{**COMMUNITY, "name": "茶友会"})
    assert "已经有一个叫「茶友会」的社群" in html
    assert get_community(other).name == "别家"


def test_a_community_is_changed_and_noted_when_saved(tea: cast.Tea, owner: Client) -> None:
    send(owner, "settings-community", tea.community_id, **{**COMMUNITY, "name": HOSTILE})
    html = page(owner, "settings-community", tea.community_id)
    assert "<img src=x" not in html
    assert "Europe/Berlin" in html
    assert whats() == ["community"]
    send(owner, "settings-community", tea.community_id, **{**COMMUNITY, "name": HOSTILE})
    assert "没有改动" in page(owner, "settings")
    assert whats() == ["community"]


def test_the_roster_grows_and_shrinks_when_somebody_edits_it(tea: cast.Tea, owner: Client) -> None:
    line: dict[str, Any] = {"name": HOSTILE, "carrier": "sandbox", "ref": "u9", "duty": "teacher"}
    send(owner, "settings-roster", tea.community_id, **line)
    assert [one.ref for one in list_roster(tea.community_id)] == ["li", "u9"]
    assert "<img src=x" not in page(owner, "settings-community", tea.community_id)
    assert "已经在名册里了" in send(owner, "settings-roster", tea.community_id, status=422, **line)
    assert send(owner, "settings-roster", tea.community_id, status=422, **{**line, "duty": "king"})
    staff = list_roster(tea.community_id)[0].id
    other = do_found_community(name="别家", at=clock.now())
    send(owner, "settings-strike", other, staff)
    assert len(list_roster(tea.community_id)) == 2
    send(owner, "settings-strike", tea.community_id, staff)
    assert [one.ref for one in list_roster(tea.community_id)] == ["u9"]


def test_a_capability_is_set_when_its_form_is_sent(tea: cast.Tea, owner: Client) -> None:
    send(owner, "settings-capability", tea.community_id, "onboarding", **GREETING)
    layer = list_layers_of_communities([tea.community_id])[(tea.community_id, "onboarding")]
    assert layer.mode == "suggest"
    expected = {"wait_minutes": 5, "words": "{names}，你好 👋", "rules": ["不发广告", "先爬楼"], "card_template": ""}
    assert layer.settings == expected
    html = page(owner, "settings-capability", tea.community_id, "onboarding")
    assert "不发广告\n先爬楼</textarea>" in html
    assert "改了 4 项设置" in page(owner, "settings-community", tea.community_id)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("onboarding-wait_minutes", "121", "120"),
        ("onboarding-wait_minutes", "三", "输入整数"),
        ("onboarding-greet_at", "0", "1"),
        ("onboarding-greet_at", "", "必填"),
        ("onboarding-rules", "\n".join(["条"] * 51), "写了 51 条，最多 50 条"),
        ("onboarding-rules", "好\n" + "长" * 501, "第 2 条太长"),
    ],
)
def test_a_setting_is_refused_in_words_when_it_cannot_be(
    tea: cast.Tea, owner: Client, field: str, value: str, says: str
) -> None:
    before = list_layers_of_communities([tea.community_id])
    html = send(owner, "settings-capability", tea.community_id, "onboarding", status=422, **{**GREETING, field: value})
    assert says in html
    assert list_layers_of_communities([tea.community_id]) == before
    page(owner, "settings-capability", tea.community_id, "nothing", status=404)


def test_thresholds_that_would_ask_nobody_are_refused_and_rehearsing_is_offered(tea: cast.Tea, owner: Client) -> None:
    html = page(owner, "settings-capability", tea.community_id, "order")
    assert f'href="/rehearse/?community={tea.community_id}"' in html
    assert f'href="/order/lists/?community={tea.community_id}"' in html
    said = {"mode": "act", "order-ladder": "gentle", "order-counts_days": "30", "order-back_after_days": "30"}
    said |= {"order-words_do": "ask", "order-act_from": "60"}
    html = send(owner, "settings-capability", tea.community_id, "order", status=422, **said, **{"order-ask_from": "70"})
    assert "直接处理要的把握（60%）不能比请人看的（70%）还低" in html
    assert list_layers_of_communities([tea.community_id])[tea.community_id, "order"].settings == {}
    send(owner, "settings-capability", tea.community_id, "order", **said, **{"order-ask_from": "60"})
    kept = list_layers_of_communities([tea.community_id])[tea.community_id, "order"].settings
    assert kept == {"act_from": 60, "ask_from": 60}


def test_accounts_say_where_they_are_when_listed(tea: cast.Tea, owner: Client) -> None:
    html = page(owner, "settings-accounts")
    assert "群营小助手" in html
    assert "在 2 个群里" in html


def test_accounts_teach_when_there_are_none(owner: Client) -> None:
    assert "还没有接账号" in page(owner, "settings-accounts")


def test_a_new_sign_in_works_with_the_password_shown_once_when_made(tea: cast.Tea, owner: Client) -> None:
    words: dict[str, Any] = {
        "name": "xiaoxu",
        "shown_name": HOSTILE,
        "role": "operator",
        "community": str(tea.community_id),
    }
    html = send(owner, "settings-sign-ins", status=200, **words)
    found = re.search(r'<code class="code">([a-z0-9-]{19})</code>', html)
    assert found
    assert "<img src=x" not in html
    client = Client()
    assert client.login(username="xiaoxu", password=found[1])
    assert "茶友会" in page(client, "settings")
    page(client, "settings-sign-ins", status=404)
    assert found[1] not in page(owner, "settings-sign-ins")
    assert "运营 · 茶友会" in page(owner, "settings-sign-ins")
    assert "已经有叫「XiaoXu」的账号" in send(owner, "settings-sign-ins", status=422, **{**words, "name": "XiaoXu"})
    assert "只能用文字" in send(owner, "settings-sign-ins", status=422, **{**words, "name": "a b"})
    assert send(owner, "settings-sign-ins", status=422, **{**words, "role": "god"})


def test_sessions_end_when_a_sign_in_is_stopped(tea: cast.Tea, owner: Client) -> None:
    theirs = signed_in_as("theirs", "lead")
    user = User.objects.get(username="theirs")
    assert next(one for one in list_sign_ins(clock.now()) if one.name == "theirs").sessions == 1
    send(owner, "settings-sign-in", user.pk, "deactivate")
    assert theirs.get(reverse("console:settings")).status_code == 302
    assert "停用" in page(owner, "settings-sign-ins")
    send(owner, "settings-sign-in", user.pk, "activate")
    theirs.force_login(user)
    page(theirs, "settings")
    send(owner, "settings-sign-in", user.pk, "sign-out")
    assert theirs.get(reverse("console:settings")).status_code == 302
    assert whats() == ["sessions", "activated", "deactivated"]


def test_a_password_is_new_when_asked_for(tea: cast.Tea, owner: Client) -> None:
    theirs = signed_in_as("theirs", "lead")
    user = User.objects.get(username="theirs")
    html = send(owner, "settings-sign-in", user.pk, "password", status=200)
    assert "只显示这一次" in html
    assert theirs.get(reverse("console:settings")).status_code == 302


def test_whoever_lost_phone_and_password_comes_in_again_when_an_owner_renews_it(tea: cast.Tea, owner: Client) -> None:
    user = User.objects.create_user("xiaoxu", password="before")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    html = send(owner, "settings-sign-in", user.pk, "password", status=200)
    found = re.search(r'<code class="code">([a-z0-9-]{19})</code>', html)
    assert found
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": "xiaoxu", "password": found[1]}, follow=True)
    assert not Authenticator.objects.filter(user=user).exists()
    assert answer.redirect_chain[-1][0].startswith(reverse("account_change_password"))


def test_roles_come_and_go_when_an_owner_says_so(tea: cast.Tea, owner: Client) -> None:
    theirs = signed_in_as("theirs")
    user = User.objects.get(username="theirs")
    assert "什么都看不到" in page(owner, "settings-sign-ins")
    assert "茶友会" not in page(theirs, "settings")
    send(owner, "settings-sign-in", user.pk, "role", role="analyst", community=str(tea.community_id))
    assert "茶友会" in page(theirs, "settings")
    (held,) = next(one for one in list_sign_ins(clock.now()) if one.name == "theirs").roles
    send(owner, "settings-sign-in", user.pk, "take-role", grant=str(held.grant_id))
    assert "茶友会" not in page(theirs, "settings")
    assert "没看懂" in send(owner, "settings-sign-in", user.pk, "role", status=422, role="god")


def test_the_last_owner_stays_when_somebody_would_shut_the_door(owner: Client) -> None:
    (me,) = list_sign_ins(clock.now())
    assert "最后一位所有者" in send(owner, "settings-sign-in", me.id, "deactivate", status=422)
    held = str(me.roles[0].grant_id)
    assert "最后一位所有者" in send(owner, "settings-sign-in", me.id, "take-role", status=422, grant=held)
    page(owner, "settings-sign-ins")


def test_everything_stops_and_goes_on_when_the_switch_is_turned(tea: cast.Tea, owner: Client) -> None:
    html = page(owner, "settings-pause", query="?community=all")
    assert "暂停「所有社群」的自动动作？" in html
    assert "等着发的停在原地，不会丢" in html
    assert paused_communities() == set()
    send(owner, "settings-pause", community="all")
    assert paused_communities() == {None}
    assert "恢复「所有社群」" in page(owner, "settings-pause", query="?community=all")
    send(owner, "settings-pause", community="all")
    assert paused_communities() == set()
    send(owner, "settings-pause", community=str(tea.community_id))
    assert paused_communities() == {tea.community_id}
    send(owner, "settings-pause", community="999", status=404)


def test_only_the_own_community_stops_when_somebody_decides_there(tea: cast.Tea) -> None:
    other = do_found_community(name="别家", at=clock.now())
    watcher = signed_in_as("watcher", "watcher", tea.community_id)
    assert "所有社群" not in page(watcher, "settings-pause")
    send(watcher, "settings-pause", community="all", status=404)
    send(watcher, "settings-pause", community=str(other), status=404)
    send(watcher, "settings-pause", community=str(tea.community_id))
    assert paused_communities() == {tea.community_id}


def test_the_question_comes_alone_when_htmx_asks(tea: cast.Tea, owner: Client) -> None:
    address = reverse("console:settings-pause") + "?community=all"
    html = owner.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert "effects" in html


def test_the_demo_goes_and_the_rest_stays_when_it_is_removed(tea: cast.Tea, owner: Client) -> None:
    assert "没有演示社群" in page(owner, "settings-demo")
    do_found_community(name="演示", at=clock.now(), is_demo=True)
    assert "移除 1 个演示社群" in page(owner, "settings-demo")
    assert demo_communities()
    send(owner, "settings-demo")
    assert demo_communities() == []
    remove.do_finish_removal(clock.now())
    assert list_leaving_communities() == []
    assert find_community_by_name("茶友会") == tea.community_id


@pytest.fixture
def going(tea: cast.Tea, owner: Client) -> cast.Tea:
    """A demo that the owner lets go, with talk and people of its own; nobody took anything out yet."""
    demo = cast.build_tea(groups=("d1",), name="看戏会")
    Community.objects.filter(pk=demo.community_id).update(is_demo=True)
    cast.arrive([cast.message("d-m", "an", "戏里的话"), cast.join("d-j", "man")], "d1")
    cast.told()
    send(owner, "settings-demo")
    return demo


def test_what_is_left_is_said_and_asking_twice_is_harmless_when_the_demo_is_being_removed(
    going: cast.Tea, owner: Client
) -> None:
    assert "演示社群正在移除" in page(owner, "settings")
    html = page(owner, "settings-demo")
    assert "还剩 <b>1</b> 条消息、<b>4</b> 条成员记录" in html
    assert "every 2s" in html
    send(owner, "settings-demo")
    assert list_leaving_communities() == [going.community_id]
    remove.do_finish_removal(clock.now())
    html = page(owner, "settings-demo")
    assert "没有演示社群" in html
    assert "every 2s" not in html
    assert "正在移除" not in page(owner, "settings")


@pytest.mark.parametrize("role", ["owner", "demo only"])
def test_nobody_sees_the_demo_any_more_when_it_is_being_removed(going: cast.Tea, role: str) -> None:
    client = signed_in_as("eye", "owner") if role == "owner" else signed_in_as("eye", "lead", going.community_id)
    shown = ["today", "groups", "people", "outbox", "journal", "settings", "sandbox", "insights", "search"]
    for name in shown:
        html = client.get(reverse(f"console:{name}"), {"q": "戏里"} if name == "search" else {"choose": ""}).content
        assert not {"看戏会", "戏里的话"} & set(re.findall("看戏会|戏里的话", html.decode())), name
    assert client.get(reverse("console:group", args=[going.first])).status_code == 404
    assert client.get(reverse("console:settings-community", args=[going.community_id])).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("settings-found", ()),
        ("settings-community", ("tea",)),
        ("settings-capability", ("tea", "onboarding")),
        ("settings-sign-ins", ()),
        ("settings-demo", ()),
    ],
)
def test_a_page_does_not_exist_for_those_who_may_not(
    tea: cast.Tea, stranger: Client, analyst: Client, name: str, args: tuple[str, ...]
) -> None:
    real = [tea.community_id if arg == "tea" else arg for arg in args]
    operator = signed_in_as("operator", "operator")
    for client in (stranger, analyst, operator):
        page(client, name, *real, status=404)
        send(client, name, *real, status=404)
    page(Client(), name, *real, status=302)


@pytest.mark.parametrize("count", [2, 25])
def test_queries_stay_few_when_there_are_many(
    owner: Client, django_assert_max_num_queries: Counted, count: int
) -> None:
    for number in range(count):
        do_found_community(name=f"社群{number}", at=clock.now())
        signed_in_as(f"user{number}", "operator")
    with django_assert_max_num_queries(22):
        page(owner, "settings")
    with django_assert_max_num_queries(22):
        page(owner, "settings-sign-ins")
    with django_assert_max_num_queries(22):
        page(owner, "settings-pause")


def test_the_command_prints_a_password_that_works_when_the_name_is_known(owner: Client, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("password", "lin", stdout=out)
    assert Client().login(username="lin", password=out.getvalue().strip())
    out = io.StringIO()
    call_command("password", "lin", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["name"] == "lin"
    assert Client().login(username="lin", password=said["password"])
    with pytest.raises(BadUse, match="没有叫「niemand」"):
        call_command("password", "niemand")


def test_a_locked_out_person_comes_back_when_the_password_is_renewed(owner: Client) -> None:
    User.objects.filter(username="lin").update(is_active=False)
    password = do_renew_password("lin", at=clock.now(), actor="system")
    assert Client().login(username="lin", password=password)
