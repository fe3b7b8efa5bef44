"""Why somebody left is said on their page or in the group's list, or by a table; it counts, and can be taken back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook

from qunying.insights.churn.cases import Case, Sides, whys_of
from qunying.insights.kpis.board import get_board
from qunying.insights.scope import scope_of
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.people.leaving import REASONS, list_whys
from qunying.people.leaving_table import do_read_whys
from qunying.people.models import LeaveReason, Membership
from tests import cast
from tests.screens.community_pages import page, send
from tests.screens.conftest import counted, signed_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(tea: cast.Tea) -> list[Membership]:
    """安安 and 阿博 left by themselves a day ago; 陈晨 was removed by 小李 then."""
    with cast.clock_stands(clock.now() - timedelta(days=1)):
        cast.arrive([cast.join(f"j{who}", who) for who in ("li", "an", "bo", "chen")])
        cast.told()
        cast.arrive([cast.leave("lan", "an"), cast.leave("lbo", "bo"), cast.leave("lchen", "chen", operator="li")])
        cast.told()
        counted()
    return [Membership.objects.get(group=tea.first, identity__ref=who) for who in ("an", "bo", "chen")]


def test_a_reason_is_said_changed_and_taken_back(tea: cast.Tea, gone: list[Membership]) -> None:
    client = signed_in_as("boss", "owner")
    seat = gone[0]
    address = (seat.identity.person_id, seat.pk)
    assert "写下为什么走" in page(client, "person", address[0])
    assert "为什么？" in page(client, "group-members", tea.first, query="?state=left")
    assert "选一个原因" in send(client, "person-why", *address, status=422)
    assert "写一句是什么" in send(client, "person-why", *address, status=422, reason="other", words=" ")
    send(client, "person-why", *address, reason="noise", words="一天 500 条")
    assert "消息太多、太吵：一天 500 条" in page(client, "group-members", tea.first, query="?state=left")
    send(client, "person-why", *address, reason="moved", words="")
    html = page(client, "person-why", *address)
    assert all(
        words in html for words in ("换到别的群或别的号 · boss同学", 'name="words" value=""', 'value="moved" checked')
    )
    said = list_whys([seat.pk])[seat.pk]
    send(client, "person-unwhy", address[0], said.id)
    assert list_whys([seat.pk]) == {}
    names = list(Fact.objects.filter(name__startswith="leaving.").order_by("pk").values_list("name", flat=True))
    assert names == ["leaving.noted", "leaving.noted", "leaving.taken_back"]
    assert page(client, "person-why", address[0], Membership.objects.filter(is_present=True)[0].pk, status=404)


def test_shares_by_reason_stand_beside_the_leave_rate_and_the_rest_is_not_known(
    tea: cast.Tea, gone: list[Membership]
) -> None:
    client = signed_in_as("boss", "owner")
    for seat in (gone[0], gone[2]):
        send(client, "person-why", seat.identity.person_id, seat.pk, reason="ads", words="")
    (line,) = (one for one in get_board(tea.community_id, 28, clock.now()).kpis if one.kpi.name == "leave_rate")
    parts = dict(line.now.parts)
    assert (parts["removed"], parts["why:ads"], parts["why:unknown"]) == (
        1,
        1,
        1,
    )  # a removal's reason is no reason to leave
    html = page(client, "community-left", tea.community_id)
    assert "近 28 天走了 3 人，2 人知道为什么" in html
    assert all(words in html for words in ("广告太多 1", "不知道为什么 1", "被移出的 1", "33%"))
    scope = scope_of([tea.first], clock.now() - timedelta(days=7), clock.now())
    cases = Sides((case(gone[0]), case(gone[1])), (), 2, 0, 1)
    assert dict(whys_of(cases, scope)) == {"ads": 1}


def case(seat: Membership) -> Case:
    return Case(seat.group_id, seat.identity_id, clock.now())


def test_a_table_says_it_of_many_and_every_other_row_is_listed(tea: cast.Tea, gone: list[Membership]) -> None:
    client = signed_in_as("boss", "owner")
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["账号", "群", "原因", "说明"],
        ["an", None, "太吵", "消息多"],
        ["bo", None, "不喜欢", None],
        ["没有这个人", None, "太吵", None],
        ["bo", "没有这个群", "太吵", None],
        ["li", None, "太吵", None],
    ):
        sheet.append(row)
    book.save(file)
    for told in ("新写下 1 个人为什么走", "1 个早就这样写着"):
        html = send(
            client, "community-left", tea.community_id, status=200, file=SimpleUploadedFile("走.xlsx", file.getvalue())
        )
        assert told in html
    wrong = ("不认得「不喜欢」这个原因", "没有账号是「没有这个人」", "没有叫「没有这个群」的群", "还在，没有离开过")
    assert all(words in html for words in wrong)
    assert list(LeaveReason.objects.values_list("reason", "words", "source")) == [("noise", "消息多", "走.xlsx")]
    bad = SimpleUploadedFile("a.csv", "账号,群\nan,x\n".encode())
    assert "「原因」这一列" in send(client, "community-left", tea.community_id, status=422, file=bad)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_table_may_name_reasons_as_the_pages_do(tea: cast.Tea, gone: list[Membership], language: str) -> None:
    with translation.override(language):
        names = {code: translation.gettext(name) for code, name in REASONS.items()}
    for code, name in names.items():
        table = f"account,reason,note\nan,{name},{code}\n".encode()
        read = do_read_whys(table, tea.community_id, source="t.csv", user_id=None, at=clock.now())
        assert (read.new, read.wrong) == (1, ())
        assert list_whys([gone[0].pk])[gone[0].pk].reason == code
