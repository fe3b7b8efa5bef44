"""What the text in a code is for, by the addresses that chat tools and payment services publish for theirs."""

from __future__ import annotations

import re

_PURPOSES = (
    (
        "contact",
        r"(?:https?://)?(?:u\.wechat\.com|work\.weixin\.qq\.com/(?:ca|kf|u)/|wework\.qpic\.cn|qm\.qq\.com/cgi-bin/qm/qr\?.*personal)",
    ),
    (
        "contact",
        r"weixin://(?:contacts|dl/add)|mqqapi://card|tencent://message|(?:https?://)?(?:wa\.me|line\.me/(?:ti/p|r/ti/p))/|mecard:|begin:vcard",
    ),
    (
        "group",
        r"(?:https?://)?(?:weixin\.qq\.com/g/|work\.weixin\.qq\.com/(?:gm|cgi-bin/join)|qm\.qq\.com|jq\.qq\.com|qun\.qq\.com|chat\.whatsapp\.com)",
    ),
    ("group", r"(?:https?://)?(?:t\.me|telegram\.me|discord\.gg|matrix\.to|line\.me/(?:ti/g|r/ti/g))/|tg://"),
    (
        "payment",
        r"wxp://|weixin://wxpay|alipays?://|(?:https?://)?(?:qr\.alipay\.com|wx\.tenpay\.com|payapp\.weixin\.qq\.com|i\.qianbao\.qq\.com|qr\.95516\.com)",
    ),
    ("account", r"(?:https?://)?(?:weixin\.qq\.com/r/|mp\.weixin\.qq\.com|open\.weixin\.qq\.com)"),
    ("sign-in", r"(?:https?://)?(?:login\.weixin\.qq\.com/l/|login\.weixin\.qq\.com/qrcode|txz\.qq\.com)"),
    ("wifi", r"wifi:"),
    ("phone", r"tel:|smsto?:|mailto:"),
    ("number", r"\d{6,20}$"),
)
_KINDS = [(purpose, re.compile(pattern, re.IGNORECASE)) for purpose, pattern in _PURPOSES]
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'，。！]+|(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,14}(?::\d{1,5})?(?:/[^\s<>\"'，。！]*)?(?![\w@])",
    re.IGNORECASE,
)


def purpose_of(text: str) -> str:
    """``contact group payment account sign-in wifi phone number`` where known; else ``link`` or ``text``."""
    start = text.strip()
    for purpose, pattern in _KINDS:
        if pattern.match(start):
            return purpose
    return "link" if _LINK.match(start) else "text"


def links_in(text: str) -> tuple[str, ...]:
    """The addresses in a text, as written, those without a scheme too."""
    return tuple(dict.fromkeys(found[0] for found in _LINK.finditer(text)))
