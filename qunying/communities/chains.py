"""Operating chains: the links there are, how one can be counted, and four chains that are ready to be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MOST_LINKS = 12
NAME_LETTERS = 40
_KIND_OF_DEED = re.compile(r"(deed|again):\S.{0,49}")


class LinkKind(StrEnum):
    """What people do at a link."""

    ADVERT = "advert"
    ACCOUNT = "account"
    COMMUNITY = "community"
    LEARN = "learn"
    CONSULT = "consult"
    PAY = "pay"
    USE = "use"
    REPURCHASE = "repurchase"
    REFER = "refer"
    OTHER = "other"


KIND_NAMES: Mapping[LinkKind, str] = MappingProxyType(
    {
        LinkKind.ADVERT: mark("看到广告"),
        LinkKind.ACCOUNT: mark("到账号或网站"),
        LinkKind.COMMUNITY: mark("进社群"),
        LinkKind.LEARN: mark("了解产品"),
        LinkKind.CONSULT: mark("咨询"),
        LinkKind.PAY: mark("付款"),
        LinkKind.USE: mark("持续使用"),
        LinkKind.REPURCHASE: mark("复购"),
        LinkKind.REFER: mark("推荐别人"),
        LinkKind.OTHER: mark("别的一步"),
    }
)

NUMBERS, WEBHOOK = "numbers", "webhook"
FROM_OUTSIDE = (NUMBERS, WEBHOOK)
PEOPLE, TIMES, GROUPS = "people", "times", "groups"
COUNT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "": mark("还没有数"),
        "joined": mark("进群的人"),
        "first_word": mark("第一次说话的人"),
        "again:said": mark("换一天又来说话的人"),
        "shared": mark("带人进群的人"),
        "opened": mark("新开的群"),
        "deed:consult": mark("咨询过的人"),
        "deed:order": mark("下单"),
        "again:order": mark("换一天又下单的人"),
        NUMBERS: mark("导入的数字"),
        WEBHOOK: mark("别的系统报来的数字"),
    }
)
UNIT_NAMES: Mapping[str, str] = MappingProxyType({PEOPLE: mark("人"), TIMES: mark("次"), GROUPS: mark("个群")})
_UNIT_CHOSEN = ("deed:", *FROM_OUTSIDE)


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """A link as somebody wants it. An empty ``name`` is the usual one of its kind.

    ``count_by`` is one of ``COUNT_NAMES``, or ``deed:KIND`` or ``again:KIND`` for something else people do outside the
    groups. ``unit`` is what its numbers are numbers of; where only one is possible, that one counts.
    """

    kind: LinkKind
    count_by: str = ""
    unit: str = PEOPLE
    name: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a community's chain."""

    id: int
    kind: LinkKind
    name: str
    count_by: str
    unit: str
    is_ours: bool

    @property
    def series(self) -> str:
        """Under which name its numbers from outside are kept."""
        return series_of_link(self.id)


def series_of_link(link_id: int) -> str:
    """Under which name the numbers of that link from outside are kept."""
    return f"link:{link_id}"


def unit_of(count_by: str, wish: str) -> str:
    """What a link is counted in: people, groups, or (where both are possible) as somebody wishes."""
    if count_by == "opened":
        return GROUPS
    return wish if count_by.startswith(_UNIT_CHOSEN) and wish in {PEOPLE, TIMES} else PEOPLE


def check_link(draft: LinkDraft) -> LinkDraft:
    """The link as it can be kept. Raises ``BadUse`` for a name that is too long, an unknown way to count or unit."""
    name = " ".join(draft.name.split())
    if len(name) > NAME_LETTERS:
        raise BadUse(mark("环节的名字最多 %(n)s 个字"), n=NAME_LETTERS)
    if draft.count_by not in COUNT_NAMES and not _KIND_OF_DEED.fullmatch(draft.count_by):
        raise BadUse(mark("不知道「%(count)s」这种数法"), count=draft.count_by)
    if draft.unit not in UNIT_NAMES:
        raise BadUse(mark("不知道「%(unit)s」这个单位"), unit=draft.unit)
    return LinkDraft(draft.kind, draft.count_by, unit_of(draft.count_by, draft.unit), name, draft.is_ours)


@dataclass(frozen=True, slots=True)
class ReadyChain:
    """A chain to begin with. ``purpose`` is what it serves; ``story`` says in a sentence how it works."""

    purpose: str
    title: str
    story: str
    links: tuple[LinkDraft, ...]


_HERE = LinkDraft(LinkKind.COMMUNITY, "joined", is_ours=True)
_CONSULTS = LinkDraft(LinkKind.CONSULT, "deed:consult")
_PAYS = LinkDraft(LinkKind.PAY, "deed:order")
READY: tuple[ReadyChain, ...] = (
    ReadyChain(
        "acquire",
        mark("拉新"),
        mark("先有社群：群里不断有内容，大家愿意转给别人，群越开越多，来的人在群里认识产品。"),
        (
            _HERE,
            LinkDraft(LinkKind.LEARN),
            _CONSULTS,
            _PAYS,
            LinkDraft(LinkKind.REFER, "opened", name=mark("老群带出新群")),
        ),
    ),
    ReadyChain(
        "activate",
        mark("促活"),
        mark("先开口，再常来，再带人来：一个人换一天又来说话，才算活跃起来。"),
        (
            _HERE,
            LinkDraft(LinkKind.USE, "first_word", name=mark("开口说第一句")),
            LinkDraft(LinkKind.USE, "again:said", name=mark("换一天又来")),
            LinkDraft(LinkKind.REFER, "shared", name=mark("带人进群")),
        ),
    ),
    ReadyChain(
        "retain",
        mark("留存"),
        mark("广告带来人，社群是服务：用得满意才一直用下去，还会推荐给别人。"),
        (
            LinkDraft(LinkKind.ADVERT, NUMBERS, TIMES),
            LinkDraft(LinkKind.ACCOUNT, NUMBERS),
            _HERE,
            LinkDraft(LinkKind.USE, "deed:visit"),
            LinkDraft(LinkKind.REFER, "shared"),
        ),
    ),
    ReadyChain(
        "convert",
        mark("转化"),
        mark("视频号或网站把人引进群，群里问清楚，问的人多了，买的人才多。"),
        (LinkDraft(LinkKind.ACCOUNT, NUMBERS, name=mark("视频号")), _HERE, _CONSULTS, _PAYS),
    ),
)


def get_ready(purpose: str) -> ReadyChain:
    """The ready-made chain of that purpose. Raises ``BadUse``."""
    found = next((one for one in READY if one.purpose == purpose), None)
    if found is None:
        raise BadUse(mark("没有「%(name)s」这条现成的运营链"), name=purpose)
    return found
