"""How an account of ours is connected to each platform, what can be done there by whom, and what a missing right is called.

A person reads this before and after connecting: the console shows it, the outbox asks it whether a person can do what we cannot,
the reference lists it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit

from qunying.carriers.live import find_carrier
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import Sentence, mark

QQ = "qq"
MATRIX = "matrix"
TOKEN_LETTERS = 8
_CODE = re.compile(r"^(?P<name>[a-z_]*?)_?(?P<n>\d*)$")
_USER = re.compile(r"^@[^\s:@]+:[^\s/@]+$")


class How(StrEnum):
    """Who does something on a platform: we, or a person whom we ask; or nobody can."""

    DOES = "does"
    PERSON = "person"
    CANNOT = "cannot"


KINDS = (
    "Say", "Announce", "Whisper", "DeleteMessage", "Mute", "Unmute", "RemoveMember", "Ban", "Unban", "SetCard", "ApproveJoin",
    "RejectJoin", "Pin", "Invite",
)  # fmt: skip


def anything(text: str) -> None:
    """The check of a field in which everything may stand."""
    return


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a person fills in. ``check`` raises ``BadUse``; what ``is_generated`` is made by us and shown until it is
    saved: by it we know a line, so that no two have the same."""

    name: str
    label: str
    help: str = ""
    is_secret: bool = False
    is_generated: bool = False
    is_needed: bool = True
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    check: Callable[[str], None] = anything


