"""Where another program tells orders and other deeds: one POST, one or many, each once per number."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qunying.console.community.hook import PER_MINUTE, access_told, is_too_often, refused
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark
from qunying.pipeline.past.deeds_told import MOST_ITEMS, Told, Wrong, do_keep_told_deeds, read_told

ITEM_BYTES = 4096
MOST_BYTES = ITEM_BYTES * MOST_ITEMS


@csrf_exempt  # who tells deeds has no session: the token is what counts
@require_POST
def tell(request: HttpRequest, community_id: int) -> JsonResponse:
    """Keeps one deed or a list of them, all or none: ``{"kind": …, "order": …, "person": …, "time": …, "amount": …}``.

    The same again changes nothing. 404 for a wrong token as for no such community, 413 for too much at once, 422 with the
    fields that are wrong, 409 for numbers that told otherwise before, 429 for more than 120 a minute.
    """
    now = clock.now()
    about = access_told(request, community_id)
    if is_too_often(community_id, now):
        return refused(_("一分钟最多报 %(n)s 次，过一分钟再报") % {"n": PER_MINUTE}, 429)
    body = request.read(MOST_BYTES + 1)
    try:
        items = _items(body)
    except BadUse as error:
        return refused(error.said(_), 413 if len(body) > MOST_BYTES else 422)
    told, wrong = read_told(items)
    if wrong:
        return _wrong(wrong, 422)
    kept = do_keep_told_deeds(about.id, about.timezone, told, now)
    return _kept(kept) if isinstance(kept, Told) else _wrong(kept, 409)


def _items(body: bytes) -> list[Any]:
    """The items, numbers as they are written. Raises ``BadUse`` for what is none, or too much."""
    if len(body) > MOST_BYTES:
        raise BadUse(mark("一次最多 %(n)s 个字节"), n=MOST_BYTES)
    try:
        said = json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise BadUse(mark("要发一个 JSON 对象，或者一串")) from error
    items = said if isinstance(said, list) else [said]
    if not items or len(items) > MOST_ITEMS:
        raise BadUse(mark("一次 1 到 %(n)s 条"), n=MOST_ITEMS)
    if any(len(json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")) > ITEM_BYTES for item in items):
        raise BadUse(mark("一条最多 %(n)s 个字节"), n=ITEM_BYTES)
    return items


def _wrong(wrong: Iterable[Wrong], status: int) -> JsonResponse:
    """Nothing was kept: which item, which field, and why."""
    errors = [{"item": one.item, "field": one.field, "error": one.why.said(_)} for one in wrong]
    return JsonResponse({"error": _("一条都没有收：改好再报"), "errors": errors}, status=status)


def _kept(told: Told) -> JsonResponse:
    notes = [{"item": place, "note": _("金额是负的，算退款")} for place in told.turned]
    strangers = [{"person": one, "reason": _("社群里没有同样的账号，记成店铺的客户")} for one in told.strangers]
    words = {"kept": True, "new": told.new, "known": told.known, "notes": notes, "strangers": strangers}
    return JsonResponse(words, status=201 if told.new else 200)
