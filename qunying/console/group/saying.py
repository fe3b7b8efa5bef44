"""Saying something in a group through our account: checked, ordered once, taken back."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy

from qunying.communities.queries import GroupInfo
from qunying.kernel.effects import Say
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.outbox.actions import do_hold, do_order, do_undo
from qunying.outbox.queries import find_item, find_item_by_key
from qunying.people.seats import ids_named

LONGEST = 2000
NAME_AT_MOST = 24
MENTIONS_AT_MOST = 10


class SayForm(forms.Form):
    """Words for a group. ``token`` makes sending the same form twice harmless."""

    text = forms.CharField(
        label=gettext_lazy("替小助手说一句"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={
            "required": gettext_lazy("还没写字。"),
            "max_length": gettext_lazy("太长了，最多 %(limit_value)d 字，现在 %(show_value)d 字。"),
        },
    )
    token = forms.CharField(max_length=32, widget=forms.HiddenInput)


def new_say_form() -> SayForm:
    """An empty form with a token of its own."""
    return SayForm(initial={"token": secrets.token_hex(8)})


def do_say(group: GroupInfo, text: str, token: str, *, user_id: int, at: datetime) -> int | None:
    """Orders the words for the group; answers the effect's id, None where it cannot be found any more."""
    key = f"hand:{group.id}:{user_id}:{token}"[:255]
    effect = Say(group_id=group.id, text=text, mentions=mentioned(group.id, text))
    do_order(effect, community_id=group.community_id, user_id=user_id, key=key, at=at, carrier=group.carrier)
    item = find_item_by_key(key)
    return item.pk if item else None


def do_take_back(group_id: int, item_id: int, *, user_id: int, at: datetime) -> bool:
    """Holds words that have not gone out, withdraws those that have. True when they had not gone out.

    Raises ``BadUse`` where neither is possible, or these are no words of that group.
    """
    item = find_item(item_id)
    if item is None or item.group_id != group_id:
        raise BadUse(mark("没有这一条"))
    try:
        do_hold(item_id, user_id=user_id, at=at)
    except BadUse:
        do_undo(item_id, user_id=user_id, at=at)
        return False
    return True


def mentioned(group_id: int, text: str) -> tuple[int, ...]:
    """Members present in the group whose name stands behind an @; of names that begin alike the longest counts."""
    tails = [text[match.end() : match.end() + NAME_AT_MOST] for match in re.finditer("[@＠]", text)][:MENTIONS_AT_MOST]
    wanted = {tail[:length].strip() for tail in tails for length in range(1, len(tail) + 1)} - {""}
    known = ids_named(group_id, wanted) if wanted else {}
    found = [max((name for name in known if tail.startswith(name)), key=len, default="") for tail in tails]
    return tuple(dict.fromkeys(known[name] for name in found if name))
