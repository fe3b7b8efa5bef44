"""The members' list and the page of one person."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.kernel import clock
from qunying.people.actions import Account, Enrolled, Seat, Spoke, do_count_talk, do_enrol, do_know
from qunying.people.cards import do_read_new
from qunying.people.models import Membership
from qunying.people.roll import RollWish, count_roll, list_roll
from qunying.talk.actions import NewMessage, do_keep_messages
from tests import cast
from tests.screens.conftest import signed_in_as

HTMX = {"HX-Request": "true"}
HOSTILE = "<script>alert(1)</script>"
HARD = ["안녕 👩‍👩‍👧", "ＦＵＬＬ　全角", "許願樹", "نور", "\u200b零宽\u200b", "𠮷野家🍚", "很长" * 90]


def person_of(name: str, carrier: str = "sandbox", ref: str = "") -> int:
    """The id of the person behind a sandbox account."""
    account = Account(carrier, ref or name)
    return do_know({account: name}, clock.now())[account].id


def enrol(tea: cast.Tea, members: list[Enrolled], group: str = "g1") -> None:
    """More members in a group of the tea friends."""
    do_enrol("sandbox", tea.community_id, tea.groups[group], members, clock.now())


def say(tea: cast.Tea, person: int, texts: list[str], group: str = "g1", ago: timedelta = timedelta(hours=1)) -> None:
    """Somebody says things in a group, one a minute."""
    group_id, at = tea.groups[group], clock.now() - ago
    times = [at + timedelta(minutes=place) for place in range(len(texts))]
    news = [
        NewMessage(
            community_id=tea.community_id,
            group_id=group_id,
            sender_id=person,
            source_key=f"{person}:{group}:{moment.isoformat()}",
            at=moment,
            text=text,
        )
        for moment, text in zip(times, texts, strict=True)
    ]
    do_keep_messages(news)
    do_count_talk({Seat(group_id, person): Spoke(len(texts), times[0], times[-1])})


def names_in(client: Client, query: str) -> str:
    """The page's words for a query."""
    return client.get(f"/people/?{query}").content.decode()


def test_everybody_present_is_listed_when_nothing_is_chosen(tea: cast.Tea, owner: Client) -> None:
    html = names_in(owner, "")
    assert html.count("安安") >= 2
    assert "阿博" in html
    assert "管理员" in html


def test_those_who_talk_most_come_first_when_sorted_by_talk(tea: cast.Tea, owner: Client) -> None:
    say(tea, person_of("阿博", ref="bo"), ["早", "早啊", "泡茶"])
    html = names_in(owner, "")
    assert html.index("阿博") < html.index("安安")
    assert 'aria-sort="descending"' in html


@pytest.mark.parametrize("name", HARD)
def test_somebody_is_found_when_their_name_is_hard(tea: cast.Tea, owner: Client, name: str) -> None:
    enrol(tea, [Enrolled("hard", name)])
    sought = next(part for part in name.replace("\u200b", " ").replace("\u3000", " ").split())[:8]
    found = list_roll(RollWish(words=sought), start=0, limit=50)
    assert [line.name for line in found] == [name[:200]]
    assert owner.get("/people/", {"q": sought}).status_code == 200


def test_somebody_is_found_when_initials_of_the_card_are_typed(tea: cast.Tea, owner: Client) -> None:
    enrol(tea, [Enrolled("cto", "老王", "上海-CTO-王")])
    html = names_in(owner, "q=shcto")
    assert "老王" in html
    assert "安安" not in html


def test_a_name_is_escaped_when_it_is_markup(tea: cast.Tea, owner: Client) -> None:
    enrol(tea, [Enrolled("evil", HOSTILE, f'"{HOSTILE}')])
    html = names_in(owner, "")
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_only_those_who_left_are_listed_when_asked_for(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.leave("l1", "bo")])
    cast.told()
    html = names_in(owner, "presence=left")
    assert "阿博" in html
    assert "已离开" in html
    assert "安安" not in html


def test_only_the_silent_are_listed_when_asked_for(tea: cast.Tea, owner: Client) -> None:
    say(tea, person_of("阿博", ref="bo"), ["早"], "g1")
    assert "阿博" in names_in(owner, "talk=spoke")
    assert "安安" not in names_in(owner, "talk=spoke")
    assert names_in(owner, "talk=never").count("阿博</bdi>") == 1  # in the other group they never spoke


