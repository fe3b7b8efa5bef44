"""The review: one case large, decided by a button, and the next one is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunying.communities.actions import do_set_mode
from qunying.desk.actions import Opening, do_open_cases
from qunying.desk.models import Case
from qunying.kernel import clock
from qunying.kernel.effects import OpenCase
from qunying.kernel.scene import Mode
from qunying.talk.models import Message
from tests import cast
from tests.reviewed import AD, MUTES, OTHER_ADS, REMOVES, advertised, appealed, asks_first, state, states, trusts
from tests.screens.conftest import signed_in_as

MOST_QUERIES, MOST_QUERIES_OF_PAGE = 30, 62  # with what order looked at


def page(client: Client, case: Case | None = None, query: str = "", status: int = 200) -> str:
    """The review, or one case of it."""
    where = reverse("console:review-case", args=[case.pk]) if case else reverse("console:review")
    response = client.get(where + query)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, name: str, case: Case, *args: object, status: int = 200, **words: str) -> str:
    """Presses a button, and follows to the page that shows what came of it."""
    response = client.post(reverse(f"console:{name}", args=[case.pk, *args]), words, follow=True)
    assert response.status_code == status
    return response.content.decode()


def decide(client: Client, case: Case, do: str, status: int = 200, **words: str) -> str:
    """Presses one of the four."""
    return post(client, "review-decide", case, do=do, status=status, **words)


def test_the_case_is_shown_with_all_that_judging_it_takes_when_opened(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    cast.arrive([cast.message("b1", "bo", "今晚七点茶桌谁来")])
    advertised(tea)
    html = page(owner)
    for words in (
        "今晚七点茶桌谁来",
        "<mark>",
        "建议：公开提醒一次",
        "这里有条规矩",
        "你在看，别人不会重复处理",
        "从没被提醒过",
    ):
        assert words in html
    assert "没有 0." in html  # verdicts that say no
    assert "还剩 1 条" in html


def test_the_next_case_is_there_when_one_is_decided(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    first, second = advertised(tea), advertised(tea, "ad2", "bo", AD + " 急招")
    html = decide(owner, first, "approve")
    assert "同意了，照建议做" in html
    assert reverse("console:review-decide", args=[second.pk]) in html
    assert "2 / 2" in html
    assert state(first) == "approved"
    assert Case.objects.get(pk=second.pk).claimed_by_id is not None


def test_nothing_is_left_to_look_at_when_the_last_is_decided(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    html = decide(owner, advertised(tea), "dismiss")
    assert "没有等人看的" in html
    assert "放过了，也告诉了判读：这条不是广告" in html
    assert "教了判读：这条不是广告" in html  # and stays there


def test_the_buttons_say_exactly_what_they_do(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea, REMOVES)
    html = page(owner, advertised(tea))
    assert "同意移出" in html
    assert "放轻：撤回，私下说" in html
    asks_first(tea, MUTES)
    html = page(owner, advertised(tea, "ad2", "bo", AD + " 急招"))
    assert "建议：禁言 10 分钟" in html
    assert "放轻：撤回，只提醒" in html


def test_an_effect_is_not_offered_softer_when_it_is_against_nobody(tea: cast.Tea, owner: Client) -> None:
    do_set_mode("onboarding", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="test")
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=20))
    html = page(owner)
    assert "欢迎 陈晨" in html
    assert "同意，发出" in html
    assert "不发" in html
    assert "放轻" not in html


def test_two_who_look_at_once_see_different_cases(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    first, second = advertised(tea), advertised(tea, "ad2", "bo", AD + " 急招")
    xu = signed_in_as("xu", "operator")
    mine, theirs = page(owner), page(xu)
    addresses = {reverse("console:review-decide", args=[case.pk]) for case in (first, second)}
    assert {one for one in addresses if one in mine} != {one for one in addresses if one in theirs}
    assert "lin同学 在看" in theirs


def test_who_is_too_late_is_told_so_and_nothing_happens(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    case, xu = advertised(tea), signed_in_as("xu", "operator")
    page(owner, case)
    html = page(xu, case)
    assert "「lin同学」在看" in html
    assert 'value="approve"' not in html
    assert "「lin同学」正在看这一件，你这次什么也没有改" in decide(xu, case, "approve", status=409)
    decide(owner, case, "dismiss")
    assert "「lin同学」已经处理过这一件了" in decide(xu, case, "approve", status=409)
    assert set(states(case).values()) == {"cancelled"}


def test_it_is_said_that_somebody_still_looks(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    case, xu = advertised(tea), signed_in_as("xu", "operator")
    page(owner, case)
    with cast.later(timedelta(minutes=4)):
        assert "你在看" in post(owner, "review-hold", case)
    with cast.later(timedelta(minutes=8)):
        assert "「lin同学」在看" in post(xu, "review-hold", case)


@pytest.mark.parametrize(("do", "says"), [("approve", "公开提醒一次"), ("soften", "放轻了"), ("dismiss", "放过了")])
def test_a_decision_is_taken_back_by_the_button_beside_it(tea: cast.Tea, owner: Client, do: str, says: str) -> None:
    asks_first(tea)
    case = advertised(tea)
    html = decide(owner, case, do)
    assert f"{says} <bdi>安安</bdi>" in html
    assert reverse("console:review-back", args=[case.pk]) in html
    assert "撤回了" in post(owner, "review-back", case)
    assert state(case) == ("undone" if do == "approve" else "open")


def test_why_there_is_no_way_back_is_said(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    case = advertised(tea)
    assert "还没有处理" in post(owner, "review-back", case, here="x")


def test_a_case_goes_to_the_colleague_with_the_reason(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    case, xu = advertised(tea), signed_in_as("xu", "operator")
    other = Case.objects.get(pk=advertised(tea, "ad2", "bo", AD + " 急招").pk)
    assert "交给哪位同事看？" in page_of(owner, "review-hand-on", case)
    assert "写一句为什么" in post(owner, "review-hand-on", case, why=" ", status=422)
    html = post(owner, "review-hand-on", case, why="我认识这个人")
    assert "交给「xu同学」了" in html
    assert reverse("console:review-decide", args=[other.pk]) in html
    theirs = page(xu)
    assert reverse("console:review-decide", args=[case.pk]) in theirs
    assert "「lin同学」交过来：我认识这个人" in theirs
    assert "交给你的" in theirs


def page_of(client: Client, name: str, case: Case, *args: object) -> str:
    """A page about a case."""
    response = client.get(reverse(f"console:{name}", args=[case.pk, *args]))
    assert response.status_code == 200
    return response.content.decode()


def test_who_is_alone_gives_to_nobody(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    case = advertised(tea)
    assert "交给" not in page(owner, case)
    assert "没有别的同事" in page_of(owner, "review-hand-on", case)
    assert "选一位同事" in post(owner, "review-hand-on", case, why="你看", status=422)


def test_the_other_order_is_kept_from_case_to_case(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    cases = [advertised(tea, f"ad{number}", who) for number, who in enumerate(("an", "bo", "chen"))]
    for place, (score, hours) in enumerate(((0.5, 3), (0.6, 2), (0.9, 1))):
        at = clock.now() - timedelta(hours=hours)
        Case.objects.filter(pk=cases[place].pk).update(score=score, opened_at=at)
    assert reverse("console:review-decide", args=[cases[2].pk]) in page(owner)
    html = page(owner, query="?order=old")
    assert reverse("console:review-decide", args=[cases[0].pk]) in html
    assert f"{reverse('console:review-case', args=[cases[1].pk])}?order=old" in html


def test_all_of_a_long_queue_is_listed_when_asked_for(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    first = advertised(tea)
    openings = [OpenCase(key=f"c{number}", kind="failed") for number in range(20)]
    do_open_cases([Opening(one, tea.community_id, clock.now()) for one in openings])
    html = page(owner, first)
    assert "另外 12 条" in html
    assert html.count("判断时出了错") < 20 <= page(owner, first, "?all=1").count("判断时出了错")


def test_a_mistake_of_ours_is_only_seen(tea: cast.Tea, owner: Client) -> None:
    do_open_cases([Opening(OpenCase(key="failed:x", kind="failed"), tea.community_id, clock.now())])
    html = page(owner)
    assert "看过就行" in html
    assert "看过了" in html
    decide(owner, Case.objects.get(), "dismiss")
    assert state(Case.objects.get()) == "dismissed"


def test_who_may_only_read_sees_but_holds_and_decides_nothing(tea: cast.Tea, owner: Client, analyst: Client) -> None:
    asks_first(tea)
    case = advertised(tea)
    html = page(analyst)
    assert AD.split("，", maxsplit=1)[0] in html
    assert 'name="do"' not in html
    decide(analyst, case, "approve", status=404)
    assert Case.objects.get().claimed_by_id is None


def test_a_message_that_is_gone_does_not_stop_the_judgement(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    case = advertised(tea)
    Message.objects.all().delete()
    assert "建议：公开提醒一次" in page(owner, case)


def test_how_alike_ones_were_decided_is_told(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    decide(owner, advertised(tea), "dismiss")
    html = page(owner, advertised(tea, "ad2", "bo", OTHER_ADS[0]))
    assert "类似 1 次，同事放过 1 次。" in html


def muted_and_appealed(tea: cast.Tea, owner: Client) -> Case:
    """The owner had somebody muted, who appeals."""
    asks_first(tea, MUTES)
    decide(owner, advertised(tea), "approve")
    cast.told()
    return appealed(tea)


def test_an_appeal_is_shown_with_what_was_done_and_said_and_its_deadline(tea: cast.Tea, owner: Client) -> None:
    case = muted_and_appealed(tea, owner)
    html = page(signed_in_as("xu", "operator"), case)
    for words in (
        "那是发给同学的",
        "当时说的",
        AD[:6],
        "申诉的是：禁言 10 分钟",
        "撤回消息（已送达）",
        "lin同学 点的头",
    ):
        assert words in html
    assert "规则：群里不发广告" in html
    assert "还剩 7 天" in html
    assert "申诉有理，撤销处理…" in html
    assert "放轻" not in html


def test_the_one_who_let_it_go_is_told_that_another_has_to_look(tea: cast.Tea, owner: Client) -> None:
    case = muted_and_appealed(tea, owner)
    assert "但这里没有别的同事" in page(owner, case)
    signed_in_as("xu", "operator")
    html = page(owner, case)
    assert "要由另一位同事来看" in html
    assert reverse("console:review-answer", args=[case.pk, "lift"]) not in html
    assert "当初是你点的头" in post(owner, "review-answer", case, "lift", words="撤了", status=422)
    assert state(case) == "open"


@pytest.mark.parametrize(("outcome", "becomes"), [("lift", "lifted"), ("uphold", "upheld")])
def test_an_appeal_is_answered_with_a_sentence_to_begin_with(
    tea: cast.Tea, owner: Client, outcome: str, becomes: str
) -> None:
    case, xu = muted_and_appealed(tea, owner), signed_in_as("xu", "operator")
    html = page_of(xu, "review-answer", case, outcome)
    assert "你的申诉我们" in html
    assert ("解除禁言" in html or "禁言 10 分钟：撤回来" in html) is (outcome == "lift")
    assert "写一句给本人的答复" in post(xu, "review-answer", case, outcome, words=" ", status=422)
    assert "答复了本人" in post(xu, "review-answer", case, outcome, words="看过了")
    assert state(case) == becomes
    assert "处理过这一件了" in post(owner, "review-answer", case, outcome, words="再看", status=409)


def test_an_appeal_comes_first_and_is_urgent_today_when_it_is_overdue(tea: cast.Tea, owner: Client) -> None:
    case = muted_and_appealed(tea, owner)
    advertised(tea, "ad2", "bo", AD + " 急招")
    with cast.later(timedelta(days=1)):
        assert reverse("console:review-case", args=[case.pk]) in today(owner)
        assert "还剩 6 天" in today(owner)
        assert "过期了" not in page(owner)
    with cast.later(timedelta(days=8)):
        html = page(owner)
        assert "过期了" in html
        assert html.index("过期了") < html.index("禁言 10 分钟 · 茶友会1群")
        assert "dot act" in today(owner)


def today(client: Client) -> str:
    """The day's list."""
    return client.get(reverse("console:today")).content.decode()


