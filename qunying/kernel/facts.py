"""Every kind of fact the journal knows: past tense, with the sentence it means. A name not listed here cannot be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from qunying.kernel.texts import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Who did or decided what, when and why. ``key`` makes recording it twice harmless.

    ``actor`` is ``system``, ``user:<id>``, ``member:<identity id>`` or ``import:<id>``. ``words`` are ids, codes and numbers and
    stay for ever; ``personal`` is what a person could be known by and can be erased without breaking the chain.
    """

    name: str
    at: datetime
    community_id: int | None
    key: str
    group_id: int | None = None
    actor: str = "system"
    identity_id: int | None = None
    message_key: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    personal: Mapping[str, object] = field(default_factory=dict)


FACTS: Mapping[str, str] = MappingProxyType(
    {
        "member.joined": mark("有人进群"),
        "member.left": mark("有人离开或被移出"),
        "member.asked": mark("有人申请进群"),
        "member.muted": mark("有人被禁言"),
        "member.unmuted": mark("有人解除了禁言"),
        "group.muted": mark("群里开了全员禁言"),
        "group.unmuted": mark("群里解除了全员禁言"),
        "account.online": mark("账号上线了"),
        "account.offline": mark("账号离线了"),
        "line.opened": mark("有人接了一个平台账号"),
        "line.changed": mark("有人给平台账号换了口令"),
        "line.paused": mark("有人让平台账号停下"),
        "line.resumed": mark("有人让平台账号接着听"),
        "line.closed": mark("有人拆了平台账号的线路"),
        "card.changed": mark("群名片变了"),
        "card.corrected": mark("有人更正了群名片里读出来的一项"),
        "card.uncorrected": mark("有人撤回了对群名片的更正"),
        "people.merged": mark("两个账号合成了一个人"),
        "people.unmerged": mark("有人撤回了合并"),
        "people.apart": mark("有人说这两个账号不是同一个人"),
        "people.apart_ended": mark("有人撤回了「不是同一个人」"),
        "people.linked": mark("读进了一份账号对照表"),
        "note.written": mark("有人记下了一次私聊"),
        "note.taken_back": mark("有人撤回了一条私聊记录"),
        "leaving.noted": mark("有人记下了成员为什么走"),
        "leaving.taken_back": mark("有人撤回了为什么走"),
        "consent.noted": mark("记下了成员同意或不同意什么"),
        "layer.changed": mark("有人在群或社群里换了层"),
        "tag.created": mark("新建标签"),
        "tag.changed": mark("标签的登记变了"),
        "tag.retired": mark("标签停用了"),
        "people.tagged": mark("有人打上了标签"),
        "people.untagged": mark("有人的标签取下了"),
        "segment.saved": mark("人群存好了"),
        "segment.frozen": mark("人群定格了"),
        "segment.thawed": mark("人群又跟着规则走了"),
        "segment.removed": mark("人群删掉了"),
        "wordlist.changed": mark("词表变了"),
        "step.lifted": mark("有人撤销了一次处理"),
        "decision.made": mark("系统对一件事有了看法"),
        "effect.approved": mark("有人同意发出"),
        "effect.rejected": mark("有人不同意发出"),
        "effect.held": mark("有人拦下了还没发的"),
        "effect.sent": mark("已经发出"),
        "effect.failed": mark("没有发成"),
        "effect.expired": mark("过了时候，没有再发"),
        "effect.unknown": mark("不知道发没发成"),
        "effect.undone": mark("有人撤销了"),
        "envelope.failed": mark("有一条没能处理"),
        "envelope.retried": mark("有人让没能处理的重新来过"),
        "deeds.imported": mark("读进了群外的事，例如订单"),
        "deeds.told": mark("别的系统报来了群外的事"),
        "deeds.taken_back": mark("有人撤回了一次导入的群外的事"),
        "deposit.paid": mark("有人交了押金"),
        "deposit.forfeited": mark("有人的押金被没收"),
        "deposit.refunded": mark("没收的押金退回了"),
        "community.created": mark("新建社群"),
        "chain.changed": mark("运营链变了"),
        "chain.restored": mark("有人撤回了对运营链的改动"),
        "target.set": mark("有人定了或改了 KPI 的目标"),
        "stage.confirmed": mark("有人确认了社群到了哪个阶段"),
        "stage.taken_back": mark("有人撤回了对阶段的确认"),
        "check.ticked": mark("有人勾了清单上的一项"),
        "check.unticked": mark("有人取消了清单上的一项"),
        "numbers.imported": mark("从文件读进了外面的数字"),
        "numbers.told": mark("别的系统报来了一个数字"),
        "hook.opened": mark("给别的系统开了报数的口令"),
        "hook.closed": mark("停用了报数的口令"),
        "group.created": mark("新建群"),
        "group.changed": mark("群的登记变了"),
        "group.linked": mark("一个群接着另一个群的历史"),
        "group.unlinked": mark("两个群的历史不再接着"),
        "registry.imported": mark("读进了一张群登记表"),
        "rule.written": mark("社群有了一条新规矩"),
        "rule.reworded": mark("规矩改了说法"),
        "rule.changed": mark("规矩的名字、轻重、期限或先后改了"),
        "rule.dropped": mark("一条规矩收起来了"),
        "rule.restored": mark("收起来的规矩又用上了"),
        "mode.changed": mark("能力的模式变了"),
        "settings.changed": mark("能力的设置变了"),
        "pause.started": mark("自动动作暂停"),
        "pause.ended": mark("自动动作恢复"),
        "task.opened": mark("有了一件待办"),
        "task.done": mark("待办完成"),
        "task.reopened": mark("待办放回来了"),
        "case.opened": mark("有了一个要人判断的"),
        "case.closed": mark("判断完成"),
        "case.claimed": mark("有人在看一件要判断的"),
        "case.handed_on": mark("有人把要判断的交给了同事"),
        "case.seconded": mark("有人同意了，还要另一位同事点头"),
        "case.reopened": mark("有人撤回了判断，又等人看"),
        "case.undone": mark("有人撤回了判断，做了的也撤了"),
        "incident.opened": mark("立了一件事件"),
        "incident.owner_changed": mark("事件换了负责人"),
        "incident.closed": mark("事件结束了"),
        "incident.reopened": mark("结束了的事件又开了"),
        "judgement.taught": mark("有人更正了判断"),
        "judgement.untaught": mark("有人撤回了更正"),
        "rung.gained": mark("有人在成长阶梯上升了一级"),
        "rung.lost": mark("有人在成长阶梯上降了下来"),
        "ladder.changed": mark("种子用户的分量、阶梯或者成立的日子改了"),
        "shortlist.made": mark("有人列了一份种子用户名单"),
        "shortlist.changed": mark("种子用户名单变了"),
        "import.finished": mark("聊天记录导入完成"),
        "demo.removed": mark("演示数据已移除"),
        "user.created": mark("新建登录账号"),
    }
)
