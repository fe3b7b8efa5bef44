"""Who may be one person: the queue, joining by hand, every way back, and what stands beside a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.kernel import clock
from qunying.people.actions import Account, Enrolled, Seat, Spoke, do_count_talk, do_enrol, do_know
from qunying.people.alike import do_compare_new
from qunying.people.cards import do_read_new
from qunying.people.merging import Evidence, do_merge_persons
from qunying.people.models import Alike, Apart, Consent, Identity, Merge, Note
from tests import cast
from tests.screens.conftest import signed_in_as

HU = "上海-珩某网络-CTO-胡建国"
QUEUE = "/people/same/"
HTMX = {"HX-Request": "true"}


def account(ref: str) -> int:
    key = Account("sandbox", ref)
    return do_know({key: ""}, clock.now())[key].id


def person(ref: str) -> int | None:
    return Identity.objects.values_list("person_id", flat=True).get(ref=ref)


def enrol(tea: cast.Tea, group: str, **cards: str) -> None:
    members = [Enrolled(ref, f"昵称{ref}", card) for ref, card in cards.items()]
    do_enrol("sandbox", tea.community_id, tea.groups[group], members, clock.now())


@pytest.fixture
def pair(tea: cast.Tea) -> int:
    """Two accounts with one card in two groups; the pair's id."""
    enrol(tea, "g1", hu=HU)
    enrol(tea, "g2", hu2=HU)
    do_read_new()
    do_compare_new(clock.now())
    return Alike.objects.get().pk


def decide(client: Client, pair: int, verb: str, **more: str) -> Any:
    return client.post(f"{QUEUE}{pair}/decide/", {"verb": verb, **more})


def undo_of(client: Client) -> str:
    """Where the toast on the next page posts to."""
    html = client.get(QUEUE).content.decode()
    start = html.index('action="', html.index("toast")) + len('action="')
    return html[start : html.index('"', start)]


def both_talk(tea: cast.Tea, group: str = "g1") -> None:
    """Both speak in one group on the same days."""
    enrol(tea, group, hu=HU, hu2=HU)
    for ref in ("hu", "hu2"):
        seat = Seat(tea.groups[group], account(ref))
        do_count_talk({seat: Spoke(3, clock.now() - timedelta(days=9), clock.now() - timedelta(days=1))})


def test_the_queue_says_why_and_shows_both(owner: Client, pair: int) -> None:
    html = owner.get(QUEUE).content.decode()
    assert "有 1 对账号可能是同一个人" in html
    assert "群名片上的公司、职位和称呼都相同" in html
    assert "昵称hu2" in html
    assert html.count("<mark><bdi>珩某网络</bdi></mark>") == 2


def test_one_page_is_both_when_somebody_says_so_and_two_again_when_taken_back(owner: Client, pair: int) -> None:
    assert decide(owner, pair, "join").status_code == 302
    undo = undo_of(owner)
    assert person("hu") == person("hu2") == account("hu")
    assert "没有要你认的人" in owner.get(f"{QUEUE}?pair={pair}").content.decode()
    moved = owner.get(f"/people/{account('hu2')}/")
    assert (moved.status_code, moved["Location"]) == (302, f"/people/{account('hu')}/")
    html = owner.get(f"/people/{account('hu')}/").content.decode()
    assert "茶友会1群" in html
    assert "茶友会2群" in html
    assert "两个账号合成了一个人" in html
    beside = owner.get(f"/people/{account('hu')}/beside/").content.decode()
    assert "为什么是同一个人？" in beside
    owner.post(undo)
    assert [person("hu"), person("hu2")] == [account("hu"), account("hu2")]
    assert owner.get(f"/people/{account('hu2')}/").status_code == 200


def test_nobody_is_asked_again_when_they_are_two_and_again_when_that_is_taken_back(owner: Client, pair: int) -> None:
    decide(owner, pair, "apart")
    assert "没有要你认的人" in owner.get(QUEUE).content.decode()
    assert "昵称hu2" in owner.get(f"/people/{account('hu')}/beside/").content.decode()
    word = Apart.objects.get()
    owner.post(f"/people/aparts/{word.pk}/undo/?next=same")
    assert "有 1 对账号" in owner.get(QUEUE).content.decode()


def test_a_pair_waits_a_week_when_put_off(owner: Client, pair: int) -> None:
    decide(owner, pair, "later")
    assert "没有要你认的人" in owner.get(QUEUE).content.decode()
    with cast.clock_stands(clock.now() + timedelta(days=8)):
        client = signed_in_as("later", "owner")
        assert "有 1 对账号" in client.get(QUEUE).content.decode()
    owner.post(f"{QUEUE}{pair}/recall/")
    assert "有 1 对账号" in owner.get(QUEUE).content.decode()


def test_somebody_must_insist_when_both_talk_in_one_group(tea: cast.Tea, owner: Client, pair: int) -> None:
    both_talk(tea)
    refused = decide(owner, pair, "join")
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "同一段时间都说过话" in html
    assert "茶友会1群" in html
    assert not Merge.objects.exists()
    assert decide(owner, pair, "join", confirmed="1").status_code == 302
    assert Merge.objects.get().is_confirmed


