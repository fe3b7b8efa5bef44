"""Which links ask others to do the sender a favour, and which lead to a place nobody allowed. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from qunying.judgement.patterns.links import Link

_FAVOUR = re.compile(
    r"砍[一1]?刀|砍价|砍一下|助力|助一?下|助我|求助力|赚钱|赚零花|日[结赚入]|副业|躺赚|帮[我忙].{0,4}[点砍投转扫]|点[一1]?下|点进来|拼团|拼单|拼一?个|成团|参团|开团|团购|凑单|[差缺].{0,4}[人个位]|满.{0,3}人"
    r"|集赞|投票|投我|裂变|扫码.{0,4}领|免费[领送拿]|[领送].{0,6}(?:红包|券|资料|礼|福利|大奖)|优惠券|红包|佣金|返[利现]|抽奖|邀请码|口令|薅羊毛|内购|秒杀|代理|兼职|刷单|注册.{0,4}[送领得]|下载.{0,6}[送领得]|提现|分享.{0,6}[群友]"
    r"|group.?buy|one more (?:person|people)|\d+ more (?:person|people|friends?)|need .{0,12}(?:more|people) (?:to join|for)|help me (?:get|cut|win|unlock|out by|reach)|cut (?:the |my )?price|(?:tap|click) (?:my|this|the) link"
    r"|referral|refer a|invite (?:code|link)|promo(?: ?code)?|coupon|voucher|free (?:gift|money|reward|spins?|sample)|claim (?:your|it|now)|giveaway|cash ?back|airdrop|sign ?up .{0,20}(?:bonus|free|get)|earn \$?\d|bonus|discount|make money|passive income|from home|guaranteed|profits?\b|trading signals?|% off|limited (?:time|offer)|vote for me|upvote"
)
_PATH = re.compile(
    r"(?:^|[/?&=_-])(?:kan(?:jia)?|tuan|pin(?:tuan)?|groupbuy|gb|bargain|zhuli|invite|inv|ref(?:er|erral)?|share|yaoqing|hongbao|coupon|gift|promo|aff|spread|fission|lottery|draw)(?:[/?&=_0-9-]|$)"
)
_SHORT = frozenset(
    (
        "t.cn", "dwz.cn", "url.cn", "suo.im", "bit.ly", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "cutt.ly", "rb.gy", "s.click.taobao.com",
        "u.jd.com", "m.tb.cn", "v.douyin.com", "p.pinduoduo.com", "mobile.yangkeduo.com", "t.me", "chat.whatsapp.com", "discord.gg",
    )
)  # fmt: skip


def not_allowed(links: Sequence[Link], allowed: Collection[str]) -> tuple[Link, ...]:
    """The links that lead elsewhere than to these domains, or to a place below one of them."""
    names = {name.strip().lower().removeprefix("www.").removeprefix("*.") for name in allowed}
    return tuple(link for link in links if not _is_below(link.host.lower(), names))


def _is_below(host: str, names: Collection[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[start:]) in names for start in range(len(labels)))


def favour_of(plain: str, links: Sequence[Link]) -> float:
    """How likely it is, 0 to 1, that these links ask for a favour: a bargain, a group purchase, an invitation to something."""
    by_words = bool(_FAVOUR.search(plain))
    by_path = any(_PATH.search(path_of(link)) for link in links)
    by_place = any(link.host.lower() in _SHORT for link in links)
    if not by_words:
        return 0.65 if by_path and by_place else 0.6 if by_path else 0.3 if by_place else 0.0
    return 0.95 if by_path or by_place else 0.82


def path_of(link: Link) -> str:
    """What follows the host, in small letters."""
    address = link.address.lower()
    place = address.find(link.host.lower())
    return address[place + len(link.host) :] if place >= 0 else address
