"""A table of orders is imported once, row by row accounted for, and counted exactly."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from openpyxl import Workbook

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.deeds.actions import NewDeed, do_keep_deeds, do_take_back_import
from qunying.deeds.models import Deed
from qunying.deeds.queries import list_deed_imports
from qunying.insights.asking import record_of, scope_asked
from qunying.insights.engines import chosen
from qunying.insights.journeys.catalogue import JOURNEYS
from qunying.insights.journeys.catalogue import Wish as Wanted
from qunying.insights.lake import flush
from qunying.insights.measure import Open, get_metric, measure
from qunying.insights.tests.openers import opener
from qunying.journal.models import Fact
from qunying.kernel.errors import BadUse
from qunying.people.actions import Account, Seat, SeatNews, do_know, do_seat
from qunying.pipeline.past import deeds, deeds_keeping
from qunying.pipeline.past.deeds import DeedTally, Wish, count_deeds, do_import_deeds, is_deeds
from qunying.talk.actions import NewMessage, do_keep_messages
from tests.past.conftest import data

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 1, tzinfo=UTC)
HEAD = "order_no,user,time,amount,currency,type"


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, settings: Any) -> Path:
    """An empty lake of its own."""
    settings.HOME = tmp_path / "home"
    return tmp_path / "home" / "lake"


def write(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


def imported(path: Path, source: str = "", timezone: str = "") -> DeedTally:
    return do_import_deeds(Wish(path, "茶铺", source, timezone), NOW)[0]


def ask(name: str, by: str = "", engine: Open = chosen.open, **names: str | None) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"group": None, "community": "茶铺", "since": "", "until": "", **names}
    return measure(get_metric(name), scope_asked(**asked, now=NOW, with_deeds=True), by, open_session=engine)


def sold() -> tuple[int, float]:
    """How many orders, and the revenue."""
    return ask("orders")[0]["value"], ask("revenue")[0]["value"]


def reasons(tally: DeedTally) -> dict[str, int]:
    return dict(tally.skipped)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="the lake counts; what is stored is tested with less")
def test_every_purchase_of_cdnow_is_counted_to_the_cent(lake: Path) -> None:
    path = data("cdnow/CDNOW_master.txt")
    assert is_deeds(path)
    tally = imported(path)
    assert (tally.new, len(tally.people), tally.duplicates, reasons(tally)) == (69_659, 23_570, 0, {})
    flush(NOW, lake)
    assert ask("buyers") == [{"value": 23_570, "orders": 69_659}]
    assert [(row["value"], row["orders"]) for row in ask("revenue")] == [(2_500_315.63, 69_659)]
    (repurchase,) = ask("repurchase_rate")
    assert (repurchase["repeaters"], round(100 * repurchase["value"], 2)) == (11_516, 48.86)
    assert sum(row["value"] for row in ask("revenue", "month")) == pytest.approx(2_500_315.63, abs=1e-6)
    assert sum(row["value"] for row in ask("orders", "day")) == 69_659


def test_five_orders_have_mean_median_and_p90_of_the_definition(tmp_path: Path) -> None:
    imported(
        write(
            tmp_path, *(f"{n},u{n},2024-03-0{n},{n_amount},CNY," for n, n_amount in enumerate([10, 20, 30, 40, 100], 1))
        )
    )
    (found,) = ask("order_value")
    assert (found["value"], found["median"], found["p90"], found["highest"], found["currency"]) == (
        40,
        30,
        76,
        100,
        "CNY",
    )


def test_told_again_nothing_is_doubled_and_what_contradicts_is_listed(tmp_path: Path) -> None:
    rows = [
        "1,a,2024-03-01 10:00,5,CNY,",
        "1,a,2024-03-01 10:00,5,CNY,",
        "2,b,2024-03-01 10:00,7,CNY,",
        ",c,2024-03-01,1,CNY,",
        ",c,2024-03-01,1,CNY,",
    ]
    path = write(tmp_path, *rows, "2,b,2024-03-01 10:00,8,CNY,")
    first = imported(path)
    assert (first.new, first.duplicates, reasons(first)) == (4, 1, {deeds.AGAIN: 1})
    assert first.examples[deeds.AGAIN] == "7: 2 b"
    again = imported(path)
    assert (again.new, again.duplicates, reasons(again)) == (0, 5, {deeds.AGAIN: 1})
    assert (Deed.objects.count(), ask("revenue")[0]["value"]) == (4, 14)


def test_two_shops_may_use_one_number(tmp_path: Path) -> None:
    path = write(tmp_path, "1,a,2024-03-01,5,CNY,")
    assert (imported(path, source="淘宝").new, imported(path, source="有赞").new) == (1, 1)
    assert [(row["source"], row["value"]) for row in ask("buyers", "source")] == [("有赞", 1), ("淘宝", 1)]


def test_currencies_are_told_apart_and_refunds_taken_off(tmp_path: Path) -> None:
    tally = imported(
        write(
            tmp_path,
            "1,a,2024-03-01,5,CNY,",
            "2,b,2024-03-01,5,USD,",
            "1,a,2024-03-02,2,CNY,退款",
            "4,b,2024-03-03,-1,USD,",
        )
    )
    assert (dict(tally.currencies), dict(tally.noted)) == ({"CNY": 2, "USD": 2}, {deeds.TURNED: 1})
    found = {row["currency"]: (row["gross"], row["refunded"], row["value"]) for row in ask("revenue")}
    assert found == {"CNY": (5, 2, 3), "USD": (5, 1, 4)}


def test_days_are_cut_in_the_zone_of_the_community(tmp_path: Path) -> None:
    imported(
        write(
            tmp_path,
            "1,a,2024-03-01T23:30:00Z,5,CNY,",
            "2,a,2024-03-02T08:00:00+08:00,5,CNY,",
            "3,a,2024-03-02 23:59,5,CNY,",
        )
    )
    assert [(row["day"], row["value"]) for row in ask("orders", "day")] == [("2024-03-02", 3)]
    assert ask("repurchase_rate")[0]["value"] == 0


def test_a_group_counts_its_own_people_and_the_community_all(tmp_path: Path) -> None:
    home = do_found_community(name="茶铺", at=NOW)
    group = do_register_group(home, NewGroup(carrier="sandbox", ref="g1", carrier_name="茶友"), at=NOW)
    member = do_know({Account("sandbox", "wx_chen"): "小陈"}, NOW)[Account("sandbox", "wx_chen")].id
    do_seat({Seat(group, member): SeatNews(home, "小陈", "", "member", is_present=True)})
    tally = imported(write(tmp_path, "1,wx_chen,2024-03-01,5,CNY,", "2,路人,2024-03-01,7,CNY,"))
    assert (len(tally.people), tally.members) == (2, {"wx_chen"})
    assert set(Deed.objects.values_list("identity_id", flat=True)) > {member}
    assert [row["value"] for row in ask("revenue", community=None, group="茶友")] == [5]
    assert [row["value"] for row in ask("revenue")] == [12]


def test_a_dry_run_foresees_what_the_import_does_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = count_deeds(Wish(write(tmp_path, "1,a,2024-03-01,5,CNY,", ",,2024-03-01,5,CNY,"), "茶铺"))
    assert (tally.kinds["order"], reasons(tally)) == (1, {"no_person": 1})
    assert not Deed.objects.exists()
    imported(write(tmp_path, "1,a,2024-03-01,5,CNY,", "2,b,2024-03-01,5,CNY,"))
    monkeypatch.setattr(deeds, "AT_ONCE", 2)
    rows = ["1,a,2024-03-01,5,CNY,", "2,b,2024-03-01,6,CNY,", "3,c,2024-03-02,7,USD,", "3,c,2024-03-02,7,USD,"]
    path = write(tmp_path, *rows, ",c,2024-03-02,-7,USD,", ",c,2024-03-02,-7,USD,")
    foreseen, done = count_deeds(Wish(path, "茶铺")), imported(path)
    assert foreseen.words() == done.words()
    assert dict(foreseen.sums) == dict(done.sums) == {("order", "USD"): (1, 70_000), ("refund", "USD"): (2, 140_000)}
    assert [(one.place, one.reason, one.before.before[2] if one.before else 0) for one in foreseen.left] == [
        (3, deeds.AGAIN, 50_000)
    ]


def test_what_an_import_brought_is_gone_from_every_count_when_it_is_taken_back(tmp_path: Path, lake: Path) -> None:
    first = write(tmp_path, "1,a,2024-03-01,5,CNY,", "2,b,2024-03-01,5,CNY,")
    imported(first)
    flush(NOW, lake)
    tally, brought = do_import_deeds(
        Wish(write(tmp_path, "1,a,2024-03-01,5,CNY,", "3,b,2024-03-01,9,CNY,", "4,,x,,,"), "茶铺"), NOW, user_id=None
    )
    flush(NOW, lake)
    assert (tally.new, sold()) == (1, (3, 19))
    assert do_take_back_import(brought, at=NOW, user_id=None) == 1
    assert sold() == (2, 10)
    assert ask("orders", engine=opener("clickhouse"))[0]["value"] == 2
    assert do_take_back_import(brought, at=NOW, user_id=None) == 0
    assert imported(write(tmp_path, "3,b,2024-03-01,9,CNY,")).new == 1
    assert sold() == (3, 19)
    assert [line.words["left"] for line in list_deed_imports(None, 9) if line.id == brought] == [[[4, "no_person"]]]


def test_a_workbook_brings_what_a_text_does(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["订单编号", "会员号", "付款时间", "实付金额", "币种"])
    sheet.append([1, "a", datetime(2024, 3, 1, 10), 5.5, "CNY"])
    sheet.append([20240301123456789, "b", datetime(2024, 3, 1, 10), 5.5, "CNY"])
    book.save(tmp_path / "订单.xlsx")
    assert is_deeds(tmp_path / "订单.xlsx")
    tally = imported(tmp_path / "订单.xlsx")
    assert (tally.new, reasons(tally), tally.left[0].place) == (1, {"blunt_number": 1}, 3)
    assert imported(write(tmp_path, "1,a,2024-03-01 10:00,5.5,CNY,")).duplicates == 1
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99))
    with pytest.raises(BadUse, match="老的"):
        imported(tmp_path / "old.xls")


def test_answers_are_kept_with_their_score_and_bad_ones_listed(tmp_path: Path) -> None:
    rows = [
        "a,2024-03-01,满意度,5",
        "b,2024-03-01,满意度,０",
        "c,2024-03-01,NPS,0",
        "d,2024-03-01,NPS,",
        "e,2024-03-01,访问,9",
    ]
    tally = imported(write(tmp_path, *rows, "f,2024-03-01,满意度,4.5", head="会员号,时间,事件,评分"))
    assert [(one.place, one.reason) for one in tally.left] == [(3, "bad_score"), (5, "no_score"), (7, "bad_score")]
    assert list(Deed.objects.order_by("pk").values_list("kind", "score")) == [
        ("satisfaction", 5),
        ("nps", 0),
        ("访问", None),
    ]


def test_a_file_that_is_none_or_a_zone_that_is_none_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadUse, match="没有时间列"):
        imported(write(tmp_path, "a,5", head="user,amount"))
    with pytest.raises(BadUse, match="时区"):
        imported(write(tmp_path, "1,a,2024-03-01,5,CNY,"), timezone="Mars")
    with pytest.raises(BadUse):
        imported(tmp_path / "none.csv")
    assert not Fact.objects.exists()


def test_an_import_that_was_broken_off_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "AT_ONCE", 10)
    rng = random.Random(3)
    path = write(
        tmp_path,
        *(f",u{rng.randrange(4)},2024-03-0{rng.randrange(1, 4)},{rng.randrange(1, 4)},CNY," for _ in range(45)),
    )
    calls = iter([None, None, KeyboardInterrupt()])
    kept = do_keep_deeds

    def keep(*new: Any) -> Any:
        stop = next(calls, None)
        if stop:
            raise stop
        return kept(*new)

    monkeypatch.setattr(deeds_keeping, "do_keep_deeds", keep)
    with pytest.raises(KeyboardInterrupt):
        imported(path)
    assert Deed.objects.count() == 20
    tally = imported(path)
    assert (tally.new, tally.duplicates, Deed.objects.count()) == (25, 20, 45)


def test_rows_of_one_order_add_up_when_numbers_are_left_aside(tmp_path: Path) -> None:
    path = write(tmp_path, "1,a,2024-03-01,5,CNY,", "1,a,2024-03-01,7,CNY,")
    assert reasons(imported(path)) == {deeds.AGAIN: 1}
    tally, _ = do_import_deeds(Wish(path, "别家", columns={"order": ""}), NOW)
    assert (tally.new, reasons(tally)) == (2, {})


def test_a_deed_is_kept_once_when_two_imports_tell_of_it_at_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "1,a,2024-03-01,5,CNY,", ",b,2024-03-01,7,CNY,")
    imported(path)
    monkeypatch.setattr("qunying.deeds.sorting.rows.select", lambda *_: [])  # neither has seen what the other kept
    deed = Deed.objects.get(key="1")
    told = NewDeed(deed.community_id, deed.identity_id, "", "order", "1", deed.at, deed.amount, "CNY")
    do_keep_deeds([told])
    assert Deed.objects.count() == 2


def test_first_times_before_the_first_word_count_when_a_group_is_asked_about(tmp_path: Path) -> None:
    home = do_found_community(name="茶铺", at=NOW)
    group = do_register_group(home, NewGroup(carrier="sandbox", ref="g1", carrier_name="茶友"), at=NOW)
    member = do_know({Account("sandbox", "wx_chen"): "小陈"}, NOW)[Account("sandbox", "wx_chen")].id
    do_seat({Seat(group, member): SeatNews(home, "小陈", "", "member", is_present=True)})
    said = datetime(2024, 4, 2, 4, tzinfo=UTC)
    do_keep_messages(
        [NewMessage(community_id=home, group_id=group, sender_id=member, source_key="m", at=said, text="早")]
    )
    imported(write(tmp_path, "1,wx_chen,2024-03-01,5,CNY,", "2,wx_chen,2024-04-03,5,CNY,"))
    (told,) = (one for one in JOURNEYS if one.name == "retention")
    scope = scope_asked(group="茶友", community=None, since="2024-04-01", until="2024-04-30", now=NOW)
    wish = Wanted(start="order", back="order", every="month")
    assert told.count(wish, scope, record_of(scope, NOW)[0]) == []  # the first order was in March


def test_who_is_no_account_of_the_community_is_told_and_kept(tmp_path: Path) -> None:
    tally = imported(write(tmp_path, *(f"{n},u{n % 7},2024-03-01,5,CNY," for n in range(9))))
    strangers = tally.words()["strangers"]
    assert strangers == {"reason": "no_such_account", "count": 7, "examples": ["u0", "u1", "u2", "u3", "u4"]}
    assert Deed.objects.count() == 9
