"""How the page of the welcome's settings is laid out, and what it says of what happens now, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.capabilities.onboarding.settings import BUILT_IN_CARD, OnboardingSettings
from qunying.kernel.layouts import LayoutLink, Section
from qunying.kernel.scene import Mode
from qunying.kernel.texts import mark

RULES_SAID = 2


def tell_when(settings: OnboardingSettings, mode: Mode) -> str:
    """When newcomers are welcomed."""
    if not settings.wait_minutes:
        return _("每位新人一进群就欢迎。")
    return _("第一位新人进群 %(minutes)s 分钟后一起欢迎；等到 %(count)s 位就不再等。") % {
        "minutes": settings.wait_minutes,
        "count": settings.greet_at,
    }


def tell_words(settings: OnboardingSettings, mode: Mode) -> str:
    """What they are told."""
    rules, card = min(len(settings.rules), RULES_SAID), settings.card_template
    told = [_("用自己写的欢迎语") if settings.words else _("用自带的欢迎语")]
    if rules:
        told.append(ngettext("顺带说 %(n)s 条规矩", "顺带说 %(n)s 条规矩", rules) % {"n": rules})
    if card:
        told.append(_("请新人照「%(card)s」介绍自己") % {"card": _(card) if card == BUILT_IN_CARD else card})
    return _("%(told)s。") % {"told": _("，").join(told)}


LAYOUT = (
    Section(mark("什么时候欢迎"), tell_when, settings=("wait_minutes", "greet_at")),
    Section(
        mark("欢迎时说什么"),
        tell_words,
        settings=("words", "card_template", "rules"),
        links=(LayoutLink(mark("官方名册"), "console:settings-community", of_community=True),),
    ),
)