def test_only_one_group_is_listed_when_it_is_chosen(tea: cast.Tea, owner: Client) -> None:
    enrol(tea, [Enrolled("x", "只在二群")], "g2")
    assert "只在二群" in names_in(owner, f"group={tea.groups['g2']}")
    assert "只在二群" not in names_in(owner, f"group={tea.groups['g1']}")


def test_the_list_teaches_when_there_is_nobody(owner: Client) -> None:
    html = names_in(owner, "")
    assert "还没有成员" in html
    assert "/import/" in html
    assert "没有这样的成员" in names_in(owner, "q=谁也不是")


def test_only_the_table_comes_when_htmx_asks(tea: cast.Tea, owner: Client) -> None:
    html = owner.get("/people/", headers=HTMX).content.decode()
    assert html.lstrip().startswith("<section")
    assert "<html" not in html
    assert "安安" in html


@pytest.mark.parametrize(
    "query",
    [
        "page=99999",
        "page=x",
        "group=9999999999999999999999",
        "community=abc",
        "sort=evil",
        "presence=;",
        "q=%00",
        "q=%22%27%28*",
    ],
)
def test_the_list_stays_calm_when_the_address_is_odd(tea: cast.Tea, owner: Client, query: str) -> None:
    assert owner.get(f"/people/?{query}").status_code == 200


def test_nobody_is_shown_when_the_reader_may_see_nothing(tea: cast.Tea, stranger: Client) -> None:
    assert "安安" not in names_in(stranger, "")
    assert "安安" not in names_in(stranger, f"community={tea.community_id}")
    assert stranger.get(f"/people/{person_of('安安', ref='an')}/").status_code == 404


def test_the_door_opens_first_when_nobody_is_signed_in(client: Client, db: None) -> None:
    for path in ("/people/", "/people/1/", "/search/", "/import/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


def test_questions_stay_few_when_members_are_many(
    tea: cast.Tea, owner: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    owner.get("/people/")
    with django_assert_max_num_queries(22) as first:
        owner.get("/people/")
    enrol(tea, [Enrolled(f"m{number}", f"成员{number}", f"上海-茶-{number}") for number in range(120)])
    with django_assert_num_queries(len(first)):
        owner.get("/people/")
    with django_assert_max_num_queries(24):
        owner.get("/people/?q=上海&page=2")


def test_counting_ends_when_there_are_more_than_anybody_turns_over(tea: cast.Tea) -> None:
    assert count_roll(RollWish(), at_most=4) == 4
    assert count_roll(RollWish(), at_most=100) == 6


def test_several_communities_are_one_order_when_they_are_merged(tea: cast.Tea) -> None:
    other = do_found_community(name="早读营", at=clock.now())
    group = do_register_group(other, NewGroup(carrier="sandbox", ref="r1", carrier_name="早读一群"), at=clock.now())
    do_enrol("sandbox", other, group, [Enrolled("zoe", "Zoë")], clock.now())
    do_count_talk({Seat(group, person_of("Zoë", ref="zoe")): Spoke(9, clock.now(), clock.now())})
    say(tea, person_of("阿博", ref="bo"), ["早", "早"])
    both = RollWish(community_ids=[tea.community_id, other])
    everywhere = [line.id for line in list_roll(RollWish(), start=0, limit=50)]
    for order in ("talk", "joined", "spoke"):
        wish = RollWish(community_ids=both.community_ids, order=order)
        whole = [line.id for line in list_roll(wish, start=0, limit=50)]
        assert whole == [line.id for line in list_roll(RollWish(order=order), start=0, limit=50)]
        assert [line.id for line in list_roll(wish, start=2, limit=3)] == whole[2:5]
    assert len(everywhere) == 7


def test_a_person_is_told_over_all_groups_when_their_page_is_opened(tea: cast.Tea, owner: Client) -> None:
    person = person_of("安安", ref="an")
    say(tea, person, ["早起头一周靠闹钟", "第二周靠群里有人等我"], "g1")
    say(tea, person, ["白茶饼撬散了装罐"], "g2", timedelta(days=3))
    html = owner.get(f"/people/{person}/").content.decode()
    assert "现在在 2 个群里，近 30 天说了 3 条。" in html
    assert "第一次开口" in html
    assert "早起头一周靠闹钟" in html
    assert "茶友会2群" in html


def test_comings_and_goings_and_reasons_are_told_when_they_happened(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "yu", inviter="an", via="invite")])
    with cast.later(timedelta(minutes=30)):
        cast.told()
    with cast.later(timedelta(hours=1)):
        cast.arrive([cast.leave("l1", "yu", operator="li")])
        cast.told()
        html = owner.get(f"/people/{person_of('نور', ref='yu')}/").content.decode()
    assert "被移出群" in html
    assert "由「安安」邀请" in html
    assert "决定：" in html
    assert "为什么？" in html
    assert "已经不在任何群里" in html


