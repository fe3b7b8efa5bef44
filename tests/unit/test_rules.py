"""Rules in the real machine: brought to every group, said with the welcome, asked about first, failed, forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qunying.capabilities.rules.capability import RULES
from qunying.capabilities.rules.models import RuleReached, RuleReminder, RuleSpoken
from qunying.communities.actions import NewGroup, do_forget_communities, do_register_group, do_set_mode, do_set_settings
from qunying.communities.actions_rules import (
    RULES_AT_MOST,
    RuleNotes,
    do_change_rule,
    do_drop_rule,
    do_restore_rule,
    do_reword_rule,
    do_write_rule,
)
from qunying.communities.models import Community, RuleVersion
from qunying.communities.queries_rules import end_of, find_rule, list_rules, list_rules_ending, rules_in_force
from qunying.desk.queries import find_open_case
from qunying.intake.actions import do_claim, do_release
from qunying.intake.models import Envelope
from qunying.intake.queries import list_timers
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.events import MessageReceived, Who
from qunying.kernel.scene import Mode, Scene
from qunying.outbox.actions import do_approve
from qunying.outbox.models import OutboxItem
from qunying.outbox.queries import list_items
from qunying.pipeline.inbound import tell
from tests import cast

TEXT = "打满 21 天卡，并在结营后三天内填退款表，押金才能退。"
HOUR = timedelta(hours=1)


def written(tea: cast.Tea, text: str = TEXT, name: str = "退押金条件", **more: object) -> int:
    notes = RuleNotes(**{"name": name, "is_important": True, **more})  # type: ignore[arg-type]
    return do_write_rule(tea.community_id, notes, text, at=clock.now(), user_id=None)


def said(tea: cast.Tea, kind: str) -> list[OutboxItem]:
    return [item for item in list_items(tea.community_id) if item.kind == kind]


def clocks(tea: cast.Tea) -> dict[int | None, datetime]:
    return {timer.lane.group_id: timer.at for timer in list_timers("rules", list(tea.groups.values()))}


def test_every_group_looks_when_a_rule_is_written(tea: cast.Tea) -> None:
    written(tea)
    cast.told()
    assert clocks(tea) == dict.fromkeys(tea.groups.values(), cast.utc(clock.now() + HOUR))


def test_a_group_that_comes_later_looks_too(tea: cast.Tea) -> None:
    written(tea)
    cast.told()
    with cast.later(2 * HOUR):
        new = NewGroup(carrier="sandbox", ref="g9", carrier_name="新群")
        group = do_register_group(tea.community_id, new, at=clock.now())
        cast.arrive([cast.join("j1", "chen")], "g9")
        cast.told()
        assert [timer.lane.group_id for timer in list_timers("rules", [group])] == [group]


def test_groups_are_left_in_peace_when_something_is_chosen_for_another_capability(tea: cast.Tea) -> None:
    cast.told()
    before = Envelope.objects.count()
    with cast.later(HOUR):
        do_set_mode("order", Mode.OBSERVE, community_id=tea.community_id, at=clock.now(), actor="system")
        cast.told()
        assert Envelope.objects.count() == before
        do_set_mode("rules", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="system")
        cast.told()
    assert Envelope.objects.count() == before + len(tea.groups)


def test_the_clock_runs_again_when_the_rules_were_off(tea: cast.Tea) -> None:
    do_set_mode("rules", Mode.OFF, community_id=tea.community_id, at=clock.now(), actor="system")
    written(tea)
    cast.told()
    assert clocks(tea) == {}
    with cast.later(HOUR):
        do_set_mode("rules", Mode.ACT, community_id=tea.community_id, at=clock.now(), actor="system")
        cast.passed(clock.now(), clock.now() + timedelta(minutes=1))
        assert [item.group_id for item in said(tea, "Say")] == list(tea.groups.values())


def test_nothing_is_read_when_a_community_has_no_rules(db: None) -> None:
    event = MessageReceived(
        key="m", at=cast.TUESDAY, lane_id=1, community_id=1, group_id=1, sender=Who("an"), source_key="m", text="早"
    )
    with CaptureQueriesContext(connection) as captured:
        RULES.brief([event], Scene({}, {}))
    assert len(captured) == 0


def test_the_welcome_says_what_everybody_must_know_and_is_heard(tea: cast.Tea) -> None:
    rule = written(tea, is_important=True)
    over = written(tea, "只在二月算数的规矩。", "旧的", deadline_on=date(2024, 3, 1))
    cast.arrive([cast.join("j1", "chen")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=5))
    [welcome] = said(tea, "Say")
    assert TEXT.rstrip("。") in welcome.payload["text"]
    assert "二月" not in welcome.payload["text"]
    with cast.later(timedelta(minutes=6)):
        cast.arrive([cast.message("m1", "chen", "大家好，我是做产品的")])
        cast.told()
    assert list(RuleReached.objects.values_list("rule", "how", "identity__ref")) == [(rule, "wrote", "chen")]
    assert not RuleSpoken.objects.filter(rule=over).exists()


def test_nobody_counts_as_told_until_a_person_let_it_go(tea: cast.Tea) -> None:
    do_set_mode("rules", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="system")
    written(tea, deadline_on=date(2024, 3, 6))
    cast.passed(clock.now(), clock.now() + 6 * HOUR)
    assert {item.state for item in list_items(tea.community_id)} == {"needs_approval"}
    assert RuleReached.objects.count() == 0
    with cast.later(10 * HOUR):  # midnight
        case = find_open_case(tea.community_id)
        assert case is not None
        whisper = said(tea, "Whisper")[0]
        do_approve(whisper.pk, user_id=None, at=clock.now())  # type: ignore[arg-type]
        cast.told()
        whisper.refresh_from_db()
        assert whisper.state == "waiting"
        assert whisper.next_attempt_at == cast.utc(cast.TUESDAY.replace(day=6, hour=8))
        assert set(RuleReached.objects.values_list("how", flat=True)) == {"told"}


def test_whoever_is_warned_with_a_rule_has_seen_it_once_a_person_let_the_warning_go(tea: cast.Tea) -> None:
    written(tea, "群里不发广告，也不留私人联系方式。", "不发广告")
    rule = {"rule": "不发广告", "steps": ["warn+delete"]}
    do_set_settings("order", rule, community_id=tea.community_id, at=clock.now(), actor="test")
    do_set_mode("order", Mode.SUGGEST, community_id=tea.community_id, at=clock.now(), actor="test")
    cast.arrive([cast.message("ad1", "an", "办证刻章加微信 zz_8899，先到先得")])
    cast.told()
    warning = OutboxItem.objects.get(kind="Say", payload__is_warning=True)
    assert warning.state == "needs_approval"
    assert not RuleReached.objects.filter(how="warned").exists()
    do_approve(warning.pk, user_id=None, at=clock.now())  # type: ignore[arg-type]
    cast.told()
    reached = RuleReached.objects.get(how="warned")
    assert (reached.identity_id, reached.act_key) == (warning.member_id, warning.key)


def test_somebody_is_told_once_more_when_it_could_not_be_sent(tea: cast.Tea) -> None:
    written(tea)
    cast.passed(clock.now(), clock.now() + 2 * HOUR)
    with cast.later(26 * HOUR):
        cast.worked()
        told = said(tea, "Whisper")
        assert RuleReached.objects.filter(how="told").count() == len(told) == 2
    with cast.later(40 * HOUR):  # nothing was delivered meanwhile, so it is too late
        cast.told()
        assert RuleReached.objects.count() == 0
        assert set(RuleReminder.objects.values_list("state", flat=True)) == {"failed"}
        assert min(clocks(tea).values()) == cast.utc(min(item.queued_at for item in told) + timedelta(days=3))


def test_whoever_goes_takes_what_is_noted_of_them_along(tea: cast.Tea) -> None:
    written(tea)
    cast.passed(clock.now(), clock.now() + 30 * HOUR)
    assert RuleReached.objects.exists()
    assert RuleSpoken.objects.exists()
    assert RuleReminder.objects.exists()
    do_forget_communities([tea.community_id])
    assert not RuleReached.objects.exists()
    assert not RuleSpoken.objects.exists()
    assert not RuleReminder.objects.exists()
    assert not RuleVersion.objects.exists()


def test_a_community_says_whether_it_has_rules_when_they_change(tea: cast.Tea) -> None:
    def has_rules() -> bool:
        return Community.objects.get(pk=tea.community_id).has_rules

    assert not has_rules()
    rule = written(tea)
    assert has_rules()
    do_change_rule(rule, RuleNotes(name="退押金条件"), at=clock.now(), user_id=None)
    assert not has_rules()
    assert rules_in_force([tea.community_id]) == {}
    do_change_rule(rule, RuleNotes(name="退押金条件", is_important=True), at=clock.now(), user_id=None)
    do_drop_rule(rule, at=clock.now(), user_id=None)
    assert not has_rules()
    do_restore_rule(rule, at=clock.now(), user_id=None)
    assert has_rules()


def test_old_words_stay_readable_when_a_rule_is_reworded(tea: cast.Tea) -> None:
    rule = written(tea)
    assert not do_reword_rule(rule, TEXT, is_same_meaning=False, at=clock.now(), user_id=None)
    with cast.later(HOUR):
        assert do_reword_rule(rule, "押金结营后都退。", is_same_meaning=False, why="改了", at=clock.now(), user_id=None)
        [in_force] = rules_in_force([tea.community_id])[tea.community_id]
    assert (in_force.text, in_force.meaning) == ("押金结营后都退。", 2)
    assert in_force.since == cast.utc(cast.TUESDAY + HOUR)
    assert list(RuleVersion.objects.order_by("number").values_list("text", flat=True)) == [TEXT, "押金结营后都退。"]


@pytest.mark.parametrize("text", ["", "短", "长" * 601, "\x00\x00\x00\x00"])
def test_a_rule_is_refused_when_its_words_are_none(tea: cast.Tea, text: str) -> None:
    with pytest.raises(BadUse):
        written(tea, text)
    assert list_rules(tea.community_id) == []


def test_there_are_never_more_rules_than_anybody_remembers(tea: cast.Tea) -> None:
    for number in range(RULES_AT_MOST):
        written(tea, name=f"规矩{number}")
    with pytest.raises(BadUse, match="没人记得住"):
        written(tea, name="多出来的")


def test_a_rule_stays_away_when_another_one_took_its_name(tea: cast.Tea) -> None:
    rule = written(tea)
    do_drop_rule(rule, at=clock.now(), user_id=None)
    written(tea)
    with pytest.raises(BadUse, match="已经有一条"):
        do_restore_rule(rule, at=clock.now(), user_id=None)
    with pytest.raises(BadUse, match="先恢复再改"):
        do_reword_rule(rule, "换个说法试试", is_same_meaning=True, at=clock.now(), user_id=None)
    assert find_rule(rule) is not None


def test_a_deadline_ends_with_the_community_s_own_day() -> None:
    assert end_of(date(2024, 3, 10), cast.SHANGHAI) == datetime(2024, 3, 10, 16, tzinfo=UTC)
    assert end_of(date(2024, 3, 10), ZoneInfo("America/New_York")) == datetime(2024, 3, 11, 4, tzinfo=UTC)


def test_rules_that_end_soon_are_found_wherever_the_community_is(tea: cast.Tea) -> None:
    soon, _later = written(tea, deadline_on=date(2024, 3, 7)), written(tea, name="晚的", deadline_on=date(2024, 3, 9))
    written(tea, name="过了的", deadline_on=date(2024, 3, 4))
    found = list_rules_ending([tea.community_id], clock.now(), clock.now() + timedelta(days=3))
    assert [(line.id, ends_at) for line, ends_at in found] == [(soon, datetime(2024, 3, 7, 16, tzinfo=UTC))]


def queries_of_telling(groups: int) -> tuple[int, int]:
    """How many queries it takes to tell one message in a community with rules, and what is due in so many groups of it."""
    with transaction.atomic(), cast.clock_stands(cast.TUESDAY):
        refs = tuple(f"g{number}" for number in range(groups))
        tea = cast.build_tea(groups=refs)
        for number in range(3):
            written(tea, f"这是第 {number} 条规矩，人人都要知道。", f"规矩{number}")
        cast.told()
        for ref in refs:
            cast.arrive([cast.message(f"{ref}-first", "an", "早")], ref)
        cast.told()
        with cast.later(timedelta(minutes=1)):
            cast.arrive([cast.message("m", "an", "早")], "g0")
            message = _queries()
        with cast.later(HOUR):
            due = _queries()
            assert len(said(tea, "Say")) == groups
        transaction.set_rollback(True)
    return message, due


def _queries() -> int:
    claim = do_claim(clock.now())
    with CaptureQueriesContext(connection) as captured:
        tell(claim)
    do_release(claim)
    return len(captured)


def test_telling_costs_the_same_when_there_are_more_groups_with_rules(db: None) -> None:
    few, many = queries_of_telling(2), queries_of_telling(20)
    assert few == many
    assert many[0] <= 32 + 3


def test_a_message_costs_three_more_queries_when_there_are_rules(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早")])
    cast.told()
    cast.arrive([cast.message("m2", "an", "早")])
    without = _queries()
    written(tea)
    cast.told()
    cast.arrive([cast.message("m3", "an", "早")])
    assert _queries() == without + 3
