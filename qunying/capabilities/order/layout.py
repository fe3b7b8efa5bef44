"""How the page of order's settings is laid out, and what it says of what happens now, in the reader's language."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from qunying.capabilities.order.ladders import Ladder, Step, ladder_of
from qunying.capabilities.order.settings import DO_TITLES, OrderSettings
from qunying.kernel.layouts import LayoutLink, Marks, Rung, Section
from qunying.kernel.scene import Mode
from qunying.kernel.texts import mark
from qunying.ui.figures import duration

ACT_TITLES = {
    "notice": pgettext_lazy("act", "提醒"),
    "warn": pgettext_lazy("act", "警告"),
    "whisper": pgettext_lazy("act", "私下警告"),
    "delete": pgettext_lazy("act", "收起消息"),
    "forfeit": pgettext_lazy("act", "没收押金"),
    "remove": pgettext_lazy("act", "移出群"),
    "ban": pgettext_lazy("act", "移出群，不让再进"),
}
DECIDES = {
    Mode.OFF: mark("现在关着，不做"),
    Mode.OBSERVE: mark("现在只看，不做"),
    Mode.SUGGEST: mark("你点头才做"),
    Mode.ACT: mark("自己做，本人能申诉"),
}


def tell_contacts(settings: OrderSettings, mode: Mode) -> str:
    """What happens to advertising."""
    return _("推联系方式、名片、二维码，又招揽人的，收起消息、走处理阶梯；自我介绍、求助、举报里的不算。")


def tell_links(settings: OrderSettings, mode: Mode) -> str:
    """What happens to links."""
    allowed = len(settings.allow_domains)
    if settings.ladder == "links-twice":
        kept = ngettext("除了下面 %(n)s 个网址", "除了下面 %(n)s 个网址", allowed) % {"n": allowed}
        return _("%(kept)s，别的链接都算违规。") % {"kept": kept} if allowed else _("什么链接都算违规。")
    more = ngettext("下面 %(n)s 个网址从来不算。", "下面 %(n)s 个网址从来不算。", allowed) % {"n": allowed}
    return _("普通链接不管；要人帮忙、拼团、带货的，广告里的才算。") + (more if allowed else "")


def tell_floods(settings: OrderSettings, mode: Mode) -> str:
    """What happens to floods."""
    return _("一分钟里同样的话说四五遍，走处理阶梯；十五张以上的图片、一次点十五个以上的人，先请人看。")


def tell_posing(settings: OrderSettings, mode: Mode) -> str:
    """What happens to whoever poses as staff."""
    return _("用工作人员的名字推联系方式，立刻移出，再在群里说一次官方只有谁；只是名字像，请人看一眼。")


def tell_quarrels(settings: OrderSettings, mode: Mode) -> str:
    """What happens when people are rough."""
    return _("几分钟里骂了好几次人，请人看；两个人对骂，请人分别私聊，谁也不罚；批评和抱怨从来不算。")


def tell_words(settings: OrderSettings, mode: Mode) -> str:
    """What happens to the words that are looked for."""
    count, lists = len(settings.words), len(settings.lists)
    told = []
    if count:
        does = _(dict(DO_TITLES).get(settings.words_do, ""))
        words = ngettext("下面 %(n)s 个词出现：%(does)s。", "下面 %(n)s 个词出现：%(does)s。", count)
        told.append(words % {"n": count, "does": does})
    if lists:
        words = ngettext("在用 %(n)s 张词表，各照各的办。", "在用 %(n)s 张词表，各照各的办。", lists)
        told.append(words % {"n": lists})
    return "".join(told) or _("现在没有要找的词。几个词写在这里，词多、要分开处理就用词表。")


def tell_ladder(settings: OrderSettings, mode: Mode) -> str:
    """The steps in one sentence."""
    steps = _ladder(settings).steps
    told = [
        _("第 %(n)s 次%(act)s") % {"n": number, "act": _felt(step)}
        if number < len(steps) or number == 1
        else _last(step)
        for number, step in enumerate(steps, 1)
    ]
    own = _("照自己写的阶梯，上面选的那条不用。") if settings.steps else ""
    return _("%(steps)s。广告、刷屏、骂人分开数。") % {"steps": _("，").join(told)} + own


def _last(step: Step) -> str:
    return _("再有就%(act)s") % {"act": _felt(step)}


def _felt(step: Step) -> str:
    """What people feel of a step, without the message that goes in any case."""
    acts = [act for act in step.acts if act != "delete"] or ["delete"]
    hard = [act for act in acts if act in ("mute", "remove", "ban")]
    return _("、").join(_act(step, act) for act in (hard or acts))


def _act(step: Step, act: str) -> str:
    if act == "mute":
        return pgettext("act", "禁言 %(time)s") % {"time": duration(step.mute)}
    return str(ACT_TITLES[act])


def list_rungs(settings: OrderSettings, mode: Mode) -> list[Rung]:
    """The ladder, a rung for every step."""
    ladder = _ladder(settings)
    return [_rung(number, step, ladder, settings, mode) for number, step in enumerate(ladder.steps, 1)]


def _rung(number: int, step: Step, ladder: Ladder, settings: OrderSettings, mode: Mode) -> Rung:
    title = _("第 %(n)s 次") if number < len(ladder.steps) else _("第 %(n)s 次起")
    return Rung(
        title=title % {"n": number},
        acts=tuple(_act(step, act) for act in step.acts),
        ends=_ends(step, settings),
        decides=_(DECIDES[mode]),
        is_hard=step.has("remove") or step.has("ban"),
    )


def _ends(step: Step, settings: OrderSettings) -> str:
    if step.has("ban"):
        return _("不再让进")
    if step.has("remove") and settings.back_after_days:
        days = timedelta(days=settings.back_after_days)
        return _("%(time)s后提醒同事可以请回来") % {"time": duration(days)}
    if step.has("remove"):
        return _("要回来由同事决定")
    return _("%(time)s后不再算") % {"time": duration(timedelta(days=settings.counts_days))}


def _ladder(settings: OrderSettings) -> Ladder:
    return ladder_of(settings.ladder, tuple(settings.steps))


def tell_thresholds(settings: OrderSettings, mode: Mode) -> str:
    """What is done at which certainty."""
    return _("把握不到 %(ask)s%% 不动，%(ask)s%% 起请人看，%(act)s%% 起照阶梯处理。") % {
        "ask": settings.ask_from,
        "act": settings.act_from,
    }


def tell_exempt(settings: OrderSettings, mode: Mode) -> str:
    """Whom the rules do not touch."""
    count = len(settings.allow_people)
    more = ngettext("另外 %(n)s 个账号也不管。", "另外 %(n)s 个账号也不管。", count) % {"n": count}
    return _("官方名册里的人、群主和管理员从来不管。") + (more if count else "")


LAYOUT = (
    Section(mark("广告与联系方式"), tell_contacts),
    Section(mark("链接与网址"), tell_links, settings=("allow_domains",)),
    Section(mark("刷屏"), tell_floods),
    Section(
        mark("冒充"),
        tell_posing,
        links=(LayoutLink(mark("官方名册"), "console:settings-community", of_community=True),),
    ),
    Section(mark("言语与争吵"), tell_quarrels),
    Section(
        mark("词表"),
        tell_words,
        settings=("words", "words_do"),
        links=(LayoutLink(mark("所有词表"), "order:lists"), LayoutLink(mark("从事件学词"), "order:learn")),
    ),
    Section(
        mark("处理阶梯"),
        tell_ladder,
        settings=("ladder", "counts_days", "back_after_days"),
        more=("steps", "rule"),
        spread=("ladder",),
        rungs=list_rungs,
        links=(LayoutLink(mark("先演练再生效"), "console:rehearse"),),
    ),
    Section(
        mark("复核的门槛"),
        tell_thresholds,
        settings=("ask_from", "act_from"),
        marks=Marks("ask_from", "act_from", mark("不管"), mark("先请人看"), mark("直接处理")),
        links=(LayoutLink(mark("等着复核的"), "console:review"), LayoutLink(mark("先演练再生效"), "console:rehearse")),
    ),
    Section(mark("不管的人"), tell_exempt, settings=("allow_people",)),
)
