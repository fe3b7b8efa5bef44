"""What a browser says of itself, in the words of whoever owns it."""

from __future__ import annotations

from django.utils.translation import gettext as _

# the order matters: Edge and Opera call themselves Chrome too, Chrome calls itself Safari, Android calls itself Linux
BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("wxwork/", "企业微信"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC"),
    ("MQQBrowser/", "QQ"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def tell_device(user_agent: str) -> str:
    """«Chrome · Windows» from a ``User-Agent``; the words themselves, shortened, where neither is known."""
    if not user_agent.strip():
        return _("没有说自己是什么浏览器")
    known = [next((name for sign, name in signs if sign in user_agent), "") for signs in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, known)) or user_agent[:60]
