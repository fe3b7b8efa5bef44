"""Somebody whose session ended while a page of theirs stood open."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect

SIGNED_OUT = 401

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def whole_sign_in_page(get_response: GetResponse) -> GetResponse:
    """Middleware: what htmx asks for is a part of a page, and the sign-in page is none: the browser loads the page anew."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_part = request.headers.get("HX-Request") == "true"
        if is_part and isinstance(response, HttpResponseRedirect) and response.url.startswith(settings.LOGIN_URL):
            return HttpResponse(status=SIGNED_OUT, headers={"HX-Refresh": "true"})
        return response

    return answer
