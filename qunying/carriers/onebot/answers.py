"""What an implementation answers → what became of our attempt, in words for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from qunying.carriers.base import Answer, Outcome
from qunying.carriers.onebot.fields import as_text
from qunying.kernel import clock
from qunying.kernel.texts import Sentence, mark

NO_SUCH_ACTION = (1404, 404)
WORDS_AT_MOST = 120
SLOW_DOWN = timedelta(minutes=1)
NO_RIGHT = mark("账号在群里没有管理权限（QQ的答复：%(said)s）")
PROTECTED = mark("对方是群主或管理员，账号动不了（QQ的答复：%(said)s）")
NOT_THERE = mark("这个人不在群里（QQ的答复：%(said)s）")
NO_GROUP = mark("群不存在，或账号不在群里（QQ的答复：%(said)s）")
MUTED = mark("账号被禁言，或群里全员禁言（QQ的答复：%(said)s）")
NO_REQUEST = mark("申请已经处理过，或已经找不到（QQ的答复：%(said)s）")
NO_MESSAGE = mark("消息已经不在，或QQ找不到它（QQ的答复：%(said)s）")
TOO_LATE = mark("发出太久，撤不回了（QQ的答复：%(said)s）")
NO_FRIEND = mark("对方不是好友，也没有共同的群可以开临时会话（QQ的答复：%(said)s）")
REFUSED = mark("QQ没有同意：%(said)s")
KNOWN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"cannot operate|对方是(群主|管理)|不能(操作|管理|禁言|踢)(群主|管理)|target.*(owner|admin)", PROTECTED),
        (r"not_group_(admin|owner)|没有.{0,6}(管理|权限)|权限不足|只有群主|not.{0,10}admin|permission", NO_RIGHT),
        (r"muted|禁言中|被禁言", MUTED),
        (r"no such request|request already|没有这条申请|已经?处理过|申请.{0,6}(不存在|失效|过期)", NO_REQUEST),
        (r"群(?!.{0,24}成员).{0,24}不存在|no such group|group.{0,12}not (exist|found)", NO_GROUP),
        (r"成员.{0,24}不存在|不在(该|本|这个)?群|not (a |in the |in )?(group )?member", NOT_THERE),
        (r"两分钟|too late|超时.{0,4}撤|撤回.{0,6}(超时|时限)", TOO_LATE),
        (r"消息.{0,24}不存在|message.{0,12}not (exist|found)|no such message", NO_MESSAGE),
        (r"not a friend|不是好友", NO_FRIEND),
    )
)
TOO_FAST = re.compile(r"频率|频繁|too (fast|many|frequent)|rate.?limit|稍后再试|速度过快", re.IGNORECASE)
LOGGED_OUT = re.compile(r"account is offline|账号不在线|未登录|not logged ?in|kicked ?off", re.IGNORECASE)

NOT_CONNECTED = Answer(Outcome.LATER, words=mark("账号没有连上"))
NO_ANSWER = Answer(Outcome.UNKNOWN, words=mark("平台没有回答"))


def is_done(answered: Mapping[str, Any]) -> bool:
    """Whether it was done."""
    return answered.get("status") == "ok" and answered.get("retcode", 0) == 0


def is_unknown_action(answered: Mapping[str, Any]) -> bool:
    """Whether the implementation has no such action."""
    return answered.get("retcode") in NO_SUCH_ACTION


def said(answered: Mapping[str, Any]) -> str:
    """What the implementation says about it, for people and for our rules; code and words, as far as it has them."""
    told = dict.fromkeys(as_text(answered.get(field)).strip() for field in ("wording", "message", "msg"))
    return (
        "；".join(each for each in told if each)[:WORDS_AT_MOST] or f"retcode {as_text(answered.get('retcode'))[:12]}"
    )


def read_answer(answered: Mapping[str, Any]) -> Answer:
    """The outcome of an action, without the reference of what it made."""
    if is_done(answered):
        return Answer(Outcome.DONE)
    if answered.get("status") == "async":
        return NO_ANSWER
    if is_unknown_action(answered):
        return Answer(Outcome.REFUSED, words=mark("对接的QQ程序没有这项功能"))
    if answered.get("status") != "failed":
        return NO_ANSWER
    return _refused(said(answered))


def _refused(words: str) -> Answer:
    if LOGGED_OUT.search(words):
        return Answer(Outcome.LATER, words=mark("账号在QQ那边没有登录"))
    if TOO_FAST.search(words):
        return Answer(Outcome.LATER, words=words, retry_at=clock.now() + SLOW_DOWN)
    known = next((told for pattern, told in KNOWN if pattern.search(words)), REFUSED)
    return Answer(Outcome.REFUSED, words=Sentence(known, {"said": words}).to_text())
