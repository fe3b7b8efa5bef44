"""The published counts of real and of hand-made orders, with every engine that an installation may choose."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qunying.insights.asking import scope_asked
from qunying.insights.lake import flush
from qunying.insights.measure import Open, get_metric, measure
from qunying.insights.tests.openers import OTHERS, opener
from qunying.pipeline.past.deeds import Wish, do_import_deeds
from tests.past.conftest import data

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(params=OTHERS)
def engine(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Open:
    """An engine over an empty lake; left out, with the reason, where it is not installed."""
    settings.HOME = tmp_path / "home"
    return opener(request.param)


def _ask(engine: Open, name: str, by: str = "") -> list[dict[str, Any]]:
    scope = scope_asked(group=None, community="茶铺", since="", until="", now=NOW, with_deeds=True)
    return measure(get_metric(name), scope, by, open_session=engine)


def _imported(path: Path, settings: Any) -> None:
    do_import_deeds(Wish(path, "茶铺"), NOW)
    flush(NOW, Path(settings.HOME) / "lake")


def test_five_orders_have_mean_median_and_p90_of_the_definition(engine: Open, tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "orders.csv"
    rows = [f"{n},u{n},2024-03-0{n},{amount},CNY,\n" for n, amount in enumerate((10, 20, 30, 40, 100), 1)]
    path.write_text("order_no,user,time,amount,currency,type\n" + "".join(rows), "utf-8")
    _imported(path, settings)
    (found,) = _ask(engine, "order_value")
    assert (found["value"], found["median"], found["p90"], found["highest"]) == (40, 30, 76, 100)


def test_every_purchase_of_cdnow_is_counted_to_the_cent(engine: Open, settings: Any) -> None:
    _imported(data("cdnow/CDNOW_master.txt"), settings)
    assert _ask(engine, "buyers") == [{"value": 23_570, "orders": 69_659}]
    assert [(row["value"], row["orders"]) for row in _ask(engine, "revenue")] == [(2_500_315.63, 69_659)]
    (repurchase,) = _ask(engine, "repurchase_rate")
    assert (repurchase["repeaters"], round(100 * repurchase["value"], 2)) == (11_516, 48.86)
    assert sum(row["value"] for row in _ask(engine, "orders", "day")) == 69_659
