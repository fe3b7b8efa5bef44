"""Orders and other deeds through the console: a table is looked at, read and taken back; a program tells them one by one."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from qunying.communities.actions import do_found_community
from qunying.communities.actions_numbers import do_make_token
from qunying.communities.queries import list_counted_homes
from qunying.console.deeds import hook
from qunying.deeds.models import Deed
from qunying.insights.kpis.board import get_board
from qunying.kernel import clock
from qunying.pipeline.past.uploads import list_drafts
from tests import cast
from tests.screens.community_pages import page, send
from tests.screens.conftest import signed_in_as

pytestmark = pytest.mark.django_db
UPLOADS = Path(settings.HOME) / "uploads"
HEAD = "订单编号,会员号,付款时间,实付金额,币种,备注\n"
ROWS = "1,an,2024-03-04 10:00,199,CNY,\n2,路人,2024-03-04 11:00,-20,CNY,\n3,,2024-03-04 11:00,5,CNY,\n"


@pytest.fixture(autouse=True)
def _no_uploads() -> Iterator[None]:
    """Nothing handed over in one test reaches the next."""
    shutil.rmtree(UPLOADS, ignore_errors=True)
    yield
    shutil.rmtree(UPLOADS, ignore_errors=True)


def hand_over(client: Client, content: bytes, name: str = "订单.csv", **fields: Any) -> str:
    """Where a table leads that was taken."""
    file = SimpleUploadedFile(name, content)
    response = client.post(reverse("console:deeds"), {"file": file, **fields})
    assert response.status_code == 302, response.content.decode()[:3000]
    return str(response["Location"])


def answers(html: str) -> dict[str, str]:
    """What the form of a looked-at table would send back."""
    chosen = re.findall(r'<select name="(\w+)".*?</select>', html, re.DOTALL)
    found = {}
    for name in chosen:
        (body,) = re.findall(rf'<select name="{name}".*?</select>', html, re.DOTALL)
        on = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = on[1] if on else ""
    return found | {"seen": re.findall(r'name="seen" value="(\w+)"', html)[0], "act": "do"}


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    book.create_sheet("退款").append(["别的"])
    book.save(file)
    return file.getvalue()


def test_a_table_is_shown_as_it_will_be_read_then_read_then_taken_back(tea: cast.Tea) -> None:
    client = signed_in_as("boss", "owner")
    url = hand_over(client, (HEAD + ROWS).encode("gb18030"), community=str(tea.community_id))
    html = client.get(url).content.decode()
    assert all(one in html for one in ("会读进 2 条新的", "199.00 CNY", "1 行用不上", "没写是谁", "算退款", "路人"))
    assert not Deed.objects.exists()
    changed = answers(html) | {"source": "有赞"}
    assert client.post(url, changed).status_code == 422  # it would read something else than was shown
    told = answers(client.post(url, changed | {"act": "look"}).content.decode()) | {"source": "有赞"}
    done = client.post(url, told)
    assert list(Deed.objects.values_list("kind", "amount", "source")) == [
        ("order", 1_990_000, "有赞"),
        ("refund", 200_000, "有赞"),
    ]
    html = client.get(done["Location"]).content.decode()
    assert all(one in html for one in ("读进了 2 条群外的事", "第几行", "没写是谁", "撤回这 2 条"))
    assert not list_drafts(int(client.session["_auth_user_id"]))
    again = hand_over(
        client, (HEAD + ROWS + "1,an,2024-03-04 10:00,7,CNY,\n").encode(), community=str(tea.community_id)
    )
    shown = client.post(again, {**answers_of(told), "act": "look"}).content.decode()
    assert all(one in shown for one in ("没有新的可读", "2 条早就有了", "留着的：2024-03-04 10:00 199.00 CNY"))
    unnamed = client.get(again).content.decode()
    assert "2 个编号在「有赞」名下早就有了" in unnamed  # without the shop's name they would count twice
    number = int(done["Location"].rstrip("/").rpartition("/")[2])
    send(client, "deeds-back", number)
    assert not Deed.objects.exists()
    assert "撤回了，一条都不算" in page(client, "deeds-import", number)
    assert "撤回了" in page(client, "deeds")


def answers_of(told: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in told.items() if name not in {"seen", "act"}}


def test_a_workbook_says_its_other_sheets_and_hidden_rows(tea: cast.Tea) -> None:
    client = signed_in_as("boss", "owner")
    content = workbook(["订单号", "会员号", "时间", "金额"], [1, "an", "2024-03-04", 5], [2, "bo", "2024-03-04", "x"])
    url = hand_over(client, content, "订单.xlsx")
    html = client.get(url).content.decode()
    assert all(one in html for one in ("别的没读：「退款」", "第 2 行", "金额读不懂", "会读进 1 条新的"))
    other = client.post(url, answers(html) | {"sheet": "退款", "act": "look"})
    assert (other.status_code, "没有是谁、时间" in other.content.decode()) == (422, True)


def test_what_is_no_table_is_said_and_not_kept(tea: cast.Tea) -> None:
    client = signed_in_as("boss", "owner")
    for content, why in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "老的 .xls"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"xl/workbook.xml", "坏了"),
        (bytes(999), "不是表格"),
    ):
        response = client.post(reverse("console:deeds"), {"file": SimpleUploadedFile("a.xlsx", content)})
        assert (response.status_code, why in response.content.decode()) == (422, True), why
    assert list_drafts(int(client.session["_auth_user_id"])) == []


def test_a_table_of_orders_among_chats_leads_here(tea: cast.Tea) -> None:
    client = signed_in_as("boss", "owner")
    file = SimpleUploadedFile("订单.csv", (HEAD + ROWS).encode())
    assert "/import/deeds/upload/" in client.post(reverse("console:import"), {"file": file})["Location"]


def test_only_who_may_import_there_reads_a_table(tea: cast.Tea) -> None:
    client = signed_in_as("boss", "owner")
    url = hand_over(client, (HEAD + ROWS).encode(), community=str(tea.community_id))
    told = answers(client.get(url).content.decode())
    for role in ("operator", "analyst", ""):
        other = signed_in_as(f"x{role}", role)
        assert other.get(url).status_code == other.post(url, told).status_code == 404  # it is somebody else's upload
    far = signed_in_as("far", "lead", made_elsewhere())
    own = hand_over(far, (HEAD + ROWS).encode())
    assert tea_name(tea) not in far.get(own).content.decode()
    assert far.post(own, {**told, "act": "look"}).status_code == 422
    assert not Deed.objects.exists()


def tea_name(tea: cast.Tea) -> str:
    return list_counted_homes([tea.community_id])[0].name


def made_elsewhere() -> int:
    return do_found_community(name="别家", at=clock.now())


@pytest.fixture
def token(tea: cast.Tea) -> str:
    return do_make_token(tea.community_id, at=clock.now(), actor="user:1")


def told(tea: cast.Tea, token: str, body: Any) -> tuple[int, dict[str, Any]]:
    address = reverse("console:community-hook-deeds", args=[tea.community_id])
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    client = Client(enforce_csrf_checks=True)
    response = client.post(address, data, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
    is_json = response["Content-Type"] == "application/json"
    return response.status_code, json.loads(response.content) if is_json else {}


ORDER = {
    "kind": "order",
    "order": "1001",
    "person": "an",
    "time": "2024-03-04T20:05:00+08:00",
    "amount": 199.5,
    "currency": "CNY",
}


def test_a_program_tells_an_order_once_per_number(tea: cast.Tea, token: str) -> None:
    assert told(tea, token, ORDER) == (201, {"kept": True, "new": 1, "known": 0, "notes": [], "strangers": []})
    assert told(tea, token, ORDER)[0] == 200
    status, answer = told(tea, token, [{**ORDER, "order": "9"}, {**ORDER, "amount": "7"}])
    assert (status, answer["errors"][0]["item"], answer["errors"][0]["field"]) == (409, 1, "order")
    assert Deed.objects.count() == 1  # the one before it in the list is not kept either
    back = [
        {**ORDER, "amount": "-20", "person": "路人"},
        {"kind": "NPS", "order": "a1", "person": "an", "time": "2024-03-04", "score": 9},
    ]
    status, answer = told(tea, token, back)
    assert (status, answer["new"], answer["notes"][0]["item"]) == (201, 2, 0)
    assert [one["person"] for one in answer["strangers"]] == ["路人"]
    assert list(Deed.objects.order_by("pk").values_list("kind", "amount", "score")) == [
        ("order", 1_995_000, None),
        ("refund", 200_000, None),
        ("nps", None, 9),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"order": ""}, "order"),
        ({"person": None}, "person"),
        ({"time": "gestern"}, "time"),
        ({"amount": "fünf"}, "amount"),
        ({"amount": None}, "amount"),
        ({"currency": "金"}, "currency"),
        ({"quantity": -1}, "quantity"),
        ({"kind": "满意度", "score": 6}, "score"),
        ({"kind": "nps"}, "score"),
        ({"preis": 1}, "preis"),
        ({"person": ["an"]}, "person"),
        ({"name": "x" * 201}, "name"),
        ({"status": "待付款"}, "status"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_kept(tea: cast.Tea, token: str, change: dict[str, Any], field: str) -> None:
    status, answer = told(tea, token, [{**ORDER, "order": "ok"}, {**ORDER, **change}])
    assert (status, [(one["item"], one["field"]) for one in answer["errors"]]) == (422, [(1, field)])
    assert not Deed.objects.exists()


def test_a_telling_is_bounded_and_needs_the_token(tea: cast.Tea, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(tea, token + "x", ORDER)[0] == told(tea, "", ORDER)[0] == 404
    for body, status in (
        (b"[1", 422),
        (b"[]", 422),
        ([ORDER] * 101, 422),
        (b" " * hook.MOST_BYTES + b"{}", 413),
        ([3], 422),
    ):
        assert told(tea, token, body)[0] == status
    assert told(tea, token, {**ORDER, "name": "茶" * 2000})[0] == 422
    monkeypatch.setattr("qunying.console.community.hook.PER_MINUTE", 6)
    assert told(tea, token, ORDER)[0] == 429
    assert not Deed.objects.exists()


def test_answers_that_are_told_count_in_the_kpis(tea: cast.Tea, token: str) -> None:
    at = (clock.now() - timedelta(hours=1)).isoformat()
    told(
        tea,
        token,
        [{"kind": "satisfaction", "order": f"s{n}", "person": f"u{n}", "time": at, "score": n} for n in (3, 4, 5)],
    )
    told(
        tea,
        token,
        [{"kind": "nps", "order": f"n{n}", "person": f"u{n}", "time": at, "score": n} for n in (0, 9, 10, 8)],
    )
    kpis = {line.kpi.name: line.now for line in get_board(tea.community_id, 7, clock.now()).kpis}
    assert (kpis["satisfaction"].value, kpis["satisfaction"].of) == (4, 3)
    assert (kpis["nps"].value, kpis["nps"].of) == (25, 4)