def test_it_is_refused_with_a_reason_when_somebody_said_otherwise(tea: cast.Tea, owner: Client, pair: int) -> None:
    enrol(tea, "g1", third="第三人")
    decide(owner, pair, "apart")
    response = owner.post(f"/people/{account('hu')}/merge/", {"other": account("hu2"), "source": "听说的"})
    assert response.status_code == 422
    assert "不是同一个人；要合并，先撤回那句话" in response.content.decode()
    assert not Merge.objects.exists()


def test_two_are_joined_by_hand_when_somebody_knows_it(tea: cast.Tea, owner: Client) -> None:
    enrol(tea, "g2", an2="安安小号")
    page = f"/people/{account('an')}/merge/"
    assert "昵称an2" in owner.get(f"{page}?q=昵称an2").content.decode()
    assert "先看清楚" in owner.get(f"{page}?other={account('an2')}").content.decode()
    response = owner.post(page, {"other": account("an2"), "source": "她私下说换了号"})
    assert (response.status_code, response["Location"]) == (302, f"/people/{account('an')}/")
    beside = owner.get(f"/people/{account('an')}/beside/").content.decode()
    assert "她私下说换了号" in beside
    assert "我们的人认得" in beside


def test_nothing_is_there_for_those_who_may_not_decide(
    tea: cast.Tea, owner: Client, pair: int, analyst: Client
) -> None:
    decide(owner, pair, "join")
    merge = Merge.objects.get().pk
    assert analyst.get(QUEUE).status_code == 404
    assert analyst.get(f"/people/{account('hu')}/merge/").status_code == 404
    for path in (f"{QUEUE}{pair}/decide/", f"/people/merges/{merge}/undo/", f"/people/{account('hu')}/notes/"):
        assert analyst.post(path, {"verb": "apart", "text": "x"}).status_code == 404
    beside = analyst.get(f"/people/{account('hu')}/beside/").content.decode()
    assert "为什么是同一个人？" in beside
    assert f"/people/merges/{merge}/undo/" not in beside
    assert "记一次私聊" not in beside


def test_what_lies_outside_reach_is_neither_told_nor_touched(tea: cast.Tea, owner: Client) -> None:
    other = do_found_community(name="隐秘社", at=clock.now())
    group = do_register_group(other, NewGroup(carrier="sandbox", ref="s1", carrier_name="隐秘群"), at=clock.now())
    do_enrol("sandbox", other, group, [Enrolled("secret", "隐秘的人", HU)], clock.now())
    enrol(tea, "g1", hu=HU)
    do_read_new()
    do_compare_new(clock.now())
    pair = Alike.objects.get().pk
    lead = signed_in_as("lead", "lead", tea.community_id)
    assert "没有要你认的人" in lead.get(QUEUE).content.decode()
    assert lead.get(f"{QUEUE}?pair={pair}").status_code == 404
    assert decide(lead, pair, "join").status_code == 404
    assert lead.post(f"/people/{account('hu')}/merge/", {"other": account("secret")}).status_code == 404
    decide(owner, pair, "join")
    assert lead.post(f"/people/merges/{Merge.objects.get().pk}/undo/").status_code == 404
    root = person("hu")
    for path in (f"/people/{root}/", f"/people/{root}/beside/"):
        html = lead.get(path).content.decode()
        assert "昵称hu" in html
        for secret in ("隐秘的人", "隐秘群", "隐秘社"):
            assert secret not in html


def test_a_person_keeps_the_name_within_reach_when_the_one_who_names_them_is_outside(tea: cast.Tea) -> None:
    other = do_found_community(name="隐秘社", at=clock.now())
    group = do_register_group(other, NewGroup(carrier="sandbox", ref="s1", carrier_name="隐秘群"), at=clock.now())
    do_enrol("sandbox", other, group, [Enrolled("secret", "隐秘的人")], clock.now())
    enrol(tea, "g1", hu=HU)
    do_merge_persons(account("secret"), account("hu"), Evidence("union"), by=None, at=clock.now())
    assert person("hu") == account("secret")
    html = signed_in_as("lead", "lead", tea.community_id).get(f"/people/{account('secret')}/").content.decode()
    assert "昵称hu" in html
    assert "隐秘的人" not in html


@pytest.mark.parametrize(
    "path", ["/people/99999999999999999999999/", "/people/same/?pair=x", "/people/same/?pair=99999999"]
)
def test_odd_addresses_are_calm(tea: cast.Tea, owner: Client, path: str) -> None:
    assert owner.get(path).status_code in {200, 404}


