"""The metric catalogue, each metric by itself, and the report of a group."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunying.capabilities.order.capability import ORDER
from qunying.communities.actions import NewGroup, do_found_community, do_register_group, do_set_mode
from qunying.insights.catalogue import CATALOGUE
from qunying.kernel.errors import QunyingError
from qunying.kernel.scene import Mode
from tests import cast
from tests.reviewed import AD


@pytest.fixture
def talk(tea: cast.Tea) -> cast.Tea:
    """Some talk, joins and leaves in the two groups, an hour ago."""
    with cast.clock_stands(cast.TUESDAY - timedelta(hours=1)):
        cast.arrive([cast.message(f"a{n}", "an", "白茶") for n in range(4)])
        cast.arrive([cast.message("b1", "bo", "红茶")], "g2")
        cast.arrive([cast.join("j1", "man", via="qr"), cast.join("j2", "chen", inviter="an", via="invite")])
        cast.told()
    return tea


def get(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    """That page, which answers so."""
    response = client.get(reverse(f"console:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def test_every_metric_is_in_the_catalogue_with_its_definition(owner: Client) -> None:
    html = get(owner, "insights")

    for metric in CATALOGUE:
        assert metric.definition in html
        assert reverse("console:insights-metric", args=[metric.name]) in html


@pytest.mark.parametrize(("name", "by"), [(metric.name, by) for metric in CATALOGUE for by in ("", *metric.by)])
def test_every_metric_is_shown_in_every_way_when_people_spoke(
    talk: cast.Tea, owner: Client, name: str, by: str
) -> None:
    assert "怎么算的" in get(owner, "insights-metric", name, query=f"?by={by}&span=7")


def test_numbers_are_those_of_the_group_when_one_is_chosen(talk: cast.Tea, owner: Client) -> None:
    whole = get(owner, "insights-metric", "messages", query="?by=group")
    one = get(owner, "insights-metric", "messages", query="?group=茶友会2群")
    by_id = get(owner, "insights-metric", "messages", query=f"?group={talk.groups['g2']}")
    nobody = get(owner, "insights-metric", "messages", query=f"?group={'9' * 30}", status=422)

    assert '<span class="num">5<small>条</small></span>' in whole
    assert "茶友会1群" in whole
    assert '<span class="num">1<small>条</small></span>' in one
    assert "茶友会2群，" in one
    assert '<span class="num">1<small>条</small></span>' in by_id
    assert "没有叫「999" in nobody


def test_a_plot_says_how_many_of_what_when_the_span_begins_before_midnight_further_west(
    talk: cast.Tea, owner: Client
) -> None:
    far = do_found_community(name="西边", at=cast.TUESDAY, timezone="America/New_York")
    do_register_group(far, NewGroup(carrier="sandbox", ref="far", carrier_name="远方"), at=cast.TUESDAY)
    html = get(owner, "insights-metric", "messages", query="?by=day&span=7")
    plot = json.loads(re.search(r"<script[^>]*application/json[^>]*>(.*?)</script>", html)[1])  # type: ignore[index]

    assert "最多，5 条" in html
    assert len(plot["labels"]) == 7


def test_ways_of_joining_are_named_when_people_came(talk: cast.Tea, owner: Client) -> None:
    html = get(owner, "insights-metric", "joins", query="?by=source")

    assert "扫码" in html
    assert "邀请" in html


def test_a_group_that_is_none_is_said_so_when_somebody_types_it(talk: cast.Tea, owner: Client) -> None:
    html = get(owner, "insights-metric", "messages", query="?group=<b>没有</b>", status=422)

    assert "没有叫「&lt;b&gt;没有&lt;/b&gt;」的群" in html


def test_junk_in_the_address_is_ignored_when_somebody_types_it(talk: cast.Tea, owner: Client) -> None:
    assert "怎么算的" in get(owner, "insights-metric", "messages", query="?by=x&span=%00&community=9&page=-1")
    get(owner, "insights-metric", "nothing", status=404)


def test_the_page_says_so_when_there_is_no_group_at_all(owner: Client) -> None:
    for name in ("messages", "members", "active_hours", "top_share"):
        assert "还没有群" in get(owner, "insights-metric", name)


def test_nothing_is_counted_when_somebody_may_see_nothing(talk: cast.Tea, stranger: Client) -> None:
    html = get(stranger, "insights-metric", "messages", query="?group=茶友会1群", status=422)

    assert '<span class="num">–</span>' in html
    assert "茶友会1群，" not in html


def test_only_one_part_is_sent_when_htmx_asks(talk: cast.Tea, owner: Client) -> None:
    address = reverse("console:insights-metric", args=["messages"])
    part = owner.get(address, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div class="stackv" id="insights-answer">')


def test_the_report_tells_the_week_when_people_spoke(talk: cast.Tea, owner: Client) -> None:
    html = get(owner, "group-report", talk.first)

    assert "茶友会1群" in html
    assert "谁在撑着这个群" in html
    assert "安安" in html


def test_the_report_is_taken_along_when_somebody_wants_it(talk: cast.Tea, owner: Client) -> None:
    text = owner.get(reverse("console:group-report-file", args=[talk.first, "md"]))
    data = owner.get(reverse("console:group-report-file", args=[talk.first, "json"]))

    assert "茶友会1群" in text.content.decode()
    assert text["Content-Disposition"].endswith(".md")
    assert json.loads(data.content)
    get(owner, "group-report-file", talk.first, "exe", status=404)


def test_a_reason_is_given_when_no_font_can_draw_the_picture(
    talk: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_to_draw_with() -> None:
        raise QunyingError("没有能画中文的字体")

    for shape in ("png", "pdf"):
        monkeypatch.setattr(f"qunying.insights.rendering.as_{shape}.find_fonts", nothing_to_draw_with)
        assert "没有能画中文的字体" in get(owner, "group-report-file", talk.first, shape, status=422)


def test_a_span_that_is_none_is_said_so_when_somebody_types_it(talk: cast.Tea, owner: Client) -> None:
    assert "不是日期" in get(owner, "group-report", talk.first, query="?from=昨天", status=422)
    assert "谁在撑着这个群" in get(owner, "group-report", talk.first, query="?from=昨天", status=422)
    get(owner, "group-report-file", talk.first, "md", query="?from=2024-03-09&to=2024-03-01", status=422)


def test_the_report_is_not_there_when_somebody_may_not_see_the_group(
    talk: cast.Tea, stranger: Client, client: Client
) -> None:
    get(stranger, "group-report", talk.first, status=404)
    get(stranger, "group-report-file", talk.first, "md", status=404)
    get(client, "group-report", talk.first, status=302)


def test_one_span_is_lit_when_a_short_record_makes_two_equal(tea: cast.Tea, owner: Client) -> None:
    for days in (20, 14):
        cast.arrive([cast.message(f"m{days}", "an", "白茶")], at=cast.TUESDAY - timedelta(days=days))
    cast.told()
    spans = owner.get(reverse("console:group-report", args=[tea.first])).context["spans"]
    whole = next(choice for choice in spans if choice.label == "从头到尾")
    assert [choice.href for choice in spans].count(whole.href) == 2, "the record is seven days long"

    page = owner.get(reverse("console:group-report", args=[tea.first]) + whole.href)
    assert [choice.label for choice in page.context["spans"] if choice.is_on] == ["近 7 天"]


JOURNEYS_ASKED = (
    ("funnel", "?step1=joined&step2=said&window=30d", "2 人里 1 人走到最后一步，50%"),
    ("funnel", "?step1=joined&step2=said&step3=left&order=any", "2 人里 0 人走到最后一步，0%"),
    ("retention", "?every=week", "还没有人来满一期"),
    ("retention", "?every=nonsense&span=%00&community=9", "还没有人来满一期"),
    ("life_cycle", "?every=day", "最近一期来过"),
)


@pytest.mark.parametrize(("name", "query", "answer"), JOURNEYS_ASKED)
def test_a_journey_says_its_answer_as_a_sentence(
    talk: cast.Tea, owner: Client, name: str, query: str, answer: str
) -> None:
    with cast.clock_stands(cast.TUESDAY - timedelta(minutes=30)):
        cast.arrive([cast.message("m1", "man", "大家好")])
        cast.told()
    page = get(owner, "insights-metric", name, query=query)
    assert f'hx-get="{reverse("console:insights-answer", args=[name])}?' in page
    assert "怎么算的" in page
    assert answer in get(owner, "insights-answer", name, query=query)


def test_a_step_that_nobody_ever_did_is_said_and_markup_stays_words(talk: cast.Tea, owner: Client) -> None:
    html = get(owner, "insights-answer", "funnel", query="?step1=joined&step2=<b>x</b>")
    assert "没有「&lt;b&gt;x&lt;/b&gt;」这一步" in html
    get(owner, "insights-answer", "nothing", status=404)


def test_a_journey_counts_nothing_for_somebody_who_may_see_nothing(talk: cast.Tea, stranger: Client) -> None:
    html = get(stranger, "insights-answer", "life_cycle", query=f"?community={talk.community_id}")
    assert "还没有社群" in html
    assert "安安" not in html


def test_times_are_told_as_lengths_and_capabilities_by_their_titles(tea: cast.Tea, owner: Client) -> None:
    do_set_mode("order", Mode.ACT, community_id=tea.community_id, at=cast.TUESDAY, actor="test")
    early = cast.TUESDAY - timedelta(hours=1)
    with cast.clock_stands(early):
        cast.arrive([cast.message("ad", "an", AD)], at=early)
        cast.passed(early, early + timedelta(seconds=30))
    shown = owner.get(reverse("console:insights-metric", args=["time_to_act"]) + "?by=capability&span=7").context
    assert re.fullmatch(r"不到 1 秒|\d+ 秒", shown["total"].value)
    assert [part.name for part in shown["parts"]] == [ORDER.title]
    assert [(one.name, one.value) for one in shown["apart"]][1:] == [("处理了几次", "1")]
    assert [one.value for one in shown["apart"]][:1] == [shown["total"].value]
