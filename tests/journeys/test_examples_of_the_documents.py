"""What README and how-to tell a reader to send is taken in."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from santong.catalog.tests.factories import make_sku
from santong.inventory import public as inventory
from santong.kernel import cells, tenancy
from santong.merchants.tests.factories import make_storefront
from santong.simulation.rules.demo import group
from santong.stores import public as stores
from tests.journeys.http import caller

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 7, 27, tzinfo=UTC)
SKUS = ["CX001-BK-M", "CX001-BK-L"]


@pytest.fixture
def like_the_demo(merchant: int) -> int:
    """A merchant with the demo's storefront, two of its SKUs, and a store that has them."""
    with tenancy.scope(merchant_id=merchant):
        make_storefront(merchant, code="h5")
        store = stores.open_location(
            merchant_id=merchant,
            code="HZ1",
            name="杭州店",
            kind="store",
            latitude=30.27,
            longitude=120.15,
            now=NOW,
        )
        skus = [make_sku(merchant_id=merchant, code=code) for code in SKUS]
        inventory.receive(
            merchant_id=merchant,
            location_id=store.id,
            quantity_by_sku={sku.id: 9 for sku in skus},
            reason="opening",
            key="open",
            now=NOW,
        )
    return merchant


def test_the_order_of_the_readme_is_promised_completely(like_the_demo: int) -> None:
    channel = caller(like_the_demo)

    placed = channel.post("/orders", order_of_the_readme(), expect=201)
    again = channel.post("/orders", order_of_the_readme(), expect=200)
    decisions = channel.get(f"/orders/{placed['order']['id']}/decisions")

    assert placed["promise"]["is_complete"]
    assert again["order"]["id"] == placed["order"]["id"]
    assert len(decisions["items"] if isinstance(decisions, dict) else decisions) == 1


def test_the_file_of_the_how_to_is_taken_in(like_the_demo: int, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(file_of_the_how_to(), encoding="utf-8")
    (code,) = [
        entry.code
        for cell in cells.all_cells()
        for entry in cells.merchants_of(cell)
        if entry.merchant_id == like_the_demo
    ]
    said = StringIO()

    call_command("import_orders", str(path), "--merchant", code, stdout=said)

    assert said.getvalue().startswith("1 orders new, 0 of them short of stock")


def test_the_examples_speak_of_what_the_demo_merchant_has() -> None:
    demo = group.demo_merchant(seed=7, week_ends_at=NOW)

    assert {line["sku_code"] for line in order_of_the_readme()["lines"]} <= {
        sku.code for sku in demo.skus
    }
    assert set(SKUS) <= {sku.code for sku in demo.skus}
    assert "h5" in {storefront.code for storefront in demo.storefronts}
    assert demo.code == "demo"


def order_of_the_readme() -> dict[str, list[dict[str, str]]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (document,) = re.findall(r"-d '(\{.*?\})'\n", text, flags=re.DOTALL)
    order: dict[str, list[dict[str, str]]] = json.loads(document)
    return order


def file_of_the_how_to() -> str:
    text = (ROOT / "docs/howto/hand-in-orders.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```csv\n(.*?)```", text, flags=re.DOTALL)
    return str(block)
