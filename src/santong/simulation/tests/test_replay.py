from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from santong.kernel import cells, tenancy
from santong.orders import public as orders
from santong.routing import public as routing
from santong.simulation.contracts import Progress
from santong.simulation.errors import NothingToReplay
from santong.simulation.rules.replay.priced import tariff_of
from santong.simulation.rules.report.contents import ReplayReport
from santong.simulation.services.begin_process import without_waiting_for_disk
from santong.simulation.services.run_replay import Wanted, run_replay
from santong.simulation.tests.factories import make_olist_files

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
ORDERS = 12


def silent(_title: str, _total: int) -> Progress:
    return lambda _done: None


@pytest.fixture
def published_files(tmp_path: Path) -> Path:
    """Twelve orders of one product, one of them of two pieces, and an order without lines."""
    numbers = [f"order-{number}" for number in range(2, ORDERS + 1)]
    return make_olist_files(
        tmp_path,
        rows={
            "orders": [
                *({"order_id": number} for number in numbers),
                {"order_id": "without-lines"},
            ],
            "order_items": [
                *({"order_id": number} for number in numbers),
                {"order_id": "order-2", "order_item_id": "2"},
            ],
            "order_payments": [{"order_id": number} for number in numbers],
        },
    )


def replayed(directory: Path, code: str | None, acknowledged: list[str]) -> ReplayReport:
    return run_replay(
        wanted=Wanted(directory=directory, merchant_code=code),
        now=NOW,
        bars=silent,
        acknowledge=lambda number, _order_id: acknowledged.append(number),
    )


@pytest.fixture
def code(database: None) -> str:
    return f"replay-{uuid.uuid4().hex[:12]}"


def test_every_order_goes_through_the_doors_and_nothing_is_oversold(
    published_files: Path, code: str
) -> None:
    acknowledged: list[str] = []

    report = replayed(published_files, code, acknowledged)

    assert report.live is not None
    assert report.live.orders_placed == ORDERS
    assert len(set(acknowledged)) == ORDERS
    assert report.live.pieces_wanted == ORDERS + 1
    assert 0 < report.live.pieces_promised <= min(ORDERS + 1, sum(report.world.stock.values()))
    assert report.live.accepted + sum(report.live.declined.values()) >= report.live.parcels
    assert report.live.oversold_pieces == 0
    assert report.live.findings == ()


def test_live_orders_are_routed_by_the_freight_that_was_fitted(
    published_files: Path, code: str
) -> None:
    report = replayed(published_files, code, [])

    merchant_id = cells.merchant_by_code(code).merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        policy = routing.current_policy(merchant_id=merchant_id)
        placed = orders.orders_page(merchant_id=merchant_id, limit=100)
        (decision, *_) = routing.decisions_of(merchant_id=merchant_id, order_id=placed[0].id)
    assert report.rates.parcel_micro_per_km > 0
    assert policy.tariff == decision.sourcing.tariff == tariff_of(rates=report.rates)
    (parcel,) = decision.choice.parcels
    grams = report.world.goods["product-1"].weight_grams
    (candidate,) = (
        each for each in decision.sourcing.candidates if each.location_id == parcel.location_id
    )
    assert decision.choice.cost_milli == report.rates.parcel_cost_milli(
        metres=candidate.distance_metres, grams=grams
    )


def test_a_run_that_goes_on_places_nothing_twice(published_files: Path, code: str) -> None:
    first = replayed(published_files, code, [])

    second = replayed(published_files, code, [])

    merchant_id = cells.merchant_by_code(code).merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        placed = orders.orders_page(merchant_id=merchant_id, limit=100)
    assert first.live is not None
    assert second.live is not None
    assert len(placed) == ORDERS
    assert second.live.findings == ()


def test_policies_can_be_compared_without_a_database(published_files: Path) -> None:
    report = replayed(published_files, None, [])

    assert report.live is None
    assert [outcome.name for outcome in report.comparison.outcomes] == [
        "as sold",
        "nearest per line",
        "rule engine",
        "myopic",
        "dual prices",
    ]
    sent = {outcome.pieces_sent for outcome in report.comparison.outcomes[1:]}
    assert len(sent) == 1
    for outcome in report.comparison.outcomes[1:]:
        assert outcome.cost_milli >= report.comparison.bound_milli


def test_files_without_a_whole_order_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    make_olist_files(tmp_path / "empty")
    header = (tmp_path / "empty" / "order_items.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "empty" / "order_items.csv").write_text(f"{header}\n", encoding="utf-8")

    with pytest.raises(NothingToReplay):
        replayed(tmp_path / "empty", None, [])


def test_what_does_not_wait_for_the_disk_waits_again_afterwards(database: None) -> None:
    def waits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            (found,) = cursor.fetchone()
        return str(found)

    before = waits()
    with without_waiting_for_disk():
        meanwhile = waits()

    assert meanwhile == "off"
    assert waits() == before
