"""What a message shows that order has to look at: handles, cards, links, and how it is put. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import TypeAlias

from qunying.judgement.families.sketch import sketch_of
from qunying.judgement.families.units import units_of_folded
from qunying.judgement.folding import folded
from qunying.judgement.patterns.contacts import Contact, find_contacts
from qunying.judgement.patterns.links import Link, find_links
from qunying.kernel.events import MessageEdited, MessageReceived, PictureRead
from qunying.kernel.readings import Reading, Verdict

Told: TypeAlias = MessageReceived | MessageEdited | PictureRead
MAY_BE = 0.2  # of a verdict, from which it is worth to look closer
ADDRESSES = frozenset({"contact", "group", "account"})  # codes that lead to somebody by themselves
LONGEST = 2_000  # letters looked at
_HANDLE = re.compile(r"[A-Za-z0-9_]{4}|[.。点@]|\d")
_KEYED = re.compile(r"tg|tele|飞机|电报|飞鸽|contact|dm|pm|message|add|whats|[加找联]")
_CARD_LIKE = re.compile(r"^\s*[^\s\-–—/|·,，。]{1,10}(?:\s*[-–—/|·]\s*[^\-–—/|·\n]{1,24}){2,6}\s*$")
_LINK = re.compile(r"[.。点]|dot|//")
_TOKEN = re.compile(r"(?<![a-z0-9_])[a-z0-9][a-z0-9_-]{4,31}(?![a-z0-9_])")
_LAUGHS = re.compile(
    r"哈{2,}|嘿嘿|嘻嘻|呵呵|hh+|233+|lol|lmao|haha|[😂🤣😄😆😅😁🐶😜]|doge|狗头|捂脸|开玩笑|just kidding|jk\b"
)
_REPORTS = re.compile(
    r"举报|骗子|骗人|诈骗|别信|别加|勿加|勿信|不要[加信点]|小心|当心|警惕|冒充|假冒|假的|有人(?:在群里|又)?(?:发|私|加|拉)|[这那](?:个|种|条|位)?(?:广告|人发|号是)"
    r"|管理(?:员)?.{0,6}[看踢删管理]|怎么(?:没人|还没|不)管|收到.{0,6}(?:私信|加我|好友)|真的(?:是|假)|差点|上当|被骗|好险|幸亏|幸好|还好没|是(?:真的|官方|老师)吗"
    r"|scam|beware|don'?t (?:add|click|trust|fall)|\breport|spam|fake|phish|is this (?:real|legit|official)|(?:someone|somebody|he|she|they) (?:posted|sent|keeps?|dm)"
)
_TRADES = re.compile(
    r"娱乐城|博彩|博弈(?!论)|首[储充存]|返水|棋牌(?:平台|游戏|app|开房|代理|上分)|百家乐|六合彩|时时彩|赛车pk|下注|赌场|刷单|刷信誉|高仿|a货|精仿|复刻表|仿表|办证|刻章|代开.{0,4}票|发票代开|套现|提额|黑户|白户|网贷|秒批|无抵押|代办.{0,8}(?:账户|开户|bank|account|执照|贷款)|(?:香港|海外|境外|离岸|免费|优惠).{0,6}开户|开户.{0,6}(?:送|返|优惠|佣金)|代[写考刷]|包过(?![节年来去分])|裸聊|约炮|外围女|楼凤|外挂|荐股|飙股|牛股|带单|喊单|内幕消息|稳赚|躺赚|日[赚入](?=[\d一二三四五六七八九十百千几过])|月入过万|跑分|代孕|增高药|壮阳|减肥药|涨粉|买粉|引流脚本|接码|卡四件套|实名号"
    r"|casino|slots? bonus|betting tips|sure bets?|crypto signals?|forex signals?|guaranteed (?:profits?|returns?|income)|double your (?:money|bet|btc|bitcoin|crypto|income|investment)|replica (?:bags?|watch(?:es)?|shoes)|fake (?:id|passport|diploma|docs)|buy (?:followers|likes|reviews)|instant loan|loan approv|no credit check|escort|onlyfans|earn \$?\d+.{0,12}(?:day|week|daily)|passive income|get rich|recovery expert|offshore (?:company|account)"
)
_ALLOWED = re.compile(
    r"(?:群主|管理员?|老师|官方|运营|班主任).{0,8}(?:说|同意|允许|批准|答应|让我|叫我|可以)|经.{0,8}同意|已报备|permission|(?:admins?|mods?|owner) (?:said|approved|allowed|told|let|ok)"
)
_HELP = re.compile(
    r"求助(?!力)|急[!！,，。 ]|急需|寻(?:人|物|猫|狗)|走失|走丢|丢了|捡到|失物|遗失|救|献血|报修|拼车|顺风车|送医|lost|found|missing|urgent|emergency|carpool"
)


@dataclass(frozen=True, slots=True)
class Card:
    """A contact card somebody handed round: whose it says it is, and the account behind it.

    ``is_code``: it is a code in a picture that leads to an account or a group, and ``ref`` all of its text.
    """

    name: str
    ref: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """What one message shows. ``plain`` are its folded words; ``marks`` hashes of every handle, card and host in it; ``looks``
    fingerprints of its pictures.

    ``trades``: in what nobody offers in a group and means well. ``again``: what looks like a handle only because somebody else drew people away with the very same. ``is_plain_handle``: no other handle than such as ordinary talk has too: addresses of mail, somebody's name behind an @.
    """

    plain: str = ""
    handles: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    is_plain_handle: bool = False
    cards: tuple[Card, ...] = ()
    links: tuple[Link, ...] = ()
    marks: frozenset[int] = frozenset()
    reports: bool = False
    is_allowed: bool = False
    asks_help: bool = False
    is_card_like: bool = False
    looks: frozenset[tuple[int, int]] = frozenset()
    again: frozenset[int] = frozenset()
    trades: bool = False


def looks_closer(event: Told, reading: Reading) -> bool:
    """Whether the judges or the form of a message say that there may be something: for most there is nothing, and no cost."""
    if isinstance(event, PictureRead) or _cards(event) or _LINK.search(event.text[:LONGEST]):
        return True
    return max(map(reading.probability, (Verdict.CONTACT, Verdict.AD, Verdict.ABUSE))) >= MAY_BE


def may_show_handles(event: Told) -> bool:
    """Whether it is worth to look for handles where nobody has judged the words."""
    return bool(_cards(event) or _HANDLE.search(event.text[:LONGEST]))


@lru_cache(maxsize=256)  # asked of the same message when it is thought of and when it is remembered
def read_signs(event: Told) -> Signs:
    """What the message shows."""
    text = event.text[:LONGEST]
    plain, cards, contacts = folded(text), _cards(event), find_contacts(text)
    links = links_in(text)
    handles = tuple(one.handle for one in contacts if one.kind != "invitation" and one.handle)
    return Signs(
        plain=plain,
        handles=handles,
        kinds=frozenset(one.kind for one in contacts),
        is_plain_handle=all(_is_plain(text, one) for one in contacts),
        cards=cards,
        links=links,
        marks=marks_of([*handles, *(card.ref for card in cards), *(link.host for link in links)]),
        reports=bool(_REPORTS.search(plain)),
        is_allowed=bool(_ALLOWED.search(plain)),
        trades=bool(_TRADES.search(plain)),
        asks_help=bool(_HELP.search(plain)),
        is_card_like=bool(_CARD_LIKE.search(plain)),
        looks=frozenset(event.looks) if isinstance(event, PictureRead) else frozenset(),
    )


def tokens_of(text: str) -> frozenset[int]:
    """Hashes of everything in a text that somebody might be reached by, whatever stands before it."""
    return marks_of(_TOKEN.findall(folded(text[:LONGEST])))


def laughs(plain: str) -> bool:
    """Whether folded words are said with a laugh."""
    return bool(_LAUGHS.search(plain))


def reports(text: str) -> bool:
    """Whether somebody tells of what others do, or warns of it."""
    return bool(_REPORTS.search(folded(text[:LONGEST])))


def marks_of(words: Iterable[str]) -> frozenset[int]:
    """The same number for the same word, however it is written large or small, in every process."""
    return frozenset(mark_of(folded(word).strip()) for word in words if word.strip())


def mark_of(plain: str) -> int:
    """The number of folded words, the same in every process."""
    return int.from_bytes(blake2s(plain.encode(errors="surrogatepass"), digest_size=6).digest(), "big")


@lru_cache(maxsize=256)
def sketch_of_plain(plain: str) -> frozenset[int]:
    """The sketch of folded words; only of what is compared, for it takes as long as all the rest."""
    return sketch_of(units_of_folded(plain))


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the smaller sketch is in the larger: 1 where one is a part of the other, 0 where either says nothing."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def links_in(text: str) -> tuple[Link, ...]:
    """The links in a text, without what only looks like one."""
    return tuple(link for link in find_links(text) if link.kind == "link") if _LINK.search(text) else ()


def _is_plain(text: str, contact: Contact) -> bool:
    start, end = contact.span
    is_name = contact.kind == "telegram" and text[start:end].startswith("@")
    return contact.kind == "email" or (is_name and not _KEYED.search(text[max(0, start - 16) : start].lower()))


def _cards(event: Told) -> tuple[Card, ...]:
    if isinstance(event, PictureRead):
        return tuple(Card("", code.text[:LONGEST], is_code=True) for code in event.codes if code.purpose in ADDRESSES)
    if isinstance(event, MessageEdited):
        return ()
    return tuple(Card(part.name, part.url) for part in event.media if part.kind == "contact")
