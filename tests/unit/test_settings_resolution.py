"""Settings: group before community before default, field by field; lists add up."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from qunying.capabilities.onboarding.settings import OnboardingSettings
from qunying.communities.queries import infos_of_groups
from qunying.kernel.capability import resolve_settings
from qunying.kernel.errors import BadUse
from qunying.kernel.scene import Mode
from qunying.pipeline.drill.lined import Lined
from qunying.pipeline.drill.typed import typed_settings
from qunying.pipeline.roster import ROSTER, find_capability
from qunying.pipeline.setting import scenes_of
from tests import cast


@dataclass(frozen=True, slots=True)
class Sample:
    """Settings as a capability declares them."""

    minutes: int = 3
    words: str = "好"
    banned: tuple[str, ...] = ("兼职",)


def test_defaults_hold_when_nobody_chose() -> None:
    assert resolve_settings(Sample) == Sample()
    assert resolve_settings(Sample, {}, {}) == Sample()


def test_the_group_wins_field_by_field_when_both_chose() -> None:
    resolved = resolve_settings(Sample, {"minutes": 5, "words": "早"}, {"minutes": 0})
    assert resolved == Sample(minutes=0, words="早")


def test_lists_add_up_when_several_layers_have_them() -> None:
    resolved = resolve_settings(Sample, {"banned": ["刷单"]}, {"banned": ["加V", "兼职"]})
    assert resolved.banned == ("兼职", "刷单", "加V", "兼职")


def test_the_setting_is_named_when_it_is_unknown() -> None:
    with pytest.raises(ValueError, match=r"'minuets'.*banned, minutes, words"):
        resolve_settings(Sample, {"minuets": 5})


@pytest.mark.parametrize("value", ["兼职", 5, {"a": 1}, None])
def test_the_setting_is_named_when_a_list_is_none(value: object) -> None:
    with pytest.raises(ValueError, match=r"'banned' is a list"):
        resolve_settings(Sample, {"banned": value})


def test_a_group_is_observed_and_has_defaults_when_nobody_decided(db: None) -> None:
    from qunying.communities.queries import infos_of_groups, staff_of

    with cast.clock_stands(cast.TUESDAY):
        tea = cast.build_tea(mode=None)
    groups = list(infos_of_groups([tea.first]).values())
    scene = scenes_of(groups, staff_of([tea.community_id]), ROSTER)[tea.first]
    assert scene.mode("onboarding") is Mode.OBSERVE
    assert scene.settings["onboarding"] == OnboardingSettings()
    assert scene.staff_names == ("小李",)


def test_the_groups_choice_stands_beside_the_communitys_when_both_chose(db: None) -> None:
    from qunying.communities.actions import do_set_mode, do_set_settings
    from qunying.communities.queries import infos_of_groups

    at = cast.TUESDAY
    with cast.clock_stands(at):
        tea = cast.build_tea(mode=Mode.SUGGEST, settings={"rules": ["不发广告"], "wait_minutes": 7})
        second = tea.groups["g2"]
        here = {"community_id": tea.community_id, "group_id": second, "at": at, "actor": "system"}
        do_set_settings("onboarding", {"rules": ["不聊股票"]}, **here)  # type: ignore[arg-type]
        before = scenes_of(list(infos_of_groups(tea.groups.values()).values()), {}, ROSTER)
        do_set_mode("onboarding", Mode.OFF, **here)  # type: ignore[arg-type]
        after = scenes_of(list(infos_of_groups(tea.groups.values()).values()), {}, ROSTER)
    assert before[second].settings["onboarding"].rules == ("不发广告", "不聊股票")
    assert before[second].settings["onboarding"].wait_minutes == 7
    assert before[tea.first].settings["onboarding"].rules == ("不发广告",)
    assert before[second].mode("onboarding") is Mode.SUGGEST, "settings alone decide no mode"
    assert after[second].mode("onboarding") is Mode.OFF
    assert after[tea.first].mode("onboarding") is Mode.SUGGEST


@pytest.mark.django_db
def test_a_group_goes_on_when_a_stored_setting_is_gone_in_this_version() -> None:
    tea = cast.build_tea(settings={"wait_minutes": 7, "of_an_older_version": "x"})
    groups = list(infos_of_groups([tea.first]).values())
    scene = scenes_of(groups, {}, ROSTER)[tea.first]
    assert scene.settings["onboarding"] == OnboardingSettings(wait_minutes=7)


def test_a_drill_is_refused_when_its_settings_do_not_go_together() -> None:
    order = find_capability("order")
    assert order is not None
    with pytest.raises(BadUse, match="不能比请人看的（70%）还低"):
        typed_settings(order, {"act_from": "60", "ask_from": "70"}, Lined())
    assert typed_settings(order, {"act_from": "60", "ask_from": "60"}, Lined()) == {"act_from": 60, "ask_from": 60}
