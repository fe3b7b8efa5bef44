"""What is said to members about their rules, in the community's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from qunying.capabilities.rules.knowing import NAME
from qunying.capabilities.rules.settings import RulesSettings
from qunying.kernel.scene import GroupScene, RuleInForce

AT_ONCE = 5
IN_GROUP = {
    "zh": "跟大家说一下，请看完回一句「收到」：\n{rules}",
    "en": "A word to everybody. Please answer “got it” once you have read it:\n{rules}",
}
IN_PRIVATE = {
    "zh": "「{group}」有{count}规矩，你可能还没看到：\n{rules}\n看完回我一句「收到」就好，不用解释。",
    "en": "You may have missed {count} of {group}:\n{rules}\nPlease answer “got it” once you have read it.",
}
COUNT: Mapping[str, tuple[str, str]] = MappingProxyType({"zh": ("一条", "几条"), "en": ("a rule", "some rules")})
LINE = {"zh": "【{name}】{text}", "en": "{name}: {text}"}
UNTIL = {"zh": "（{what}：{month} 月 {day} 日）", "en": " ({what}: {date})"}
ENDS = {"zh": "截止", "en": "until"}


def said_in_group(group: GroupScene, rules: Sequence[RuleInForce]) -> str:
    """These rules, for everybody."""
    return IN_GROUP[language_of(group.language)].format(rules=_listed(group, rules))


def said_in_private(group: GroupScene, rules: Sequence[RuleInForce]) -> str:
    """These rules, for somebody who has not seen them."""
    language = language_of(group.language)
    count = COUNT[language][len(rules) > 1]
    return IN_PRIVATE[language].format(group=group.name, count=count, rules=_listed(group, rules))


def language_of(language: str) -> str:
    """Which of ours is nearest."""
    return "zh" if language.startswith("zh") else "en"


def _listed(group: GroupScene, rules: Sequence[RuleInForce]) -> str:
    language = language_of(group.language)
    return "\n".join(
        LINE[language].format(name=rule.name, text=rule.text) + _until(group, rule, language) for rule in rules
    )


def _until(group: GroupScene, rule: RuleInForce, language: str) -> str:
    if rule.ends_at is None:
        return ""
    last = (rule.ends_at - timedelta(seconds=1)).astimezone(group.quiet.zone)
    what = rule.deadline or ENDS[language]
    return UNTIL[language].format(what=what, month=last.month, day=last.day, date=f"{last:%b} {last.day}")


def settings_of(group: GroupScene) -> RulesSettings:
    """What the group has set about its rules."""
    settings = group.settings[NAME]
    assert isinstance(settings, RulesSettings)
    return settings