def test_nothing_outside_the_readers_reach_is_told_when_a_person_is_in_two_communities(tea: cast.Tea) -> None:
    other = do_found_community(name="隐秘社", at=clock.now())
    group = do_register_group(other, NewGroup(carrier="sandbox", ref="s1", carrier_name="隐秘群"), at=clock.now())
    do_enrol("sandbox", other, group, [Enrolled("an", "安安", "秘密名片"), Enrolled("only", "只在隐秘群")], clock.now())
    do_keep_messages(
        [
            NewMessage(
                community_id=other,
                group_id=group,
                sender_id=person_of("安安", ref="an"),
                source_key="k",
                at=clock.now(),
                text="秘密的话",
            )
        ]
    )
    lead = signed_in_as("lead", "lead", tea.community_id)
    html = lead.get(f"/people/{person_of('安安', ref='an')}/").content.decode()
    for secret in ("隐秘群", "秘密名片", "秘密的话", "隐秘社"):
        assert secret not in html
    assert lead.get(f"/people/{person_of('只在隐秘群', ref='only')}/").status_code == 404
    assert "只在隐秘群" not in names_in(lead, "q=隐秘")


def test_the_course_goes_on_when_the_older_page_is_opened(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.card(f"c{n}", "an", f"名片{n}") for n in range(30)])
    cast.told()
    person = person_of("安安", ref="an")
    first = owner.get(f"/people/{person}/")
    older = first.context["course_older"]
    shown = [str(item.key) for item in first.context["course"]]
    second = owner.get(f"/people/{person}/{older}", headers=HTMX)
    below = re.findall(r'<li data-key="(-?\d+)"', second.content.decode())
    assert first.context["course_left"] == len(below)
    assert not set(shown) & set(below)
    assert len(shown) + len(below) == 30 + 2  # and the two comings that only the member list knew
    assert second.content.decode().lstrip().startswith('<section class="panel" id="course"')


def test_thirty_days_are_never_more_when_somebody_speaks_every_day(tea: cast.Tea, owner: Client) -> None:
    person = person_of("an")
    for number in range(32):
        say(tea, person, ["早", "晚安"], ago=timedelta(days=number))
    page = owner.get(f"/people/{person}/")
    assert (page.context["active_days"], page.context["recent"], sum(page.context["spark"])) == (30, 60, 60)


def test_older_messages_are_shown_when_asked_for_without_a_script(tea: cast.Tea, owner: Client) -> None:
    person = person_of("安安", ref="an")
    say(tea, person, [f"第{n}句" for n in range(25)])
    page = owner.get(f"/people/{person}/")
    assert "第24句" in page.content.decode()
    older = owner.get(f"/people/{person}/{page.context['said_older']}").content.decode()
    assert "第10句" in older
    assert "<html" in older


@pytest.mark.parametrize(
    "query",
    ["before=x", "before=2024-01-01,1", "before=2024-01-01T00:00:00+00:00,9" + "9" * 40, "kind=evil", "said_before=,"],
)
def test_the_person_page_stays_calm_when_the_address_is_odd(tea: cast.Tea, owner: Client, query: str) -> None:
    assert owner.get(f"/people/{person_of('安安', ref='an')}/?{query}").status_code == 200


def test_there_is_no_page_when_there_is_no_person(tea: cast.Tea, owner: Client) -> None:
    assert owner.get("/people/987654321/").status_code == 404
    assert owner.get(f"/people/{10**30}/").status_code == 404


