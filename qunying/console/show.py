"""Answers with a page, or with the part of it that htmx asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Context(Protocol):
    """A frozen dataclass: everything a page's template receives, each field with its meaning."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def show(request: HttpRequest, template: str, context: Context, *, part: str = "", status: int = 200) -> HttpResponse:
    """The whole page, or only ``part`` of it where htmx asks for a piece."""
    wants_part = bool(part) and request.headers.get("HX-Request") == "true"
    name = f"{template}#{part}" if wants_part else template
    fields = {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    response = render(request, name, fields, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def signed_in(view: View[P]) -> View[P]:
    """Only for people with a sign-in; everybody else is sent to the sign-in page."""
    return wraps(view)(login_required(view))
