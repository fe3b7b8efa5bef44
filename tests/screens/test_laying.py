"""The settings of order as their page lays them out: what happens now, what differs, and looking before keeping."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from qunying.capabilities.onboarding import layout as welcome
from qunying.capabilities.onboarding.settings import OnboardingSettings
from qunying.capabilities.order.layout import list_rungs, tell_ladder, tell_links, tell_words
from qunying.capabilities.order.settings import OrderSettings
from qunying.communities.actions import do_set_mode, do_set_settings
from qunying.communities.queries import layers_of_group, list_layers_of_communities
from qunying.kernel import clock
from qunying.kernel.capability import asked_fields
from qunying.kernel.scene import Mode
from qunying.pipeline.rehearsal.rule import read_rules
from qunying.pipeline.roster import ROSTER
from tests import cast

SAID: dict[str, Any] = {
    "mode": "act",
    "order-ladder": "gentle",
    "order-counts_days": "30",
    "order-back_after_days": "30",
    "order-words_do": "ask",
    "order-ask_from": "50",
    "order-act_from": "80",
}


def address(tea: cast.Tea) -> str:
    """Where order is set for the community."""
    return reverse("console:settings-capability", args=[tea.community_id, "order"])


def kept(tea: cast.Tea) -> dict[str, Any]:
    """What the community has chosen of order."""
    layers = list_layers_of_communities([tea.community_id])
    return dict(layers[tea.community_id, "order"].settings)


def choose(tea: cast.Tea, **settings: Any) -> None:
    """Sets order for the community."""
    do_set_settings("order", settings, community_id=tea.community_id, at=clock.now(), actor="user:1")


def section(html: str, title: str) -> str:
    """That section of the page."""
    return next(part for part in html.split('<section class="decided">') if f"<h3>{title}" in part)


@pytest.mark.parametrize("capability", [one for one in ROSTER if one.layout], ids=lambda one: one.name)
def test_every_setting_has_one_place_when_a_capability_lays_them_out(capability: Any) -> None:
    placed = [name for one in capability.layout for name in (*one.settings, *one.more)]
    assert sorted(placed) == sorted(part.name for part in asked_fields(capability.settings))
    for one in capability.layout:
        assert set(one.spread) <= {*one.settings, *one.more}
        assert one.marks is None or {one.marks.lower, one.marks.upper} <= set(one.settings)


def test_the_page_says_what_happens_now(tea: cast.Tea, owner: Client) -> None:
    do_set_mode("order", Mode.ACT, community_id=tea.community_id, at=clock.now(), actor="user:1")
    html = owner.get(address(tea)).content.decode()
    ladder = section(html, "处理阶梯")
    assert "第 1 次提醒，第 2 次警告，第 3 次禁言 10 分钟，再有就移出群。" in ladder
    assert ladder.count("<small>自己做，本人能申诉</small>") == 4
    assert 'href="/rehearse/?community=' in ladder
    marks = section(html, "复核的门槛")
    assert "把握不到 50% 不动，50% 起请人看，80% 起照阶梯处理。" in marks
    assert re.findall(r'<rect[^>]* width="(\d+)%"', marks) == ["50", "30", "20"]
    assert f'href="{reverse("console:review")}?community={tea.community_id}"' in marks
    assert f'href="/order/lists/?community={tea.community_id}"' in section(html, "词表")
    assert reverse("console:settings-community", args=[tea.community_id]) in section(html, "冒充")
    assert "不是自带的" not in html


def test_what_differs_is_marked_and_has_a_way_back(tea: cast.Tea, owner: Client) -> None:
    choose(tea, ask_from=60, steps=["warn", "remove"])
    html = owner.get(address(tea)).content.decode()
    assert html.count("不是自带的") == 2
    assert "改过 1 项" in section(html, "处理阶梯")
    assert "<details open>" in section(html, "处理阶梯")
    assert 'name="back" value="ask_from"' in section(html, "复核的门槛")
    assert f'formaction="{address(tea)}#set-order-ask_from"' in section(html, "复核的门槛")
    assert 'name="back" value="act_from"' not in html
    said = {**SAID, "order-ask_from": "60", "order-steps": "warn\nremove"}
    html = owner.post(address(tea), {**said, "back": "ask_from"}).content.decode()
    assert 'name="order-ask_from" value="50"' in html
    assert "还没存" in html
    assert "换回去了，存下才算" in html
    assert html.count("不是自带的") == 1
    assert kept(tea) == {"ask_from": 60, "steps": ["warn", "remove"]}


def test_looking_shows_what_it_would_come_to_and_keeps_nothing(tea: cast.Tea, owner: Client) -> None:
    said = {**SAID, "order-ladder": "links-twice", "order-allow_domains": "docs.example.org", "look": "1"}
    html = owner.post(address(tea), said).content.decode()
    assert "第 1 次警告，再有就移出群。" in section(html, "处理阶梯")
    assert "除了下面 1 个网址，别的链接都算违规。" in section(html, "链接与网址")
    assert re.findall(r'name="order-ladder" value="([a-z-]+)"[^>]* checked', html) == ["links-twice"]
    assert list_layers_of_communities([tea.community_id])[tea.community_id, "order"].settings == {}


def test_looking_at_what_cannot_be_says_so(tea: cast.Tea, owner: Client) -> None:
    refused = owner.post(address(tea), {**SAID, "order-ask_from": "90", "look": "1"})
    assert refused.status_code == 422
    assert "不能比请人看的（90%）还低" in refused.content.decode()
    assert "还没存" not in refused.content.decode()


def test_enter_keeps_and_takes_nothing_back(tea: cast.Tea, owner: Client) -> None:
    choose(tea, ask_from=60)
    owner.post(reverse("console:group-capability", args=[tea.first, "order"]), {"mode": "", "order-act_from": "90"})
    for place in (address(tea), reverse("console:group-settings", args=[tea.first])):
        html = owner.get(place).content.decode()
        form = next(part for part in html.split("<form ") if 'name="back"' in part)
        first = re.search(r"<button[^>]*>", form)
        assert first
        assert first[0] == "<button hidden>"


def test_a_setting_that_nobody_knows_goes_nowhere_back(tea: cast.Tea, owner: Client) -> None:
    html = owner.post(address(tea), {**SAID, "order-ask_from": "60", "back": "nothing"}).content.decode()
    assert 'name="order-ask_from" value="60"' in html


def test_a_capability_without_a_layout_asks_one_after_the_other(tea: cast.Tea, owner: Client) -> None:
    html = owner.get(reverse("console:settings-capability", args=[tea.community_id, "rules"])).content.decode()
    places = [html.index(f'name="rules-{name}"') for name in ("wait_hours", "first_days", "last_days")]
    assert places == sorted(places)
    assert 'name="look"' not in html


def test_a_group_marks_its_own_and_goes_back_to_the_community(tea: cast.Tea, owner: Client) -> None:
    choose(tea, ask_from=60)
    place = reverse("console:group-capability", args=[tea.first, "order"])
    owner.post(place, {"mode": "", "order-act_from": "90"})
    html = owner.get(reverse("console:group-settings", args=[tea.first])).content.decode()
    marks = section(html, "复核的门槛")
    assert "60% 起请人看，90% 起照阶梯处理" in marks
    assert marks.count("这个群另定的") == 1
    html = owner.post(place, {"mode": "", "order-act_from": "90", "back": "act_from"}).content.decode()
    assert "60% 起请人看，80% 起照阶梯处理" in section(html, "复核的门槛")
    assert "这个群另定的" not in html
    assert layers_of_group(tea.community_id, tea.first)[1]["order"].settings == {"act_from": 90}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (OrderSettings(ladder="remove-at-once"), "第 1 次移出群。"),
        (OrderSettings(ladder="deposit-then-remove"), "第 1 次没收押金、警告，再有就移出群。"),
        (OrderSettings(steps=("delete", "whisper", "mute 2h", "ban")), "第 3 次禁言 2 小时，再有就移出群，不让再进。"),
        (OrderSettings(steps=("warn", "warn")), "第 1 次警告，再有就警告。"),
    ],
)
def test_the_ladder_is_told_as_one_sentence(settings: OrderSettings, says: str) -> None:
    assert says in tell_ladder(settings, Mode.ACT)


def test_a_ladder_of_ones_own_is_said_to_be_the_one_in_use() -> None:
    assert "照自己写的阶梯" in tell_ladder(OrderSettings(steps=("warn",)), Mode.ACT)
    assert "照自己写的阶梯" not in tell_ladder(OrderSettings(), Mode.ACT)


def test_what_can_be_rehearsed_is_laid_out_as_if_it_acted(tea: cast.Tea, owner: Client) -> None:
    choose(tea, ask_from=60)
    html = owner.get(f"/rehearse/?community={tea.community_id}").content.decode()
    assert "自己做，本人能申诉" in section(html, "处理阶梯")
    assert "60% 起请人看" in section(html, "复核的门槛")
    assert "不管的人" not in html
    assert 'name="back"' not in html


@pytest.mark.parametrize(
    ("settings", "when", "words"),
    [
        (
            OnboardingSettings(),
            "进群 3 分钟后一起欢迎；等到 10 位就不再等。",
            "用自带的欢迎语，请新人照「城市-行业-称呼」介绍自己。",
        ),
        (OnboardingSettings(wait_minutes=0, card_template=""), "每位新人一进群就欢迎。", "用自带的欢迎语。"),
        (
            OnboardingSettings(words="{names}好", rules=("一", "二", "三"), card_template=""),
            "",
            "用自己写的欢迎语，顺带说 2 条规矩。",
        ),
    ],
)
def test_the_welcome_is_told_as_it_is(settings: OnboardingSettings, when: str, words: str) -> None:
    assert when in welcome.tell_when(settings, Mode.ACT)
    assert welcome.tell_words(settings, Mode.ACT) == words


def test_every_rung_says_when_it_ends_and_who_decides() -> None:
    rungs = list_rungs(OrderSettings(steps=("warn+delete", "remove"), counts_days=7, back_after_days=0), Mode.SUGGEST)
    assert [(one.title, one.acts, one.ends, one.decides, one.is_hard) for one in rungs] == [
        ("第 1 次", ("警告", "收起消息"), "7 天后不再算", "你点头才做", False),
        ("第 2 次起", ("移出群",), "要回来由同事决定", "你点头才做", True),
    ]
    (last,) = list_rungs(OrderSettings(steps=("ban",)), Mode.OFF)
    assert (last.ends, last.decides) == ("不再让进", "现在关着，不做")


def test_links_and_words_say_how_many_there_are() -> None:
    assert tell_links(OrderSettings(ladder="links-twice"), Mode.ACT) == "什么链接都算违规。"
    assert "下面 2 个网址从来不算" in tell_links(OrderSettings(allow_domains=("a.cn", "b.cn")), Mode.ACT)
    assert tell_words(OrderSettings(words=("代购",), words_do="delete"), Mode.ACT) == "下面 1 个词出现：收起那条。"
    assert tell_words(OrderSettings(lists=("1.a", "2.b")), Mode.ACT) == "在用 2 张词表，各照各的办。"
    with translation.override("en"):
        assert tell_words(OrderSettings(lists=("1.a",)), Mode.ACT) == "1 list is in use and says itself what follows."


def test_words_that_act_by_themselves_are_not_switched_on_by_typing_them(tea: cast.Tea, owner: Client) -> None:
    acting = {**SAID, "order-words": "代购", "order-words_do": "delete"}
    response = owner.post(address(tea), acting)
    assert response.status_code == 422
    assert "会自己动手的词不能写了就用" in response.content.decode()
    assert owner.post(address(tea), {**acting, "order-words_do": "ask"}).status_code == 302
    assert kept(tea)["words"] == ["代购"]
    choose(tea, words=["代购", "刷单"], words_do="delete")  # as a rehearsal puts it in force
    assert owner.post(address(tea), {**acting, "order-words": "代购\n刷单\n正则：."}).status_code == 422
    assert owner.post(address(tea), acting).status_code == 302  # fewer words touch fewer people
    assert (kept(tea)["words"], kept(tea)["words_do"]) == (["代购"], "delete")


def test_words_of_a_group_are_not_switched_on_by_typing_them_either(tea: cast.Tea, owner: Client) -> None:
    where = reverse("console:group-capability", args=[tea.first, "order"])
    response = owner.post(where, {"mode": "", "order-words": "代购", "order-words_do": "remove"})
    assert response.status_code == 422
    assert "会自己动手的词不能写了就用" in response.content.decode()


def brought(owner: Client, tea: cast.Tea, text: str) -> tuple[int, str]:
    """What the page answers to a file of rules."""
    file = SimpleUploadedFile("rules.yaml", text.encode())
    response = owner.post(address(tea), {"rules": file})
    return response.status_code, response.content.decode()


def test_rules_go_out_as_a_file_and_come_in_elsewhere_to_be_looked_at_first(tea: cast.Tea, owner: Client) -> None:
    choose(tea, ladder="links-twice", allow_domains=["tea.example.cn", "wiki.org"], ask_from=40, lists=["1.abc"])
    response = owner.get(reverse("console:settings-rules", args=[tea.community_id, "order"]))
    text = response.content.decode()
    assert "attachment" in response["Content-Disposition"]
    assert "lists" not in text
    assert read_rules(response.content, ROSTER).settings == {
        "ladder": "links-twice",
        "allow_domains": ("tea.example.cn", "wiki.org"),
        "ask_from": 40,
    }
    choose(tea, counts_days=7)
    status, html = brought(owner, tea, text)
    assert status == 200
    assert "还没存" in html
    assert re.search(r'value="links-twice"[^>]*(?:checked|selected)', html)
    assert "tea.example.cn\nwiki.org" in html
    assert 'name="order-counts_days" value="7"' in html
    assert kept(tea) == {"counts_days": 7}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ladder: 没有这种", "没有这种"),
        ("list: /etc/passwd", "不能用 list 指别的文件"),
        ("words: &a [x]\nrule_x: *a", "alias"),
        ("[", "expected"),
        ("capability: onboarding", "不是「秩序」的"),
        ("words: [代购]\nwords_do: delete", "会自己动手的词不能写了就用"),
        ("rule: " + "x" * 600_000, "规则文件太大"),
    ],
)
def test_a_file_of_rules_is_refused_with_the_reason_and_nothing_changes(
    tea: cast.Tea, owner: Client, text: str, why: str
) -> None:
    status, html = brought(owner, tea, text)
    assert status == 422
    assert why in html
    assert kept_or_nothing(tea) == {}


def kept_or_nothing(tea: cast.Tea) -> dict[str, Any]:
    """What the community has chosen of order, if anything."""
    layer = list_layers_of_communities([tea.community_id]).get((tea.community_id, "order"))
    return dict(layer.settings) if layer else {}