def test_a_person_with_a_hostile_name_is_escaped_when_shown(tea: cast.Tea, owner: Client) -> None:
    enrol(tea, [Enrolled("evil", HOSTILE, HOSTILE)])
    person = person_of(HOSTILE, ref="evil")
    say(tea, person, [HOSTILE])
    html = owner.get(f"/people/{person}/").content.decode()
    assert HOSTILE not in html


def test_questions_stay_few_when_a_person_says_and_does_much(
    tea: cast.Tea, owner: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    person = person_of("安安", ref="an")
    say(tea, person, [f"第{n}句" for n in range(12)])
    cast.arrive([cast.card(f"c{n}", "an", f"名片{n}") for n in range(25)])
    cast.told()
    owner.get(f"/people/{person}/")
    with django_assert_max_num_queries(27) as first:  # one counts the incidents of the navigation
        owner.get(f"/people/{person}/")
    say(tea, person, [f"第{n}句" for n in range(200)], ago=timedelta(hours=9))
    cast.arrive([cast.card(f"d{n}", "an", f"新名片{n}") for n in range(60)])
    cast.told()
    with django_assert_num_queries(len(first)):
        owner.get(f"/people/{person}/")


HU = Enrolled("hu", "听风", "上海-珩某网络-CTO-胡先生")


def seat_of(ref: str, group_id: int) -> int:
    return Membership.objects.values_list("pk", flat=True).get(identity__ref=ref, group=group_id)


@pytest.fixture
def hu(tea: cast.Tea) -> tuple[int, int]:
    """Somebody with one card in two groups: the person, and the seat in the first."""
    for group in ("g1", "g2"):
        enrol(tea, [HU], group)
    do_read_new()
    return person_of("听风", ref="hu"), seat_of("hu", tea.groups["g1"])


def test_the_list_and_the_page_tell_the_fields_of_a_card(owner: Client, hu: tuple[int, int]) -> None:
    row = names_in(owner, "q=shcto")
    assert "珩某网络</bdi>" in row
    page = owner.get(f"/people/{hu[0]}/").content.decode()
    assert page.count("群名片读出来的") == 1
    assert re.search(r"<dt>职位</dt><dd><bdi>CTO</bdi>\s*<span class=\"meta\">98%", page)
    assert "小李" in page[page.index("我们谁认识") :]


def test_a_field_is_corrected_in_all_groups_with_that_card_and_taken_back(owner: Client, hu: tuple[int, int]) -> None:
    person, seat = hu
    words = {"field": "city", "value": "杭州"}
    page = owner.post(f"/people/{person}/cards/{seat}/correct/", words, follow=True).content.decode()
    assert "记下了" in page
    assert "我们改的" in page
    assert "群名片的城市更正成「杭州」" in page
    assert names_in(owner, "q=杭州").count("我们改的") == 2
    undo = f"/people/{person}/cards/{seat}/uncorrect/?field=city"
    assert f'"{undo}"' in page
    back = owner.post(undo, follow=True).content.decode()
    assert "撤回了" in back
    assert "我们改的" not in back
    assert "没有这样的成员" in names_in(owner, "q=杭州")


def test_a_correction_says_why_when_it_cannot_be_kept(owner: Client, hu: tuple[int, int]) -> None:
    person, seat = hu
    for words, said in (({"field": "group_no", "value": "十"}, "9999"), ({"field": "x"}, "没有「x」这一项")):
        assert said in owner.post(f"/people/{person}/cards/{seat}/correct/", words, follow=True).content.decode()
    gone = owner.post(f"/people/{person}/cards/{seat + 999}/correct/", {"field": "city"}, follow=True)
    assert "不归你管" in gone.content.decode()


def test_nobody_corrects_what_they_only_read(tea: cast.Tea, hu: tuple[int, int]) -> None:
    person, seat = hu
    analyst = signed_in_as("阿析", "analyst", tea.community_id)
    page = analyst.get(f"/people/{person}/").content.decode()
    assert "群名片读出来的" in page
    assert "更正一项" not in page
    for act in ("correct", "uncorrect"):
        assert analyst.post(f"/people/{person}/cards/{seat}/{act}/", {"field": "city"}).status_code == 404
