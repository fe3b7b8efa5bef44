"""A table of notes about groups: recognised, every row accounted for, and taken back as one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.communities.bulk import do_undo_bulk
from qunying.communities.models import BulkEdit, Group
from qunying.communities.noting import notes_of
from qunying.journal.models import Fact
from qunying.kernel.errors import BadUse
from qunying.people.actions import Account, Seat, SeatNews, do_know, do_seat
from qunying.pipeline.past.deeds import is_deeds
from qunying.pipeline.past.registry import (
    Registry,
    do_import_registry,
    is_registry,
    list_homes_named,
    plan_registry,
    read_lines,
)
from tests.unit.test_registry import user

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def groups() -> list[int]:
    """Two groups on one carrier, and one of the same number on another."""
    home = do_found_community(name="茶友会", at=NOW)
    named = [("wechat", "r1", "轻食1群"), ("wechat", "r2", "轻食2群"), ("qq", "r1", "轻食QQ群")]
    return [
        do_register_group(home, NewGroup(carrier=carrier, ref=ref, carrier_name=name), at=NOW)
        for carrier, ref, name in named
    ]


def planned(*rows: str) -> Registry:
    return plan_registry(rows, list_homes_named(""))


def imported(*rows: str) -> Registry:
    found = planned(*rows)
    do_import_registry(found, agreed=found.plan.digest, at=NOW, user_id=None)
    return found


def left(found: Registry) -> list[tuple[int, str]]:
    return [(one.place, str(one.why)) for one in found.left]


def test_every_column_is_noted_when_it_is_known(groups: list[int]) -> None:
    head = "群名,群备注,城市,行业,公司,日期,标签,重要程度,权重,人数上限,群规,别的要记的,收起来"
    found = imported(
        head, '轻食1群,上海-轻食-01,上海,餐饮,"轻食，公司",2024年3月,体验课 付费,核心,88,200,通用,"周五\n聚会",是'
    )
    assert left(found) == []
    notes = notes_of(Group.objects.get(pk=groups[0]))
    assert (notes.remark, notes.city, notes.industry, notes.company) == ("上海-轻食-01", "上海", "餐饮", "轻食，公司")
    assert (notes.noted_on, notes.tags, notes.importance) == (date(2024, 3, 1), ("体验课", "付费"), 2)
    assert (notes.weight, notes.capacity, notes.rule_set, notes.is_folded) == (88, 200, "通用", True)
    assert notes.note == "周五\n聚会"


def test_empty_cells_leave_what_is_there(groups: list[int]) -> None:
    imported("群号,城市,权重,平台", "r2,上海,70,")
    imported("群号,城市,权重,平台", "r2,,60,")
    assert Group.objects.filter(pk=groups[1]).values_list("city", "weight").get() == ("上海", 60)


def test_every_row_that_is_left_out_says_its_line_and_why(groups: list[int]) -> None:
    who = do_know({Account("wechat", "an"): "安"}, NOW)[Account("wechat", "an")].id
    bo = do_know({Account("wechat", "bo"): "博"}, NOW)[Account("wechat", "bo")].id
    home = Group.objects.get(pk=groups[0]).community_id
    for one in (who, bo):
        do_seat({Seat(groups[0], one): SeatNews(home, "安", "", "member", is_present=True)})
    found = imported(
        "群号,群名,平台,权重,人数上限,日期,标签",
        "r1,,,1,,,",  # two groups of one number
        "r1,,wechat,,1,,",  # fewer than sit there
        ",轻食2群,,一百,,,",
        ",轻食2群,,101,,,",
        ",轻食2群,,,,去年春天,",
        ",轻食2群,,,,2024-02-30,",
        f",轻食2群,,,,,{'长' * 21}",
        ",没有的群,,1,,,",
        ",,,1,,,",
        ",轻食2群,,77,,,",
        "r2,,,78,,,",  # the same group again
    )
    assert [place for place, _ in left(found)] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    for (_place, why), said in zip(
        left(found),
        [
            "有 2 个群的编号",
            "群里已经有 2 人",
            "不是整数",
            "0 到 100",
            "看不懂日期",
            "看不懂日期",
            "太长",
            "没有叫",
            "没有写是哪个群",
            "第 11 行已经写过",
        ],
        strict=True,
    ):
        assert said in why
    assert list(Group.objects.order_by("pk").values_list("weight", flat=True)) == [50, 77, 50]
    assert Fact.objects.get(name="registry.imported").words["left"] == 10


def test_a_table_is_taken_back_as_one(groups: list[int]) -> None:
    imported("群号,平台,城市,日期", "r1,wechat,上海,2024-03-05", "r1,qq,北京,")
    do_undo_bulk(BulkEdit.objects.get().pk, at=NOW, user_id=user())
    assert list(Group.objects.values_list("city", "noted_on")) == [("", None)] * 3


def test_the_same_table_changes_nothing_when_it_comes_again(groups: list[int]) -> None:
    rows = ("群号,平台,城市", "r1,wechat,上海")
    imported(*rows)
    assert imported(*rows).plan.changes == ()
    assert BulkEdit.objects.count() == 1


@pytest.mark.parametrize("text", ["时间,内容\n2024-01-01,你好", "城市,权重\n上海,1", "群名\n轻食1群", ""])
def test_what_is_no_table_of_groups_is_refused(groups: list[int], text: str) -> None:
    with pytest.raises(BadUse):
        planned(*text.splitlines())


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        ("群名,城市,标签", True),
        ("群号\t备注\t权重", True),
        ("Group Name,City,Weight", True),
        ("时间,发送者,群名,内容", False),
        ("订单号,用户id,付款时间,金额", False),
        ("姓名,城市,公司", False),
        ("群名,日期", False),
    ],
)
def test_a_table_of_groups_is_told_from_chats_and_orders_by_its_columns(
    tmp_path: Path, head: str, *, is_one: bool
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(f"{head}\n1,2,3\n".encode("gb18030"))
    assert is_registry(path) is is_one
    assert not (is_one and is_deeds(path))


def test_the_command_reads_a_table_and_tells_of_every_row(
    groups: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "groups.csv"
    path.write_text("群号,平台,城市,谁\nr1,wechat,上海,x\nr9,wechat,北京,y\n", "utf-8")
    call_command("import", str(path), "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["changed"], told["unused_columns"]) == (2, 1, ["谁"])
    assert [one["line"] for one in told["left"]] == [3]
    assert Group.objects.get(pk=groups[0]).city == ""
    call_command("import", str(path))
    assert "第 3 行没有用上" in capsys.readouterr().out
    assert Group.objects.get(pk=groups[0]).city == "上海"
    with pytest.raises(BadUse, match="没有叫"):
        call_command("import", str(path), "--community", "不在")


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "groups.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(BadUse, match="CSV"):
        read_lines(path)
