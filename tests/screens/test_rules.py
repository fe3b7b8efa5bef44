"""The pages of rules: written, changed, put away; who has seen which; said again and told in private."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunying.communities.actions_rules import RuleNotes, do_drop_rule, do_reword_rule, do_write_rule
from qunying.communities.queries_rules import RuleLine, find_rule, list_rules
from qunying.kernel import clock
from qunying.outbox.queries import list_items
from tests import cast
from tests.screens.conftest import signed_in_as

TEXT = "打满 21 天卡，并在结营后三天内填退款表，押金才能退。"
HOSTILE = '"><img src=x onerror=alert(1)> ‮ 👩‍👩‍👧‍👦{names}'


def written(tea: cast.Tea, name: str = "退押金条件", text: str = TEXT, **more: object) -> int:
    """A rule that everybody must know."""
    notes = RuleNotes(**{"name": name, "is_important": True, **more})  # type: ignore[arg-type]
    return do_write_rule(tea.community_id, notes, text, at=clock.now(), user_id=None)


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"rules:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def line_of(rule_id: int) -> RuleLine:
    line = find_rule(rule_id)
    assert line is not None
    return line


def test_the_page_teaches_when_there_is_nothing(owner: Client) -> None:
    assert "还没有规矩" in page(owner, "desk")


def test_a_rule_stands_on_the_page_when_somebody_writes_it(tea: cast.Tea, owner: Client) -> None:
    said = {"new-name": "退押金条件", "new-text": TEXT, "new-is_important": "on", "new-deadline_on": "2024-03-10"}
    response = owner.post(reverse("rules:write", args=[tea.community_id]), said, follow=True)
    html = response.content.decode()
    assert "过一会儿在群里说" in html
    assert "看到 0 / 2 人" in html
    assert "还有 5 天" in html
    [line] = list_rules(tea.community_id)
    assert (line.name, line.text, line.deadline_on) == ("退押金条件", TEXT, date(2024, 3, 10))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"new-name": "退押金", "new-text": "短"}, "至少 4 个字"),
        ({"new-name": "", "new-text": TEXT}, "字段"),
        ({"new-name": "退押金条件", "new-text": TEXT}, "已经有一条叫「退押金条件」的规矩"),
        ({"new-name": "退款", "new-text": TEXT, "new-deadline": "截止"}, "再选一个日子"),
    ],
)
def test_what_cannot_be_kept_stands_in_its_form_when_it_is_sent_back(
    tea: cast.Tea, owner: Client, said: dict[str, str], why: str
) -> None:
    written(tea)
    response = owner.post(reverse("rules:write", args=[tea.community_id]), said)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert len(list_rules(tea.community_id)) == 1


def test_whoever_saw_a_rule_still_has_when_only_a_typing_error_is_mended(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea)
    said = {f"rule-{rule}-{name}": value for name, value in (("name", "退押金条件"), ("is_important", "on"))}
    same = {**said, f"rule-{rule}-text": TEXT + "请记住。", f"rule-{rule}-is_same_meaning": "on"}
    assert "意思没变" in owner.post(reverse("rules:edit", args=[rule]), same, follow=True).content.decode()
    assert (line_of(rule).version, line_of(rule).meaning) == (2, 1)
    other = {**said, f"rule-{rule}-text": "押金不退。", f"rule-{rule}-why": "改规则了"}
    assert "从头再说" in owner.post(reverse("rules:edit", args=[rule]), other, follow=True).content.decode()
    assert (line_of(rule).version, line_of(rule).meaning) == (3, 3)
    html = page(owner, "rule", rule)
    assert "改规则了" in html
    assert "<del>" in html
    assert "<ins>" in html


def test_nothing_is_changed_when_half_of_it_cannot_be(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea)
    said = {f"rule-{rule}-name": "别的名字", f"rule-{rule}-text": "短"}
    response = owner.post(reverse("rules:edit", args=[rule]), said)
    assert response.status_code == 422
    assert "别的名字" in response.content.decode()
    assert line_of(rule).name == "退押金条件"


def test_a_rule_comes_back_when_it_was_put_away(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea)
    html = owner.post(reverse("rules:drop", args=[rule]), follow=True).content.decode()
    assert "收起来的规矩" in html
    assert list_rules(tea.community_id) == []
    owner.post(reverse("rules:restore", args=[rule]))
    assert [line.id for line in list_rules(tea.community_id)] == [rule]
    assert "本来就用着" in owner.post(reverse("rules:restore", args=[rule]), follow=True).content.decode()


def test_a_rule_moves_up_when_somebody_wants_it_further_up(tea: cast.Tea, owner: Client) -> None:
    first, second = written(tea), written(tea, "不外传", "课件不转给群外的人。")
    owner.post(reverse("rules:up", args=[second]))
    assert [line.id for line in list_rules(tea.community_id)] == [second, first]
    owner.post(reverse("rules:up", args=[second]))
    assert [line.id for line in list_rules(tea.community_id)] == [second, first]


def test_who_has_seen_a_rule_is_listed_when_they_answered(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea)
    cast.arrive([cast.message("r1", "li", TEXT)])
    cast.told()
    with cast.later(timedelta(minutes=5)):
        cast.arrive([cast.message("r2", "an", "收到")])
        cast.told()
        missed, seen = page(owner, "rule", rule), page(owner, "rule", rule, query="?show=seen")
        table = b"".join(owner.get(reverse("rules:rule-export", args=[rule]))).decode()  # type: ignore[arg-type]
    assert "看到 1 / 2 人" in missed
    assert "阿博" in missed
    assert "安安" not in missed
    assert "安安" in seen
    assert "回了收到" in seen
    assert "安安,an,茶友会1群、茶友会2群,看到了,回了收到" in table
    assert "阿博,bo,茶友会1群、茶友会2群,没看到" in table
    assert "小李" not in table


def test_names_stay_names_when_they_look_like_markup(tea: cast.Tea, owner: Client) -> None:
    written(tea, HOSTILE[:40], HOSTILE)
    assert "<img src=x" not in page(owner, "desk")


def test_a_rule_is_said_in_the_groups_once_a_day_when_the_button_is_pressed_twice(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea)
    assert "会在 2 个群里说" in page(owner, "say", rule)
    owner.post(reverse("rules:say", args=[rule]))
    assert owner.post(reverse("rules:say", args=[rule])).status_code == 422
    said = [item for item in list_items(tea.community_id) if item.kind == "Say"]
    assert [TEXT in str(item.payload["text"]) for item in said] == [True, True]
    assert "2 个群今天已经说过规矩" in page(owner, "say", rule)


def test_those_left_are_told_in_private_and_left_in_peace_when_the_button_is_pressed(
    tea: cast.Tea, owner: Client
) -> None:
    rule = written(tea)
    html = page(owner, "tell", rule)
    assert "会私下告诉 2 人" in html
    assert "安安" in html
    owner.post(reverse("rules:tell", args=[rule]))
    told = [item for item in list_items(tea.community_id) if item.kind == "Whisper"]
    assert len(told) == 2
    assert "看到 2 / 2 人" in page(owner, "rule", rule)
    second = written(tea, "不外传", "课件不转给群外的人。")
    assert "2 人前几天刚私下提醒过" in page(owner, "tell", second)


def test_somebody_has_not_seen_a_rule_when_the_private_message_could_not_be_sent(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea)
    owner.post(reverse("rules:tell", args=[rule]))
    with cast.later(timedelta(hours=13)):  # too late by then
        cast.told()
        assert "看到 0 / 2 人" in page(owner, "rule", rule)


def test_it_is_said_in_the_morning_when_the_button_is_pressed_at_night(tea: cast.Tea, owner: Client) -> None:
    with cast.later(timedelta(hours=9)):
        rule = written(tea)
        assert "现在免打扰" in page(owner, "say", rule)
        owner.post(reverse("rules:say", args=[rule]))
        owner.post(reverse("rules:tell", args=[rule]))
        cast.told()
        states = {item.kind: item.state for item in list_items(tea.community_id)}
    assert states == {"Say": "waiting", "Whisper": "waiting"}


def test_there_is_nothing_to_say_when_the_rule_is_over_or_not_for_everybody(tea: cast.Tea, owner: Client) -> None:
    over = written(tea, deadline_on=date(2024, 3, 1))
    plain = written(tea, "作业", "作业交在文档里。", is_important=False)
    away = written(tea, "旧的", "旧的规矩不用了。")
    do_drop_rule(away, at=clock.now(), user_id=None)
    for rule in (over, plain, away):
        for button in ("say", "tell"):
            html = page(owner, button, rule)
            assert "不会发什么" in html
            assert "会这样说" not in html
            assert owner.post(reverse(f"rules:{button}", args=[rule])).status_code == 422
        assert "私下告诉没看到的" not in page(owner, "rule", rule)
    assert list_items(tea.community_id) == []


def test_whoever_may_only_read_sees_no_buttons_when_they_look(tea: cast.Tea) -> None:
    rule = written(tea)
    do_reword_rule(rule, TEXT + "记住。", is_same_meaning=True, at=clock.now(), user_id=None)
    analyst = signed_in_as("ana", "analyst")
    assert "再写一条" not in page(analyst, "desk")
    assert "改这一条" not in page(analyst, "desk")
    assert "现在在群里再说一次" not in page(analyst, "rule", rule)


def test_today_says_what_ends_soon_and_has_not_reached_everybody(tea: cast.Tea, owner: Client) -> None:
    rule = written(tea, deadline_on=date(2024, 3, 6))
    html = owner.get(reverse("console:today")).content.decode()
    assert "「退押金条件」快到期了，还有 2 人没看到" in html
    assert f"/rules/{rule}/" in html
    owner.post(reverse("rules:tell", args=[rule]))
    assert "快到期了" not in owner.get(reverse("console:today")).content.decode()
