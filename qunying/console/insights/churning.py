"""What had happened before people left, in words: beside those who stayed, and honest where nothing can be told."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunying.console.insights.context import ChurnPanel, JourneyAnswer, QuotedPerson, SignalLine
from qunying.insights.churn.cases import AT_MOST, LEFT, SILENT
from qunying.insights.churn.comparing import FEW, Churn, Compared, Finding, Share, read_churn
from qunying.insights.churn.signals import Signal
from qunying.insights.scope import Scope
from qunying.insights.words import tell_why
from qunying.people.queries import list_odd_identities, names_of
from qunying.talk.readings import count_unread_among
from qunying.talk.threads import words_of_messages
from qunying.ui.figures import exact, number, percent

NAMES: Mapping[Signal, str] = {
    Signal.UNANSWERED: gettext_noop("问了没人回答"),
    Signal.CONFLICT: gettext_noop("碰上冲突"),
    Signal.SANCTIONED: gettext_noop("被禁言或被撤回"),
    Signal.OPENER_SILENT: gettext_noop("常跟的人不说话了"),
    Signal.ADS: gettext_noop("群里广告多"),
    Signal.NOTHING: gettext_noop("什么也没碰到"),
}
LETTERS = 60
LOOKED_AT = 1000


def tell_churn(scope: Scope, days: int, scope_words: str) -> JourneyAnswer:
    """The answer as a sentence, everything that may have happened, and the people behind it."""
    found = read_churn(scope, SILENT if days else LEFT, days)
    gone = _("%(n)d 天没再说话的人") % {"n": days} if days else _("自己离开的人")
    lines = _lines(found, scope)
    return JourneyAnswer(
        title=_title(found, days), scope=scope_words, churn=ChurnPanel(lines, gone, _notes(found, scope))
    )


def _title(found: Churn, days: int) -> str:
    if not found.sides.went:
        return _("这段时间没有人静下来") if days else _("这段时间没有人自己离开")
    if min(len(found.sides.gone), len(found.sides.stayers)) < FEW:
        return _("只有 %(n)s 个人走，还看不出什么") % {"n": number(found.sides.went)}
    telling = [one for one in found.compared if one.finding is Finding.MORE and one.signal is not Signal.NOTHING]
    quiet = found.compared[-1]
    if not telling and quiet.signal is Signal.NOTHING and quiet.finding is Finding.MORE:
        return _("走的人里 %(gone)s 之前什么也没碰到，留下的人里是 %(stayed)s") % {
            "gone": percent(quiet.gone.value),
            "stayed": percent(quiet.stayed.value),
        }
    if not telling:
        return _("走的人和留下的人碰到的差不多，看不出走之前发生了什么特别的")
    one = max(telling, key=lambda each: each.difference or 0)
    return _("走的人里 %(gone)s 之前%(what)s，留下的人里是 %(stayed)s") % {
        "gone": percent(one.gone.value),
        "stayed": percent(one.stayed.value),
        "what": _(NAMES[one.signal]),
    }


def _lines(found: Churn, scope: Scope) -> tuple[SignalLine, ...]:
    examples = [example for one in found.compared for example in one.examples]
    identities = {example.case.identity_id for example in examples}
    persons = {pk: person for pk, person, _is_bot in list_odd_identities(scope.group_ids)} if identities else {}
    names = {pk: one.name for pk, one in names_of(identities).items()}
    words = words_of_messages({example.message_id for example in examples if example.message_id})
    groups = {group.id: group.name for group in scope.groups}
    return tuple(_line(one, persons, names, words, groups) for one in found.compared)


def _line(
    one: Compared,
    persons: Mapping[int, int],
    names: Mapping[int, str],
    words: Mapping[int, str],
    groups: Mapping[int, str],
) -> SignalLine:
    people = tuple(
        QuotedPerson(
            name=names.get(case.identity_id) or f"#{case.identity_id}",
            href=reverse("console:person", args=[persons.get(case.identity_id, case.identity_id)]),
            group=groups[case.group_id],
            at=case.at,
            words=_short(words.get(message or 0, "")),
            words_href=reverse("console:group-message", args=[case.group_id, message]) if message else "",
        )
        for case, message in ((example.case, example.message_id) for example in one.examples)
    )
    left_out = one.gone.count - len(people)
    return SignalLine(
        name=_(NAMES[one.signal]),
        gone=_told(one.gone),
        gone_bar=one.gone.value or 0.0,
        stayed=_told(one.stayed),
        stayed_bar=one.stayed.value or 0.0,
        finding=_finding(one),
        tone="look" if one.finding is Finding.MORE and one.signal is not Signal.NOTHING else "plain",
        people=people,
        more=_("还有 %(n)s 人") % {"n": number(left_out)} if left_out else "",
    )


def _told(share: Share) -> str:
    return _("%(share)s · %(n)s 人") % {"share": percent(share.value), "n": number(share.count)}


def _whys(found: Churn) -> str:
    """The reasons written down, the most frequent first, and of how many nobody knows."""
    ranked = sorted(found.whys.items(), key=lambda one: (-one[1], one[0]))
    told = _("、").join(f"{tell_why(reason)} {exact(count)}" for reason, count in ranked)
    unknown = len(found.sides.gone) - sum(found.whys.values())
    return _("写下了原因的：%(told)s；另外 %(n)s 人不知道为什么。") % {"told": told, "n": exact(unknown)}


def _finding(one: Compared) -> str:
    """What the difference comes to, with its bounds where there is one."""
    if one.finding is Finding.TOO_FEW:
        return _("人太少，看不出来")
    if one.finding is Finding.CANNOT_TELL:
        return _("看不出差别")
    low, high = sorted((abs(one.low), abs(one.high)))
    is_more = one.finding is Finding.MORE
    words = _("走的人多 %(low)s–%(high)s 个百分点") if is_more else _("走的人少 %(low)s–%(high)s 个百分点")
    return words % {"low": _points(low), "high": _points(high)}


def _points(share: float) -> str:
    return exact(round(share * 100, 0 if share >= 0.01 else 1))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LETTERS else f"{words[:LETTERS]}…"


def _notes(found: Churn, scope: Scope) -> tuple[str, ...]:
    sides = found.sides
    notes = [
        _("走的 %(went)s 人，留下的 %(stayed)s 人；一个人在两个群算两次。")
        % {"went": number(sides.went), "stayed": number(sides.stayed)}
    ]
    if max(sides.went, sides.stayed) > AT_MOST:
        notes.append(_("人多，每边取了 %(n)s 人来比。") % {"n": number(AT_MOST)})
    if sides.removed:
        notes.append(_("另有 %(n)s 人是被移出的，不在里面。") % {"n": number(sides.removed)})
    if found.whys:
        notes.append(_whys(found))
    lines, unread = count_unread_among(scope.group_ids, scope.since, scope.until, LOOKED_AT)
    if unread:
        notes.append(
            _("最近 %(lines)s 条里有 %(unread)s 条还没判断过，问题、冲突和广告可能数少了。")
            % {"lines": number(lines), "unread": number(unread)}
        )
    return tuple(notes)