def test_an_appeal_is_no_thing_one_has_merely_seen(tea: cast.Tea, owner: Client) -> None:
    case = muted_and_appealed(tea, owner)
    owner.post(reverse("console:today-seen", args=[case.pk]))
    assert state(case) == "open"


def test_today_leads_here_with_how_many_and_how_suspicious(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    for number, who in enumerate(("an", "bo")):
        advertised(tea, f"ad{number}", who, f"{AD} 第{number}批")
    Case.objects.update(score=0.86)
    html = today(owner)
    assert "2 条消息待复核，最可疑 0.86" in html
    assert reverse("console:review") in html


def test_a_second_yes_is_asked_for_when_somebody_is_trusted(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea, REMOVES)
    trusts("an")
    case, xu = advertised(tea), signed_in_as("xu", "operator")
    assert "要移出的是老成员或工作人员，要两位同事都同意" in page(owner, case)
    assert "记下你同意了" in decide(owner, case, "approve")
    assert "你同意了，还要另一位同事点头" in page(owner, case)
    decide(owner, case, "approve", status=422)
    owner.get(reverse("console:review"))
    with cast.later(timedelta(minutes=6)):
        assert "「lin同学」同意了，还要一位" in page(xu, case)
        decide(xu, case, "approve")
    assert state(case) == "approved"


def test_who_is_alone_types_how_many_would_go(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea, REMOVES)
    trusts("an")
    case = advertised(tea)
    assert "会移出几个人" in page(owner, case)
    for wrong in ("", "2", "x", "9" * 9):
        assert "只有你一个人能决定" in decide(owner, case, "approve", people=wrong, status=422)
    assert state(case) == "open"
    decide(owner, case, "approve", people="1")
    assert state(case) == "approved"


def test_as_many_queries_are_needed_for_a_decision_however_much_waits(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    first = advertised(tea, "ad0", "an")
    few = count_of(owner, first)
    for number in range(1, 13):
        advertised(tea, f"ad{number}", ("an", "bo", "chen", "fang")[number % 4], f"{AD} 第{number}批")
    openings = [OpenCase(key=f"c{number}", kind="failed") for number in range(60)]
    do_open_cases([Opening(one, tea.community_id, clock.now()) for one in openings])
    many = count_of(owner, Case.objects.filter(kind="approval", state="open").earliest("pk"))
    assert many <= few
    assert many <= MOST_QUERIES


def test_the_page_needs_as_many_queries_however_much_waits_and_was_decided(tea: cast.Tea, owner: Client) -> None:
    asks_first(tea)
    first = advertised(tea, "ad0", "an")
    decide(owner, advertised(tea, "ad1", "bo", OTHER_ADS[0]), "dismiss")
    few = queries_of_page(owner, first)
    for number in range(2, 9):
        case = advertised(tea, f"ad{number}", f"u{number}", OTHER_ADS[number - 1])
        if number % 2:
            decide(owner, case, "dismiss")
    openings = [OpenCase(key=f"c{number}", kind="failed") for number in range(60)]
    do_open_cases([Opening(one, tea.community_id, clock.now()) for one in openings])
    many = queries_of_page(owner, first)
    assert many <= few + 1  # whether anything stands above the case
    assert many <= MOST_QUERIES_OF_PAGE


def queries_of_page(client: Client, case: Case) -> int:
    """How many queries one case takes that is held already."""
    page(client, case)
    with CaptureQueriesContext(connection) as queries:
        page(client, case)
    return len(queries)


def count_of(client: Client, case: Case) -> int:
    """How many queries the decision alone takes; the page after it has its own bound."""
    page(client, case)
    with CaptureQueriesContext(connection) as queries:
        response = client.post(reverse("console:review-decide", args=[case.pk]), {"do": "approve"})
    assert response.status_code == 302
    return len(queries)


def test_how_well_it_goes_is_a_click_away_when_something_waits_and_when_nothing_does(
    tea: cast.Tea, owner: Client
) -> None:
    names = ("precision", "time_to_act", "time_to_decided_act", "repeats_after_warning", "appeals_upheld")
    links = [reverse("console:insights-metric", args=[name]) for name in names]
    empty = page(owner)
    asks_first(tea)
    advertised(tea)
    for html in (empty, page(owner)):
        assert [link for link in links if f'href="{link}"' not in html] == []
