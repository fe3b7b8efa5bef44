"""Asking for a community's pages, and what people type there."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

HOSTILE = '"><img src=x onerror=alert(1)> ‮环节'
LINK = {"kind": "consult", "name": "", "count_by": "joined", "deed": "", "unit": "people"}


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200, **headers: str) -> str:
    response = client.get(reverse(f"console:{name}", args=args) + query, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, name: str, /, *args: object, status: int = 302, query: str = "", **fields: Any) -> str:
    response = client.post(reverse(f"console:{name}", args=args) + query, fields)
    assert response.status_code == status, response.content.decode()[-2000:]
    return response.content.decode()


def toasts(html: str) -> str:
    return " ".join(re.findall(r'class="toast".*?</div>', html, re.DOTALL))
