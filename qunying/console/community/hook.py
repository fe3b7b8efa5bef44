"""Where another program tells a number of a chain's link: one POST, one number, once per key."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qunying.communities.actions_numbers import MOST, NewTally, do_keep_told
from qunying.communities.queries_chain import About, about_of, find_community_of_token, list_links
from qunying.insights.kpis.reading import find_link_told
from qunying.insights.scope import local_day
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.kernel.texts import mark

MOST_BYTES = 4096
PER_MINUTE = 120
KEY_LETTERS = 128
BEARER = "Bearer "


@csrf_exempt  # who tells numbers has no session: the token is what counts
@require_POST
def tell(request: HttpRequest, community_id: int) -> JsonResponse:
    """Keeps one number: ``{"link": …, "count": …, "day": …, "key": …}``. The same key again changes nothing.

    404 for a wrong token as for no such community, 413 and 422 for what cannot be kept, 409 for a key that told otherwise,
    429 for more than 120 a minute.
    """
    now = clock.now()
    about = access_told(request, community_id)
    if is_too_often(community_id, now):
        return refused(_("一分钟最多报 %(n)s 次，过一分钟再报") % {"n": PER_MINUTE}, 429)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return refused(_("一次最多 %(n)s 个字节") % {"n": MOST_BYTES}, 413)
    try:
        tally, key = _read(request, body, community_id, local_day(now, about.timezone))
    except BadUse as error:
        return refused(error.said(_), 422)
    try:
        is_new = do_keep_told(community_id, tally, key, at=now)
    except BadUse as error:
        return refused(error.said(_), 409)
    return JsonResponse({"kept": True, "new": is_new}, status=201 if is_new else 200)


def access_told(request: HttpRequest, community_id: int) -> About:
    """The community that the caller's token is of. Raises ``Http404`` for a wrong one as for no such community."""
    said = request.headers.get("Authorization", "")
    community = find_community_of_token(community_id, said.removeprefix(BEARER)) if said.startswith(BEARER) else None
    if community is None:
        raise Http404
    return about_of(community)


def is_too_often(community_id: int, now: datetime) -> bool:
    """Counts this telling. Processes that count at the same moment may let a few more through, never fewer."""
    place = f"console.hook.{community_id}.{now:%Y%m%d%H%M}"
    count = int(cache.get(place, 0)) + 1
    cache.set(place, count, 120)
    return count > PER_MINUTE


def _read(request: HttpRequest, body: bytes, community_id: int, today: date) -> tuple[NewTally, str]:
    """The number and its key. Raises ``BadUse`` with the field that is wrong."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadUse(mark("要发一个 JSON 对象：link、count、day、key")) from error
    if not isinstance(said, dict):
        raise BadUse(mark("要发一个 JSON 对象：link、count、day、key"))
    key = said.get("key") or request.headers.get("Idempotency-Key")
    if not isinstance(key, str) or not 0 < len(key) <= KEY_LETTERS:
        raise BadUse(mark("key 要有，最多 %(n)s 个字；同一件事每次都用同一个"), n=KEY_LETTERS)
    name = said.get("link")
    link = find_link_told(list_links(community_id), name) if isinstance(name, str) else None
    if link is None:
        raise BadUse(mark("运营链上没有一个叫「%(name)s」、由外面报数的环节"), name=str(name)[:80])
    return NewTally(link.series, _day(said.get("day"), today), _count(said.get("count"))), key


def _day(said: Any, today: date) -> date:
    if said is None:
        return today
    try:
        day = date.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise BadUse(mark("day 写成 2024-03-01 这样，不写就是今天")) from error
    if day > today:
        raise BadUse(mark("day 还没到"))
    return day


def _count(said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= MOST:
        raise BadUse(mark("count 要是 0 或更大的整数"))
    return said


def refused(why: str, status: int) -> JsonResponse:
    """An answer that says why nothing was kept."""
    return JsonResponse({"error": why}, status=status)