def test_a_private_talk_is_noted_told_and_taken_back(tea: cast.Tea, owner: Client, analyst: Client) -> None:
    page = f"/people/{account('an')}/"
    owner.post(f"{page}notes/", {"text": "她在准备换工作", "on": "2024-03-01"})
    note = Note.objects.get()
    told = owner.get(f"{page}?kind=notes").content.decode()
    assert "她在准备换工作" in told
    assert "lin同学" in told
    assert "她在准备换工作" not in analyst.get(page).content.decode()
    assert (
        "私聊" not in analyst.get(f"{page}?kind=notes").content.decode().partition('id="course"')[2].partition("<ol")[2]
    )
    assert analyst.post(f"{page}notes/{note.pk}/undo/").status_code == 404
    owner.post(f"{page}notes/{note.pk}/undo/")
    assert "她在准备换工作" not in owner.get(page).content.decode()


def test_the_words_are_given_back_when_a_note_is_refused(tea: cast.Tea, owner: Client) -> None:
    page = f"/people/{account('an')}/"
    response = owner.post(f"{page}notes/", {"text": "下周再聊", "on": "2024-13-45"})
    assert response.status_code == 422
    assert "日期写成" in response.content.decode()
    assert "下周再聊</textarea>" in response.content.decode()
    refused = owner.post(f"{page}consents/", {"what": "private", "given": "yes", "source": ""})
    assert refused.status_code == 422
    assert "写明在哪里说的" in refused.content.decode()
    assert not Note.objects.exists()
    assert not Consent.objects.exists()


def test_the_latest_consent_is_told(tea: cast.Tea, owner: Client) -> None:
    page = f"/people/{account('an')}/"
    owner.post(f"{page}consents/", {"what": "private", "given": "yes", "source": "入群问卷", "on": "2024-03-01"})
    owner.post(f"{page}consents/", {"what": "private", "given": "no", "source": "她私下说的", "on": "2024-03-04"})
    html = owner.get(f"{page}beside/").content.decode()
    assert "她私下说的" in html
    assert "入群问卷 ·" not in html
    assert "不同意私下联系" in owner.get(f"{page}?kind=identity").content.decode()


def test_deeds_outside_are_summed_by_kind_and_currency_and_stand_in_the_course(tea: cast.Tea, owner: Client) -> None:
    day = timedelta(days=1)
    do_keep_deeds(
        [
            NewDeed(tea.community_id, account("an"), "小店", "order", f"o{n}", clock.now() - n * day, 995_000, "CNY")
            for n in range(1, 4)
        ]
        + [NewDeed(tea.community_id, account("an"), "小店", "order", "u", clock.now() - day, 100_000, "USD")]
    )
    html = owner.get(f"/people/{account('an')}/beside/").content.decode()
    assert "298.50 CNY" in html
    assert "10.00 USD" in html
    course = owner.get(f"/people/{account('an')}/?kind=outside").content.decode()
    assert course.count("下单") == 4
    assert "99.50 CNY" in course


def test_the_whole_course_goes_page_by_page_without_a_gap_or_twice(tea: cast.Tea, owner: Client) -> None:
    at = clock.now() - timedelta(hours=1)  # all at one moment, so that only the keys order them
    do_keep_deeds(
        [NewDeed(tea.community_id, account("an"), "小店", "order", f"o{n}", at, 10_000, "CNY") for n in range(30)]
    )
    with cast.clock_stands(at):
        cast.arrive([cast.card(f"c{n}", "an", f"名片{n}") for n in range(30)])
        cast.told()
    for n in range(15):
        owner.post(f"/people/{account('an')}/notes/", {"text": f"第{n}次", "on": "2024-03-01"})
    seen: list[str] = []
    address, left = f"/people/{account('an')}/", None
    while True:
        context = owner.get(address).context
        seen += [item.key for item in context["course"]]
        assert left is None or left == len(context["course"]) + context["course_left"]
        left = context["course_left"]
        if not context["course_older"]:
            break
        address = f"/people/{account('an')}/{context['course_older'].partition('#')[0]}"
    assert left == 0
    assert len(seen) == len(set(seen)) == 30 + 30 + 15 + 2 + _decisions()


def _decisions() -> int:
    from qunying.journal.models import Fact

    known = ("card.changed", "note.written")
    return Fact.objects.filter(identity_id=account("an")).exclude(name__in=known).count()


def test_questions_stay_few_when_much_is_known(
    tea: cast.Tea, owner: Client, pair: int, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    pages = (QUEUE, f"/people/{account('an')}/beside/", f"/people/{account('an')}/merge/?other={account('bo')}")
    for page in pages:
        owner.get(page)
    counts = []
    for page in pages:
        with django_assert_max_num_queries(30) as asked:
            owner.get(page)
        counts.append(len(asked))
    for n in range(9):
        enrol(tea, "g1", **{f"a{n}": f"上海-公司{n}-CTO-王小{'一二三四五六七八九'[n]}"})
        enrol(tea, "g2", **{f"b{n}": f"上海-公司{n}-CTO-王小{'一二三四五六七八九'[n]}"})
    do_read_new()
    do_compare_new(clock.now())
    for page, count in zip(pages, counts, strict=True):
        with django_assert_num_queries(count):
            owner.get(page)
