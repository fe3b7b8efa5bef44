"""Rules that reach everybody: who has seen what, and who is still to be told."""

from __future__ import annotations

from qunying.capabilities.rules.consider import consider
from qunying.capabilities.rules.drills import do_write_rules, is_reached
from qunying.capabilities.rules.knowing import NAME, REACH
from qunying.capabilities.rules.memory import brief, save
from qunying.capabilities.rules.remember import remember
from qunying.capabilities.rules.settings import RulesSettings
from qunying.capabilities.rules.today import list_today
from qunying.kernel.capability import Capability, Screen
from qunying.kernel.texts import mark

RULE_FACTS = ("rule.written", "rule.reworded", "rule.changed", "rule.dropped", "rule.restored")

RULES = Capability(
    name=NAME,
    title=mark("群规"),
    settings=RulesSettings,
    brief=brief,
    consider=consider,
    remember=remember,
    save=save,
    facts_in=frozenset({"group.created", "effect.failed", "effect.expired", "effect.approved"}),
    facts_in_groups=frozenset({*RULE_FACTS, "mode.changed"}),
    timers={REACH: mark("看看群规还有谁没看到")},
    reasons={
        "rules.says": mark("群里还有人没看到「%(names)s」，再说一次"),
        "rules.tells": mark("「%(names)s」在群里说过了，还有 %(people)s 人没看到，私下告诉他们"),
        "rules.says_and_tells": mark("在群里说「%(names)s」，另有 %(people)s 人该私下知道几条"),
        "rules.nothing_due": mark("现在没有要说的规矩"),
        "rules.quiet_now": mark("正在免打扰时段，过后再说规矩"),
        "rules.plans": mark("规矩或模式变了，重新算下一次什么时候说"),
        "rules.waits_for": mark("「%(name)s」刚来，过一阵看看规矩看到了没有"),
    },
    screens=(Screen(title=mark("群规"), icon="book", url_name="rules:desk"),),
    today=list_today,
    drill_sections={"rules": do_write_rules},
    drill_checks={"rule_reached": is_reached},
)
