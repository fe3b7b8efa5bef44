"""Welcome: newcomers are greeted together, kindly, never at night and never twice."""

from __future__ import annotations

from qunying.capabilities.onboarding.consider import GREET, NAME, consider, remember
from qunying.capabilities.onboarding.layout import LAYOUT
from qunying.capabilities.onboarding.memory import brief, save
from qunying.capabilities.onboarding.settings import OnboardingSettings
from qunying.kernel.capability import Capability
from qunying.kernel.texts import mark

ONBOARDING = Capability(
    name=NAME,
    title=mark("迎新"),
    settings=OnboardingSettings,
    layout=LAYOUT,
    brief=brief,
    consider=consider,
    remember=remember,
    save=save,
    facts_in=frozenset({"effect.failed", "effect.expired"}),
    timers={GREET: mark("一起欢迎新人")},
    reasons={
        "onboarding.waits_for_others": mark("「%(name)s」刚进群，等 %(minutes)s 分钟，和后面来的一起欢迎"),
        "onboarding.waits_with_others": mark("「%(name)s」和前面的新人一起等，现在 %(count)s 位"),
        "onboarding.waits_for_morning": mark("「%(name)s」夜里进群，等免打扰时段过去再欢迎"),
        "onboarding.greets_in_time": mark("等够了，一起欢迎 %(count)s 位"),
        "onboarding.greets_full": mark("已经 %(count)s 位新人，不再等，现在欢迎"),
        "onboarding.greeted_before": mark("「%(name)s」以前欢迎过，不再打扰"),
        "onboarding.waits_already": mark("「%(name)s」已经在等欢迎了"),
        "onboarding.is_staff": mark("「%(name)s」是工作人员，不用欢迎"),
        "onboarding.nobody_left": mark("等着欢迎的人都走了，不说话"),
        "onboarding.quiet_now": mark("正在免打扰时段，早上再欢迎"),
        "onboarding.asks_to_join": mark("「%(name)s」想进群，写的是：%(words)s"),
        "onboarding.asks_without_a_word": mark("「%(name)s」想进群，什么也没写"),
        "onboarding.greeting_failed": mark("欢迎语没有发出去，请人补上"),
    },
)
