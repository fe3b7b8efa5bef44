"""The sentences WeChat and QQ write into a chat themselves: who came, who left, whose message was withdrawn.

Both name people in quotation marks (``"A"邀请"B"加入了群聊``) or without (``A 邀请 B 加入了本群。``), some exporters add the QQ
number in brackets. Only whole sentences count: a line with something before or after it is left as a notice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .records import PastJoin, PastLeave, PastNotice, PastRecall, PersonRef, Record

ME = "你"
LONGEST = 2000  # characters; an invitation of forty people fits, a document does not
ADMIN = PersonRef("管理员", role="admin")

_QUOTES = str.maketrans(dict.fromkeys("“”„「」『』＂«»", '"'))
_ONLY_WISHED = re.compile("想邀[请請]|[请請]求加入|[确確][认認]才能")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_WITH_NUMBER = re.compile(r"(?P<name>.*?)\s*[(（<](?P<ref>\d{5,12})[)）>]", re.DOTALL)
_TITLED = re.compile(r"(?P<title>管理[员員]|群主)\s*(?P<name>.*)", re.DOTALL)
_VARIANTS = dict(zip("请过扫维码进个条将组员会讨论团离开显链", "請過掃維碼進個條將組員會討論團離開顯鏈", strict=True))
_NOT_YET = "".join(f"(?<!{word})" for word in ("申请", "请求", "想", "要", "拒绝", "等待", "允许", "禁止"))

_GROUP = "(?:群聊|群组|聊天室|聊天|本群|该群|此群|讨论组|群)"
_INTO = rf"\s*(?:(?:加入|进入)\s*(?:了|到)?\s*{_GROUP}|(?:入|进)了?群)"
_OUT = "(?:移出|移除|踢出|请出|移|踢)"
_OUT_OF = rf"\s*(?:了|出)*\s*{_GROUP}"
_OTHERS = "(?:[，,].*)?"
_END = r"\s*[。.!！~]*\s*(?:撤销|Revoke)?"  # the word one presses to undo an invitation


class SystemKind(StrEnum):
    """What a system sentence tells."""

    JOIN = "join"
    LEAVE = "leave"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class SystemLine:
    """One understood sentence. ``people`` came or left; ``by`` invited, removed or withdrew. ``你`` is who exported."""

    kind: SystemKind
    people: tuple[PersonRef, ...] = ()
    by: PersonRef | None = None
    via: str = ""


def read_system_line(text: str) -> SystemLine | None:
    """The sentence understood, or None where it tells neither of a join, a leave nor a withdrawal."""
    sentence = _plain(text)
    if not sentence or len(sentence) > LONGEST or _ONLY_WISHED.search(sentence):
        return None
    for pattern, build in _SENTENCES:
        if match := pattern.fullmatch(sentence):
            return build(match)
    return None


def tell_system_line(
    text: str,
    *,
    at: datetime,
    place: int,
    me: PersonRef | None = None,
    source_id: str | None = None,
) -> Record:
    """The record a system sentence stands for: a join, a leave, a withdrawal, or else a notice with its words.

    ``me`` replaces 你, where the format knows who exported.
    """
    line = read_system_line(text)
    if line is None:
        return PastNotice(at=at, text=text, place=place, source_id=source_id)
    people = tuple(_known(person, me) for person in line.people)
    by = _known(line.by, me) if line.by else None
    if line.kind is SystemKind.JOIN:
        return PastJoin(at=at, people=people, place=place, inviter=by, via=line.via, source_id=source_id)
    if line.kind is SystemKind.LEAVE:
        return PastLeave(at=at, people=people, place=place, operator=by, source_id=source_id)
    return PastRecall(at=at, place=place, by=by)


def _plain(text: str) -> str:
    """Straight quotes and nothing invisible; inside of names too, where nobody sees the difference."""
    return _INVISIBLE.sub("", text).translate(_QUOTES).strip()


def _known(person: PersonRef, me: PersonRef | None) -> PersonRef:
    return me if me is not None and person.name in {ME, "我", "You", "you"} else person


def _who(group: str) -> str:
    """One or several people: in quotation marks, or bare where the words around them say where they end."""
    return rf'(?P<{group}>(?:你和)?"[^"]+"(?:[、,，和]?"[^"]+")*|[^"]+?)\s*'


def _people(text: str) -> tuple[PersonRef, ...]:
    """The people of a list like ``"甲、乙"``, ``你和"丙"`` or ``丁(12345)``."""
    if '"' not in text:
        return tuple(_bare_person(name) for name in text.split("、") if name.strip())
    names = [ME] if text.startswith("你和") else []
    names += [name.strip() for quoted in re.findall(r'"([^"]+)"', text) for name in quoted.split("、")]
    return tuple(PersonRef(name) for name in names if name)


def _bare_person(text: str) -> PersonRef:
    numbered = _WITH_NUMBER.fullmatch(text.strip())
    return PersonRef(numbered["name"], numbered["ref"]) if numbered else PersonRef(text.strip())


def _operator(text: str | None) -> PersonRef:
    """Who removed somebody; where the sentence does not say, some administrator did."""
    titled = _TITLED.fullmatch((text or "").strip())
    role = None
    if titled:
        role = "owner" if titled["title"] == "群主" else "admin"
        text = titled["name"]
    people = _people(text or "")
    if not people:
        return PersonRef("群主", role="owner") if role == "owner" else ADMIN
    return PersonRef(people[0].name, people[0].ref, role=role)


def _join(via: str) -> Callable[[re.Match[str]], SystemLine]:
    def build(match: re.Match[str]) -> SystemLine:
        by = _people(match.groupdict().get("by") or "")
        return SystemLine(SystemKind.JOIN, _people(match["who"]), by[0] if by else None, via)

    return build


def _leave(match: re.Match[str]) -> SystemLine:
    return SystemLine(SystemKind.LEAVE, _people(match["who"]))


def _removal(match: re.Match[str]) -> SystemLine:
    return SystemLine(SystemKind.LEAVE, _people(match["who"]), _operator(match["by"]))


def _recall(match: re.Match[str]) -> SystemLine:
    words = match.groupdict()
    by = _operator(words["by"]) if words.get("by") else None
    return SystemLine(SystemKind.RECALL, _people(words.get("who") or ""), by)


def _sentence(pattern: str) -> re.Pattern[str]:
    """Every simplified character of the fixed words also stands for its traditional form."""
    spelled = "".join(f"[{sign}{_VARIANTS[sign]}]" if sign in _VARIANTS else sign for sign in pattern)
    return re.compile(spelled + _END, re.DOTALL | re.IGNORECASE)


_GROUP_EN = r"(?:the\s+)?(?:group\s+chat|group|chat)"
_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], SystemLine]], ...] = (
    (_sentence(rf"{_who('who')}通过扫描{_who('by')}分享的二维码{_INTO}{_OTHERS}"), _join("qr")),
    (_sentence(rf"{_who('who')}通过(?:扫描)?(?:群)?二维码{_INTO}{_OTHERS}"), _join("qr")),
    (_sentence(rf"{_who('who')}(?:通过|接受了?|经|由){_who('by')}的?(?:群聊)?邀请{_INTO}{_OTHERS}"), _join("invite")),
    (_sentence(rf"{_who('who')}通过(?:群)?(?:邀请)?链接{_INTO}{_OTHERS}"), _join("link")),
    (_sentence(rf"{_who('by')}{_NOT_YET}邀请(?:了)?\s*{_who('who')}{_INTO}{_OTHERS}"), _join("invite")),
    (_sentence(rf"(?:欢迎)?(?:新成员|新人)?\s*{_who('who')}(?:已|已经|成功)?{_NOT_YET}{_INTO}{_OTHERS}"), _join("")),
    (_sentence(rf"{_who('who')}(?:已|已经)?被\s*(?P<by>.*?)\s*{_OUT}{_OUT_OF}"), _removal),
    (_sentence(rf"{_who('by')}(?:已)?(?:将|把)\s*{_who('who')}{_OUT}{_OUT_OF}"), _removal),
    (_sentence(rf'{_who("by")}(?:移出|移除|踢出)了?\s*(?:群成员|成员)?\s*(?P<who>"[^"]+")'), _removal),
    (_sentence(rf"{_who('who')}(?:已|已经|主动)?{_NOT_YET}(?:退出|离开)\s*了?\s*{_GROUP}"), _leave),
    (_sentence(r"(?:撤回了?|成功撤回)\s*(?:一|1)?条?消息(?:[，,。\s].*)?"), _recall),
    (_sentence(rf"{_who('by')}(?:尝试)?撤回了\s*(?:一|1)?条?消息(?:[，,。\s].*)?"), _recall),
    (_sentence(rf"{_who('by')}撤回了\s*(?:群成员|成员)?\s*{_who('who')}的?\s*(?:一|1)?条?消息"), _recall),
    (_sentence(rf"{_who('who')}joined\s+{_GROUP_EN}\s+via\s+.*?QR\s+code\s+shared\s+by\s+{_who('by')}"), _join("qr")),
    (_sentence(rf"{_who('by')}invited\s+{_who('who')}to\s+(?:join\s+)?{_GROUP_EN}{_OTHERS}"), _join("invite")),
    (_sentence(rf"{_who('who')}joined\s+{_GROUP_EN}"), _join("")),
    (_sentence(rf"{_who('who')}(?:were|was)\s+removed\s+from\s+{_GROUP_EN}\s+by\s+{_who('by')}"), _removal),
    (_sentence(rf"{_who('by')}removed\s+{_who('who')}from\s+{_GROUP_EN}"), _removal),
    (_sentence(rf"{_who('who')}left\s+{_GROUP_EN}"), _leave),
    (_sentence(rf"{_who('by')}(?:has\s+)?(?:recalled|unsent|withdrew)\s+a\s+message\.?.*"), _recall),
)
