"""Facts in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from qunying.communities.queries import GroupInfo, infos_of_groups, list_community_names
from qunying.communities.sign_ins import names_of_users
from qunying.console.community.facts import ABOUT_COMMUNITIES
from qunying.console.group.labels import tell_correction
from qunying.console.group.lineage_words import tell_link
from qunying.console.journal.context import Told
from qunying.console.journal.fields import tell_fields
from qunying.console.journal.words_of_seeds import tell_change, tell_rung
from qunying.console.people.words import tell_card_field, tell_deposit
from qunying.console.reasons import tell_capability, tell_error, tell_kind, tell_mode, tell_reason
from qunying.insights.words import tell_why
from qunying.insights.words_of_layers import layer_named
from qunying.journal.listing import FactLine
from qunying.people.queries import Names, names_of
from qunying.pipeline.roster import ROSTER
from qunying.ui.figures import number

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "member.joined": gettext_noop("进群"),
        "member.left": gettext_noop("离开"),
        "card.changed": gettext_noop("换群名片"),
        "card.corrected": gettext_noop("更正了群名片的一项"),
        "card.uncorrected": gettext_noop("撤回了对群名片的更正"),
        "people.merged": gettext_noop("合成了一个人"),
        "people.unmerged": gettext_noop("把合并拆开了"),
        "people.apart": gettext_noop("说了不是同一个人"),
        "people.apart_ended": gettext_noop("撤回了「不是同一个人」"),
        "people.linked": gettext_noop("导入了账号对照表"),
        "member.asked": gettext_noop("申请进群"),
        "member.muted": gettext_noop("禁言了"),
        "member.unmuted": gettext_noop("解除了禁言"),
        "group.muted": gettext_noop("开了全员禁言"),
        "group.unmuted": gettext_noop("解除了全员禁言"),
        "account.online": gettext_noop("账号上线"),
        "account.offline": gettext_noop("账号离线"),
        "line.opened": gettext_noop("接了一个账号"),
        "line.changed": gettext_noop("给账号换了口令"),
        "line.paused": gettext_noop("让账号停下"),
        "line.resumed": gettext_noop("让账号接着听"),
        "line.closed": gettext_noop("拆了账号的线路"),
        "note.written": gettext_noop("记了一次私聊"),
        "note.taken_back": gettext_noop("撤回了一条私聊记录"),
        "leaving.noted": gettext_noop("写下了为什么走"),
        "leaving.taken_back": gettext_noop("撤回了为什么走"),
        "consent.noted": gettext_noop("记了成员同意什么"),
        "layer.changed": gettext_noop("换了层"),
        "tag.created": gettext_noop("新标签"),
        "tag.changed": gettext_noop("改了标签"),
        "tag.retired": gettext_noop("停用了标签"),
        "people.tagged": gettext_noop("打上了标签"),
        "people.untagged": gettext_noop("取下了标签"),
        "segment.saved": gettext_noop("存下人群了"),
        "segment.frozen": gettext_noop("定格了人群"),
        "segment.thawed": gettext_noop("人群重新跟着条件走"),
        "segment.removed": gettext_noop("删掉了人群"),
        "decision.made": gettext_noop("系统的看法"),
        "step.lifted": gettext_noop("撤销了一次处理"),
        "wordlist.changed": gettext_noop("改了词表"),
        "effect.approved": gettext_noop("有人点了头"),
        "effect.rejected": gettext_noop("有人没同意"),
        "effect.held": gettext_noop("有人拦下了"),
        "effect.sent": gettext_noop("已经发出"),
        "effect.failed": gettext_noop("没有发成"),
        "effect.expired": gettext_noop("过了时候没再发"),
        "effect.unknown": gettext_noop("不知道发没发成"),
        "effect.undone": gettext_noop("撤销了"),
        "envelope.failed": gettext_noop("有一条没能处理"),
        "envelope.retried": gettext_noop("重新处理一条"),
        "deeds.imported": gettext_noop("导入了群外的事"),
        "deeds.told": gettext_noop("别的系统报来了群外的事"),
        "deeds.taken_back": gettext_noop("撤回了一次导入的群外的事"),
        "deposit.paid": gettext_noop("交了押金"),
        "deposit.forfeited": gettext_noop("没收了押金"),
        "deposit.refunded": gettext_noop("退回了没收的押金"),
        "community.created": gettext_noop("新建社群"),
        "chain.changed": gettext_noop("改了运营链"),
        "chain.restored": gettext_noop("撤回了对运营链的改动"),
        "target.set": gettext_noop("定了 KPI 目标"),
        "stage.confirmed": gettext_noop("确认了阶段"),
        "stage.taken_back": gettext_noop("撤回了阶段"),
        "check.ticked": gettext_noop("做完清单上的一项"),
        "check.unticked": gettext_noop("取消清单上的一项"),
        "numbers.imported": gettext_noop("导入了数字"),
        "numbers.told": gettext_noop("报来了数字"),
        "hook.opened": gettext_noop("开了报数口令"),
        "hook.closed": gettext_noop("停用报数口令"),
        "group.created": gettext_noop("登记了群"),
        "group.changed": gettext_noop("改了群的登记"),
        "group.linked": gettext_noop("接上了前身"),
        "group.unlinked": gettext_noop("撤掉了前身"),
        "registry.imported": gettext_noop("导入了群登记表"),
        "rule.written": gettext_noop("写了一条规矩"),
        "rule.reworded": gettext_noop("规矩换了说法"),
        "rule.changed": gettext_noop("改了一条规矩"),
        "rule.dropped": gettext_noop("收起了一条规矩"),
        "rule.restored": gettext_noop("恢复了一条规矩"),
        "mode.changed": gettext_noop("换了模式"),
        "settings.changed": gettext_noop("改了设置"),
        "pause.started": gettext_noop("暂停自动动作"),
        "pause.ended": gettext_noop("恢复自动动作"),
        "task.opened": gettext_noop("新待办"),
        "task.done": gettext_noop("待办做完了"),
        "task.reopened": gettext_noop("待办放回来了"),
        "case.opened": gettext_noop("请人判断"),
        "case.closed": gettext_noop("判断完了"),
        "case.claimed": gettext_noop("在看一件要判断的"),
        "case.handed_on": gettext_noop("交给了同事判断"),
        "case.seconded": gettext_noop("同意了，等另一位"),
        "case.reopened": gettext_noop("撤回判断，又等人看"),
        "case.undone": gettext_noop("撤回判断，做了的也撤"),
        "incident.opened": gettext_noop("立了一件事件"),
        "incident.owner_changed": gettext_noop("换了事件的负责人"),
        "incident.closed": gettext_noop("结束了一件事件"),
        "incident.reopened": gettext_noop("又开了一件事件"),
        "judgement.taught": gettext_noop("更正了判断"),
        "judgement.untaught": gettext_noop("撤回了更正"),
        "rung.gained": gettext_noop("升了一级"),
        "rung.lost": gettext_noop("降了下来"),
        "ladder.changed": gettext_noop("改了种子用户和阶梯"),
        "shortlist.made": gettext_noop("列了种子名单"),
        "shortlist.changed": gettext_noop("改了种子名单"),
        "import.finished": gettext_noop("导入完成"),
        "demo.removed": gettext_noop("移除了演示社群"),
        "user.created": gettext_noop("开了登录账号"),
    }
)
DOTS: Mapping[str, str] = MappingProxyType(
    {
        "effect.sent": "on",
        "effect.failed": "act",
        "envelope.failed": "act",
        "effect.unknown": "look",
        "pause.started": "look",
    }
)
LINKED = frozenset({"group.linked", "group.unlinked"})
CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "community": gettext_noop("社群的登记"),
        "roster": gettext_noop("官方名册"),
        "password": gettext_noop("换了密码"),
        "sessions": gettext_noop("退出了所有设备"),
        "activated": gettext_noop("重新启用账号"),
        "deactivated": gettext_noop("停用账号"),
        "role": gettext_noop("改了权限"),
    }
)
ACTORS: Mapping[str, str] = MappingProxyType(
    {
        "system": gettext_noop("系统"),
        "user:": gettext_noop("登录的人"),
        "member:": gettext_noop("成员"),
        "import:": gettext_noop("导入"),
    }
)


@dataclass(frozen=True, slots=True)
class Around:
    """Names that sentences need, read once for all facts of a page."""

    groups: Mapping[int, GroupInfo]
    members: Mapping[int, Names]
    users: Mapping[int, str]
    communities: Mapping[int, str]

    def member(self, identity_id: object) -> str:
        """What somebody is called; «有人» where that is not known any more."""
        known = self.members.get(identity_id) if isinstance(identity_id, int) else None
        return _("「%(name)s」") % {"name": known.name} if known else _("有人")

    def user(self, user_id: object) -> str:
        """What somebody of us is called."""
        name = self.users.get(user_id) if isinstance(user_id, int) else None
        return _("「%(name)s」") % {"name": name} if name else _("有人")

    def actor(self, actor: str) -> str:
        """Who did it."""
        kind, _sep, number = actor.partition(":")
        pk = int(number) if number.isdecimal() else 0
        if kind == "user":
            return self.users.get(pk, _("有人"))
        if kind == "member":
            return self.members[pk].name if pk in self.members else _("成员")
        return _(ACTORS.get(actor, ACTORS.get(f"{kind}:", actor)))


def tell_facts(facts: Sequence[FactLine]) -> tuple[Told, ...]:
    """Facts in words, with a constant number of queries."""
    around = Around(
        groups=infos_of_groups({pk for fact in facts for pk in _groups(fact)}),
        members=names_of({pk for fact in facts for pk in _identities(fact)}),
        users=names_of_users({pk for fact in facts for pk in _users(fact)}),
        communities=list_community_names({fact.community_id for fact in facts}),
    )
    return tuple(_told(fact, around) for fact in facts)


def _told(fact: FactLine, around: Around) -> Told:
    group = around.groups.get(fact.group_id or 0)
    return Told(
        id=fact.id,
        at=fact.at,
        title=_(TITLES[fact.name]) if fact.name in TITLES else fact.name,
        sentence=SENTENCES.get(fact.name, _nothing)(fact, around),
        group=group.name if group else "",
        group_id=group.id if group else None,
        community="" if group else around.communities.get(fact.community_id or 0, ""),
        actor=around.actor(fact.actor),
        digest=fact.digest,
        seal=fact.seal,
        dot=DOTS.get(fact.name, ""),
    )


def _identities(fact: FactLine) -> list[int]:
    kind, _sep, number = fact.actor.partition(":")
    found = [fact.identity_id, fact.words.get("inviter"), fact.words.get("operator")]
    found.append(int(number) if kind == "member" and number.isdecimal() else None)
    return [pk for pk in found if isinstance(pk, int)]


def _groups(fact: FactLine) -> list[int]:
    found = [fact.group_id, fact.words.get("before") if fact.name in LINKED else None]
    return [pk for pk in found if isinstance(pk, int)]


def _users(fact: FactLine) -> list[int]:
    kind, _sep, number = fact.actor.partition(":")
    found = [fact.words.get("user"), int(number) if kind == "user" and number.isdecimal() else None]
    return [pk for pk in found if isinstance(pk, int)]


def _nothing(fact: FactLine, around: Around) -> str:
    return ""


def _joined(fact: FactLine, around: Around) -> str:
    name, inviter = around.member(fact.identity_id), fact.words.get("inviter")
    if inviter:
        return _("%(name)s进群，%(inviter)s邀请的") % {"name": name, "inviter": around.member(inviter)}
    return _("%(name)s进群") % {"name": name}


def _left(fact: FactLine, around: Around) -> str:
    name, operator = around.member(fact.identity_id), fact.words.get("operator")
    if operator:
        return _("%(name)s被%(operator)s移出") % {"name": name, "operator": around.member(operator)}
    return _("%(name)s自己离开") % {"name": name}


def _why(fact: FactLine, around: Around) -> str:
    said = {"name": around.member(fact.identity_id), "why": tell_why(str(fact.words.get("reason", "")))}
    return _("%(name)s：%(why)s") % said


def _card(fact: FactLine, around: Around) -> str:
    return _("%(name)s换了群名片") % {"name": around.member(fact.identity_id)}


def _card_field(fact: FactLine, around: Around) -> str:
    field = tell_card_field(str(fact.words.get("field", "")))
    return _("%(name)s群名片的%(field)s") % {"name": around.member(fact.identity_id), "field": field}


def _layer(fact: FactLine, around: Around) -> str:
    before, after = (layer_named(str(fact.words.get(name, ""))) for name in ("from", "to"))
    said = {"name": around.member(fact.identity_id), "before": before, "after": after}
    return _("%(name)s从「%(before)s」变成「%(after)s」") % said


def _named(fact: FactLine, around: Around) -> str:
    """A tag or a segment by its name, and how many people it was about."""
    name, people = str(fact.words.get("name", "")), fact.words.get("people")
    if not isinstance(people, int):
        return _("「%(name)s」") % {"name": name}
    return _("「%(name)s」，%(n)s 人") % {"name": name, "n": number(people)}


def _decision(fact: FactLine, around: Around) -> str:
    said = [
        _("%(capability)s：%(reason)s")
        % {
            "capability": tell_capability(str(one.get("capability", ""))),
            "reason": tell_reason(str(one.get("reason", "")), one.get("params") or {}),
        }
        for one in _listed(fact, "opinions")
    ]
    acts = [tell_kind(str(act.get("kind", ""))) for act in _listed(fact, "acts")]
    return _("；").join(said) + (_("。所以：%(acts)s") % {"acts": _("、").join(acts)} if acts else "")


def _listed(fact: FactLine, name: str) -> list[Mapping[str, Any]]:
    found = fact.words.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _effect(fact: FactLine, around: Around) -> str:
    what = tell_kind(str(fact.words.get("kind", "")))
    to = around.member(fact.identity_id) if fact.identity_id else ""
    why = fact.words.get("why")
    known = {
        "looked": _("到群里看过"),
        "by_hand": _("转成待办，请人去做"),
        "done_by_hand": _("请人做好了"),
        "echo": _("平台传回来了"),
    }
    shown = known.get(str(why), tell_error(str(why))) if why else ""
    done = what + (f" {to}" if to else "")
    return _("%(what)s（%(state)s）") % {"what": done, "state": shown} if shown else done


def _mode(fact: FactLine, around: Around) -> str:
    words = fact.words
    return _("「%(capability)s」从「%(before)s」改成「%(after)s」") % {
        "capability": tell_capability(str(words.get("capability", ""))),
        "before": tell_mode(str(words.get("before", ""))) or _("没定"),
        "after": tell_mode(str(words.get("after", ""))) or _("跟社群一样"),
    }


def _changed(fact: FactLine, around: Around) -> str:
    words, what = fact.words, str(fact.words.get("what", ""))
    capability = str(words.get("capability", ""))
    fields = tell_fields(words.get("fields"), capability)
    if capability:
        name = tell_capability(capability)
        return _("「%(capability)s」：%(fields)s") % {"capability": name, "fields": fields}
    title = _(CHANGED[what]) if what in CHANGED else what
    person = around.user(words["user"]) if "user" in words else ""
    about = f"{person}{title}"
    return _("%(what)s：%(fields)s") % {"what": about, "fields": fields} if fields else about


def _user(fact: FactLine, around: Around) -> str:
    return around.user(fact.words.get("user"))


def _imported(fact: FactLine, around: Around) -> str:
    new, known = (int(fact.words.get(name) or 0) for name in ("messages", "duplicates"))
    words = ngettext("新读进 %(n)s 条消息", "新读进 %(n)s 条消息", new) % {"n": number(new)}
    return words + (_("，%(n)s 条早已有") % {"n": number(known)} if known else "")


def _group(fact: FactLine, around: Around) -> str:
    fields = tell_fields(fact.words.get("fields"))
    if "bulk" not in fact.words:
        return fields
    bulk = {"n": fact.words["bulk"], "fields": fields}
    return (
        _("%(fields)s，撤回第 %(n)s 次批量修改") % bulk
        if fact.words.get("undo")
        else _("%(fields)s，第 %(n)s 次批量修改") % bulk
    )


def _linked(fact: FactLine, around: Around) -> str:
    before = fact.words.get("before")
    group = around.groups.get(before) if isinstance(before, int) else None
    told = tell_link(str(fact.words.get("kind", "")))
    return _("前身「%(name)s」，%(kind)s") % {"name": group.name, "kind": told} if group else told


def _registry(fact: FactLine, around: Around) -> str:
    changed, left = (int(fact.words.get(name) or 0) for name in ("changed", "left"))
    words = ngettext("改了 %(n)s 个群", "改了 %(n)s 个群", changed) % {"n": number(changed)}
    return words + (_("，%(n)s 行没有用上") % {"n": number(left)} if left else "")


def _work(fact: FactLine, around: Around) -> str:
    kind = str(fact.words.get("kind", ""))
    about = around.member(fact.identity_id) if fact.identity_id else ""
    known = {"approval": _("等人点头的一条"), "by_hand": _("要手动做的一件"), "failed": _("判断出错的一条"), **_works()}
    return known.get(kind, kind) + (f" {about}" if about else "")


def _works() -> dict[str, str]:
    return {
        "private_talk": _("去私聊"),
        "congratulate": _("去恭喜"),
        "invite": _("去请进群"),
        "touch": _("在群里轻轻问一句"),
        "tell_operators": _("告诉所有运营"),
        "name_official": _("说清楚谁是官方的"),
        "check_groups": _("看看别的群"),
    }


def _taught(fact: FactLine, around: Around) -> str:
    said = tell_correction(str(fact.words.get("verdict", "")), is_so=bool(fact.words.get("is_so")))
    if fact.name == "judgement.taught":
        return said
    return _("%(user)s说的「%(said)s」不算了") % {"user": around.user(fact.words.get("user")), "said": said}


def _moved(fact: FactLine, around: Around) -> str:
    return tell_rung(around.member(fact.identity_id), fact.words)


def _shortlist(fact: FactLine, around: Around) -> str:
    return tell_change(fact.words)


def _deposit(fact: FactLine, around: Around) -> str:
    return f"{around.member(fact.identity_id)} {tell_deposit(fact.words)}"


def _placed(tell: Callable[[Mapping[str, Any]], str]) -> Sentence:
    return lambda fact, _around: tell(fact.words)


Sentence = Callable[[FactLine, Around], str]
SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "member.joined": _joined,
        "member.left": _left,
        "leaving.noted": _why,
        "leaving.taken_back": _why,
        "card.changed": _card,
        "card.corrected": _card_field,
        "card.uncorrected": _card_field,
        "layer.changed": _layer,
        **dict.fromkeys([name for name in TITLES if name.startswith(("tag.", "people.", "segment."))], _named),
        "decision.made": _decision,
        "mode.changed": _mode,
        "settings.changed": _changed,
        "user.created": _user,
        "group.changed": _group,
        "group.linked": _linked,
        "group.unlinked": _linked,
        "registry.imported": _registry,
        "import.finished": _imported,
        **{name: _placed(tell) for capability in ROSTER for name, tell in capability.tells.items()},
        "judgement.taught": _taught,
        "judgement.untaught": _taught,
        **dict.fromkeys(("rung.gained", "rung.lost"), _moved),
        **dict.fromkeys(("ladder.changed", "shortlist.made", "shortlist.changed"), _shortlist),
        **dict.fromkeys([name for name in TITLES if name.startswith("deposit.")], _deposit),
        **{name: _placed(tell) for name, tell in ABOUT_COMMUNITIES.items()},
        **dict.fromkeys([name for name in TITLES if name.startswith("effect.")], _effect),
        **dict.fromkeys([name for name in TITLES if name.startswith(("task.", "case."))], _work),
    }
)
