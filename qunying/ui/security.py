"""What a browser may do with our pages: nothing that does not come from us."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
POLICY = "; ".join(f"{kind} {sources}" for kind, sources in ALLOWED.items())
DENIED = "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def content_policy(get_response: GetResponse) -> GetResponse:
    """Middleware: a strict Content-Security-Policy and Permissions-Policy on every answer, also on errors."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", DENIED)
        return response

    return answer