@dataclass(frozen=True, slots=True)
class Way:
    """One way to connect. ``options`` are what choosing it says; ``path`` is where the platform calls us, empty where we call it.

    In ``steps`` ``%(address)s`` stands for that address.
    """

    name: str
    title: str
    about: str
    steps: tuple[str, ...]
    fields: tuple[Asked, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    scheme: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """What a missing right is called and how it is granted; ``%(n)s`` is the number in its code."""

    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Connect:
    """All that a person needs to know to connect an account. ``cannot`` are effects that nobody can do on this platform;
    ``risk`` is what may happen to the account. ``link`` leads a person to a group, or to somebody where no group is given."""

    carrier: str
    about: str
    ways: tuple[Way, ...]
    lacks: Mapping[str, Lack] = field(default_factory=dict)
    cannot: frozenset[str] = frozenset()
    risk: str = ""
    link: Callable[[str, str], str] | None = None

    def find_way(self, name: str) -> Way | None:
        """The way of that name."""
        return next((way for way in self.ways if way.name == name), None)

    def ways_of(self, options: Mapping[str, str]) -> tuple[Way, ...]:
        """The ways in which a line with these options may have been connected."""
        return tuple(way for way in self.ways if way.options.items() <= options.items())


def check_token(text: str) -> None:
    """A token that nobody guesses, and that fits into a header."""
    if len(text) < TOKEN_LETTERS:
        raise BadUse(mark("口令太短，至少 %(n)d 个字符"), n=TOKEN_LETTERS)
    if not text.isascii() or not text.isprintable() or " " in text:
        raise BadUse(mark("口令里只能有英文字母、数字和符号，不能有空格"))


def check_address(text: str) -> None:
    """An address of somebody's own choosing: a host, no name and password in it."""
    _check_web(text, ("http", "https"))


def check_socket_address(text: str) -> None:
    """The address of a WebSocket, no name and password in it."""
    _check_web(text, ("ws", "wss"))


def check_homeserver(text: str) -> None:
    """A homeserver is reached encrypted, but for one on this machine."""
    parts = _check_web(text, ("http", "https"))
    if parts == ("http", False):
        raise BadUse(mark("服务器的地址要以 https:// 开头；只有本机的可以用 http://"))


def check_user(text: str) -> None:
    """``@name:server``."""
    if not _USER.match(text):
        raise BadUse(mark("账号写成 @名字:服务器 这样"))


def check_owner(text: str) -> None:
    """``@name:server``, or nothing."""
    if text:
        check_user(text)


def _check_web(text: str, schemes: tuple[str, ...]) -> tuple[str, bool]:
    """The scheme, and whether the host is this machine."""
    try:
        parts = urlsplit(text)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError as error:
        raise BadUse(mark("这不是一个地址")) from error
    if parts.scheme not in schemes or not parts.hostname or not port_is_right or text != text.strip():
        raise BadUse(mark("地址写成 %(scheme)s://主机:端口 这样"), scheme=schemes[0])
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadUse(mark("地址里不能带账号、密码或参数，口令写在下面"))
    return parts.scheme, _is_here(parts.hostname)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_HAND_TOKEN = Asked(
    "token",
    mark("口令"),
    mark("群营现编的，存下以后不再显示；要自己定也行，至少 8 个字符。两边一样才连得上。"),
    is_secret=True,
    is_generated=True,
    check=check_token,
)


def _qq_link(group_ref: str, person_ref: str) -> str:
    """Opens the card of a group or person in QQ on a phone; its website has no such address."""
    ref, kind = (group_ref, "group") if group_ref else (person_ref, "friend")
    if not (ref.isascii() and ref.isdecimal()):
        return ""
    return f"mqqapi://card/show_pslcard?src_type=internal&version=1&uin={ref}&card_type={kind}"


def _matrix_link(group_ref: str, person_ref: str) -> str:
    """See https://spec.matrix.org/v1.11/appendices/#matrixto-navigation."""
    ref = group_ref or person_ref
    return f"https://matrix.to/#/{quote(ref, safe='')}" if ref else ""


_QQ_CONNECT = Connect(
    carrier=QQ,
    link=_qq_link,
    about=mark("个人 QQ 号在群里听和说，经过 NapCat、LLBot 这类 OneBot 11 客户端"),
    risk=mark(
        "这些不是腾讯的官方客户端：号可能被限制登录，甚至封掉。用一个专门的、养了一阵的小号，别用自己的主号；刚连上先只看不动，别一上来就大量发言和移人。"
    ),
    ways=(
        Way(
            "reverse_ws",
            mark("反向 WebSocket（推荐）"),
            mark("客户端来连群营，断了它自己重连。群营不用知道它在哪里"),
            (
                mark("在另一台机器或同一台上装好 NapCat 或 LLBot，用小号登录"),
                mark(
                    "NapCat：打开 WebUI →「网络配置」→「新建」→「WebSocket 客户端」；LLBot：设置 → OneBot 11 →「反向 WebSocket」"
                ),
                mark("URL 填这个地址，Token 填这里的口令，消息格式选 array，然后启用"),
                mark("回到这里存下，几秒内就能看到连没连上"),
            ),
            (_HAND_TOKEN,),
            {"transport": "reverse_ws"},
            "ws",
            "onebot/v11/ws",
        ),
        Way(
            "http",
            mark("HTTP"),
            mark("客户端把消息送到群营，群营去客户端的地址办事。两边都要互相连得到"),
            (
                mark("NapCat：「网络配置」里建一个「HTTP 服务器」，记下它的地址，Token 填这里的口令"),
                mark("再建一个「HTTP 客户端」，URL 填这个地址，Token 填这里的签名密钥，消息格式选 array，然后都启用"),
                mark("回到这里存下"),
            ),
            (
                Asked("url", mark("客户端的地址"), mark("例如 http://127.0.0.1:3000"), check=check_address),
                _HAND_TOKEN,
                Asked(
                    "signature",
                    mark("签名密钥"),
                    mark("送来的每条消息都用它签名，签得不对的不收。存下以后不再显示。"),
                    is_secret=True,
                    is_generated=True,
                    check=check_token,
                ),
            ),
            {"transport": "http"},
            "http",
            "onebot/v11/http",
        ),
        Way(
            "forward",
            mark("正向 WebSocket"),
            mark("群营去连客户端。客户端在别的机器上、连不回来时用"),
            (
                mark(
                    "NapCat：「网络配置」里建一个「WebSocket 服务器」，Token 填这里的口令，消息格式选 array，然后启用"
                ),
                mark("把它的地址填在这里，存下"),
            ),
            (
                Asked("url", mark("客户端的地址"), mark("例如 ws://127.0.0.1:3001"), check=check_socket_address),
                _HAND_TOKEN,
            ),
            {"transport": "forward"},
        ),
    ),
    lacks={
        "not_admin": Lack(mark("还不是管理员"), mark("请群主在群设置里把这个号设为管理员")),
        "not_owner": Lack(mark("不是群主"), mark("这件事只有群主能做，到时候会请人来做")),
        "not_known": Lack(mark("还不知道自己在群里是什么身份"), mark("等客户端说出群成员，或者点「现在看一遍」")),
        "not_supported": Lack(mark("客户端不支持"), mark("到时候会请人来做；换一个客户端也许可以")),
    },
    cannot=frozenset({"Unban"}),
)
_HOMESERVER = Asked(
    "homeserver", mark("服务器"), mark("例如 https://matrix.org"), default="https://matrix.org", check=check_homeserver
)
_USER_FIELD = Asked("user", mark("账号"), mark("完整的，例如 @helper:matrix.org"), check=check_user)
_OWNER = Asked(
    "owner",
    mark("谁请它进房间算数"),
    mark("这个账号的邀请才接受，例如 @me:matrix.org；空着就谁的邀请都不接，只看已经在的房间"),
    is_needed=False,
    check=check_owner,
)
_MATRIX_STEPS = (
    mark("在服务器上给群营开一个专门的账号，别用自己的"),
    mark("把它邀请进要照看的房间；要它禁言、撤回、移人，就把它的权限等级调到 50 以上"),
)
_MATRIX_CONNECT = Connect(
    carrier=MATRIX,
    link=_matrix_link,
    about=mark("一个 Matrix 账号在房间里听和说，服务器是谁家的都行"),
    ways=(
        Way(
            "password",
            mark("用密码"),
            mark("登录一次，换成口令后就不再用密码"),
            (*_MATRIX_STEPS, mark("填上服务器、账号和密码，存下")),
            (
                _HOMESERVER,
                _USER_FIELD,
                _OWNER,
                Asked("password", mark("密码"), mark("存下以后不再显示"), is_secret=True),
            ),
        ),
        Way(
            "token",
            mark("用访问口令"),
            mark("已经有 access token 的，不用告诉群营密码"),
            (*_MATRIX_STEPS, mark("填上服务器、账号和 access token，存下")),
            (
                _HOMESERVER,
                _USER_FIELD,
                _OWNER,
                Asked("token", mark("访问口令"), mark("存下以后不再显示"), is_secret=True, check=check_token),
            ),
        ),
    ),
    lacks={
        "power": Lack(mark("权限等级不到 %(n)s"), mark("请房间的管理员把这个账号的权限等级调到 %(n)s")),
        "encrypted": Lack(mark("房间是加密的，读不到也说不了"), mark("换一个不加密的房间；加密一旦打开就关不掉")),
        "not_supported": Lack(mark("服务器不支持"), mark("到时候会请人来做")),
    },
    cannot=frozenset({"SetCard"}),
)
CONNECTS: tuple[Connect, ...] = (_QQ_CONNECT, _MATRIX_CONNECT)
_UNKNOWN = Lack(mark("平台不让（%(code)s）"), mark("到平台上看看这个账号的权限"))


def find_connect(carrier: str) -> Connect | None:
    """How an account is connected there; None for platforms that need no connecting or have no carrier."""
    return next((one for one in CONNECTS if one.carrier == carrier), None)


def list_offered() -> list[Connect]:
    """The platforms of which a carrier is installed."""
    return [one for one in CONNECTS if find_carrier(one.carrier) is not None]


def how_done(carrier: str, kind: str) -> How:
    """Who carries out an effect of that kind on a platform."""
    known, connect = find_carrier(carrier), find_connect(carrier)
    if known is not None and kind in known.does:
        return How.DOES
    return How.CANNOT if connect is not None and kind in connect.cannot else How.PERSON


def link_to(carrier: str, group_ref: str, person_ref: str) -> str:
    """Where a person finds a group of a platform, or somebody where no group is given; empty where there is no such address."""
    connect = find_connect(carrier)
    return connect.link(group_ref, person_ref) if connect is not None and connect.link is not None else ""


def tell_lack(carrier: str, code: str) -> tuple[Sentence, Sentence]:
    """What is missing, and how it is granted."""
    connect, found = find_connect(carrier), _CODE.match(code)
    name, n = (found["name"], found["n"]) if found else (code, "")
    lacks = connect.lacks if connect else {}
    lack = lacks.get(code) or lacks.get(name) or _UNKNOWN
    values = {"n": n, "code": code}
    return Sentence(lack.words, values), Sentence(lack.remedy, values)
