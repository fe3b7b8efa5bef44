"""What order says to members, in the community's language: short, about the rule, never about somebody's character. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from qunying.capabilities.order.ladders import Step
from qunying.capabilities.order.settings import OrderSettings
from qunying.kernel.scene import GroupScene

RULES: Mapping[str, Mapping[str, str]] = {
    "promotion": {
        "zh": "群里不发广告、拉人和带货链接",
        "en": "no advertising, no luring people away, no promotional links here",
    },
    "flood": {"zh": "同样的话别连着发", "en": "please do not post the same thing again and again"},
    "abuse": {"zh": "有话好好说，不骂人", "en": "please keep it civil"},
    "words": {"zh": "这类内容群里不发", "en": "this kind of content is not welcome here"},
    "posing": {"zh": "不冒充工作人员", "en": "nobody may pose as our staff"},
}
NOTICE = {
    "zh": "{to}提醒一下：{rule}。刚才那条先收起来了。",
    "en": "{to}a reminder: {rule}. That message was taken down.",
}
WARN = {
    "zh": "{to}这里有条规矩：{rule}。这次先警告，再有就要请你离开。有疑问私聊我问「为什么」。",
    "en": "{to}we have a rule: {rule}. This is a warning; next time we will have to ask you to leave. Message me “why” if you disagree.",
}
GENTLY = {
    "zh": "提醒一下：{rule}。这次没有别的处理，下次留意就好。有疑问回复我「为什么」。",
    "en": "A friendly reminder: {rule}. Nothing else follows this time. Answer “why” if you have questions.",
}
FORFEITED = {"zh": "按入群约定，押金不退了。", "en": "As agreed on joining, the deposit is forfeited."}
MUTE = {
    "zh": "{to}这里有条规矩：{rule}。这已经不是第一次了，先禁言 {time}。有疑问私聊我问「为什么」。",
    "en": "{to}we have a rule: {rule}. This was not the first time, so you are muted for {time}. Message me “why” if you disagree.",
}
REMOVED = {
    "zh": "你被移出了「{group}」，因为：{rule}。{back}觉得不对，7 天内回复我「申诉」加上理由，会换一位同事看。",
    "en": "You were removed from {group}: {rule}. {back}If you disagree, answer “appeal” with your reasons within 7 days; another colleague will look at it.",
}
BACK = {"zh": "{days} 天后可以再进群。", "en": "You may come back after {days} days. "}
OFFICIAL = {
    "zh": "提醒大家：刚才有人冒充或推名片拉人，已经清理。官方老师和工作人员只有：{staff}。别的人不会主动加你们好友，遇到请告诉我们。",
    "en": "Please note: some accounts just tried to lure people away and were removed. Our only staff are: {staff}. Nobody else will ask you to add them; tell us if somebody does.",
}
WHY = {
    "zh": "最近一次处理是因为「{rule}」，是第 {step} 级。觉得不对，7 天内回复「申诉」加上理由，会换一位同事看。",
    "en": "The last time you were sanctioned (step {step}) because of this rule: {rule}. If you disagree, answer “appeal” with your reasons within 7 days; another colleague will look at it.",
}
APPEALED = {
    "zh": "收到，申诉已经记下，会由另一位同事看，7 天内给你答复。",
    "en": "Noted. Another colleague will look at your appeal and answer within 7 days.",
}

ANSWERED = {
    "zh": "这次处理的申诉已经有同事看过并答复你了，结果不再变；还有别的情况，请在群里找工作人员说。",
    "en": "A colleague has already looked at your appeal and answered it; that decision stands. If there is something new, please talk to the staff in the group.",
}


def language_of(language: str) -> str:
    """Which of ours is nearest."""
    return "zh" if language.startswith("zh") else "en"


def rule_words(rule: str, language: str, settings: OrderSettings | None = None) -> str:
    """The rule as the community words it, else as we do."""
    if settings and settings.rule:
        return settings.rule.strip().rstrip("。.")
    return RULES.get(rule, RULES["promotion"])[language]


def said_when_warned(group: GroupScene, name: str, rule: str, step: Step) -> str:
    """A notice or warning; in private it names nobody."""
    language = language_of(group.language)
    to = "" if not name else f"@{name}，" if language == "zh" else f"@{name}, "
    said = MUTE if step.has("mute") else NOTICE if step.has("notice") else WARN
    words = said[language].format(
        to=to, rule=rule_words(rule, language, settings_of(group)), time=_time(step.mute, language)
    )
    extra = [FORFEITED[language]] if step.has("forfeit") else []
    return ("" if language == "zh" else " ").join([words, *extra])


def rule_here(rule: str, group: GroupScene) -> str:
    """The rule as the group words it."""
    return rule_words(rule, language_of(group.language), settings_of(group))


def said_gently(rule: str, group: GroupScene) -> str:
    """What a member is told in private whom a person let off with it."""
    return GENTLY[language_of(group.language)].format(rule=rule_here(rule, group))


def _time(time: timedelta, language: str) -> str:
    minutes = round(time / timedelta(minutes=1))
    for size, zh, en in ((1440, "天", "day"), (60, "小时", "hour"), (1, "分钟", "minute")):
        if minutes >= size and minutes % size == 0:
            count = minutes // size
            return f"{count} {zh}" if language == "zh" else f"{count} {en}{'s' if count > 1 else ''}"
    return ""


def said_when_removed(group: GroupScene, rule: str) -> str:
    """Why somebody was removed, when they may come back, how to appeal."""
    language, settings = language_of(group.language), settings_of(group)
    return REMOVED[language].format(
        group=group.name, rule=rule_words(rule, language, settings), back=back_words(language, settings.back_after_days)
    )


def back_words(language: str, days: int) -> str:
    """When somebody may come back; nothing where nobody said."""
    return BACK[language].format(days=days) if days else ""


def said_of_staff(group: GroupScene, staff: Sequence[str]) -> str:
    """Who speaks for the community."""
    language = language_of(group.language)
    return OFFICIAL[language].format(staff=("、" if language == "zh" else ", ").join(staff))


def settings_of(group: GroupScene) -> OrderSettings:
    """What the group has set about order."""
    settings = group.settings["order"]
    assert isinstance(settings, OrderSettings)
    return settings
