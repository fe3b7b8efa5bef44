"""Order: rules that reach, detection that is right, a ladder that is fair."""

from __future__ import annotations

from dataclasses import replace

from qunying.capabilities.order.actions import do_lift_step
from qunying.capabilities.order.checks import explain
from qunying.capabilities.order.consider import consider
from qunying.capabilities.order.drills import do_lift
from qunying.capabilities.order.heard import BACK
from qunying.capabilities.order.knowing import NAME
from qunying.capabilities.order.layout import LAYOUT
from qunying.capabilities.order.memory import brief, let_pass, save
from qunying.capabilities.order.queries import list_steps
from qunying.capabilities.order.remember import remember
from qunying.capabilities.order.rules_read import read_rule
from qunying.capabilities.order.seen import look_ahead
from qunying.capabilities.order.settings import OrderSettings, check_change, check_together
from qunying.capabilities.order.trials import list_trials
from qunying.capabilities.order.words import rule_here, said_gently
from qunying.kernel.capability import Capability, OnError
from qunying.kernel.sanctions import Sanctions
from qunying.kernel.texts import mark

ORDER = Capability(
    name=NAME,
    title=mark("秩序"),
    settings=OrderSettings,
    layout=LAYOUT,
    check=check_together,
    check_change=check_change,
    brief=brief,
    consider=consider,
    remember=remember,
    save=save,
    let_pass=let_pass,
    look_ahead=look_ahead,
    with_ahead=lambda memory, ahead: replace(memory, ahead=ahead),
    read_rule=read_rule,
    on_error=OnError.SKIP,
    explains=explain,
    drill_deeds={"lift": do_lift},
    sanctions=Sanctions(list_steps=list_steps, do_lift=do_lift_step, tell_rule=rule_here, tell_gently=said_gently),
    rules={
        "promotion": mark("广告和拉人"),
        "flood": mark("刷屏"),
        "abuse": mark("骂人"),
        "words": mark("词表里的词"),
        "posing": mark("冒充工作人员"),
    },
    trials=list_trials,
    timers={BACK: mark("移出满期，可以请回来")},
    reasons={
        "order.draws": mark("「%(name)s」在发广告或拉人（把握 %(score)s%%），按阶梯第 %(step)s 级处理"),
        "order.draws_little": mark("「%(name)s」提到了联系方式或链接，看起来没问题（%(score)s%%），不动"),
        "order.asked_already": mark("「%(name)s」刚有一件在等人看，不再重复问"),
        "order.just_told": mark("「%(name)s」刚处理过、还没来得及看到，这次只收起消息"),
        "order.wave": mark("「%(name)s」和另外几个新号在推同一个联系方式，一共 %(count)s 个，一起移出"),
        "order.poses_as_staff": mark("「%(name)s」冒充工作人员推联系方式（把握 %(score)s%%），立刻移出"),
        "order.named_like_staff": mark("「%(name)s」的名字像工作人员，但不在官方名册上，请人看一眼"),
        "order.quarrel": mark("%(count)s 个人吵起来了，请人分别私聊"),
        "order.quarrel_goes_on": mark("「%(name)s」还在吵，已经请人了，不再重复"),
        "order.rough": mark("「%(name)s」说话有点冲（%(heat)s%%），先看着，不动"),
        "order.insults": mark("「%(name)s」几分钟里骂了好几次人，请人看一眼"),
        "order.floods": mark("「%(name)s」在刷屏（把握 %(score)s%%），按阶梯第 %(step)s 级处理"),
        "order.listed": mark("「%(name)s」的话里有词表里的「%(word)s」，按阶梯第 %(step)s 级处理"),
        "order.listed_asks": mark("「%(name)s」的话里有词表里的「%(word)s」，请人看一眼"),
        "order.listed_goes": mark("「%(name)s」的话里有词表里的「%(word)s」，收起这条"),
        "order.listed_removes": mark("「%(name)s」的话里有词表里的「%(word)s」，立刻移出"),
        "order.listed_watched": mark("「%(name)s」的话里有词表里的「%(word)s」，只记数，不动"),
        "order.campaign": mark("%(count)s 个新号在发同样的话，「%(name)s」是其中一个（把握 %(score)s%%）"),
        "order.looks_at_picture": mark("「%(name)s」发了图片，先看看里面有没有二维码"),
        "order.passes_on": mark("「%(name)s」转的是同事发过的图片，不动"),
        "order.picture_missing": mark("「%(name)s」发的图片已经找不到了，没有看成，不动"),
        "order.picture_empty": mark("「%(name)s」发的图片是空的，没有看成，不动"),
        "order.picture_too_large": mark("「%(name)s」发的图片太大，没有看，不动"),
        "order.picture_no_picture": mark("「%(name)s」发的不是认得出的图片格式，没有看成，不动"),
        "order.picture_broken": mark("「%(name)s」发的图片是坏的，打不开，不动"),
        "order.picture_unreachable": mark("几次都没有从平台取到「%(name)s」发的图片，没有看成，不动"),
        "order.picture_not_offered": mark("这个平台不给图片，「%(name)s」发的图片没有看成，不动"),
        "order.picture_gave_up": mark("看「%(name)s」发的图片时程序停了几次，不再看，不动"),
        "order.may_come_back": mark("「%(name)s」移出满期了，可以请回来"),
        "order.tells_why": mark("「%(name)s」问为什么被处理，把原因和申诉办法告诉本人"),
        "order.appeals": mark("「%(name)s」申诉了，请另一位同事看"),
    },
)
