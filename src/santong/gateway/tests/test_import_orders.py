"""Orders from files: streamed, listed where refused, and never doubled."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from santong.gateway.rules.order_rows import COLUMNS
from santong.gateway.tests.factories import make_document, make_stocked_shop
from santong.inventory import public as inventory
from santong.kernel import audit, cells, tenancy
from santong.orders import public as orders

Cells = dict[str, Any]


def code_of(merchant_id: int) -> str:
    (code,) = [
        entry.code
        for cell in cells.all_cells()
        for entry in cells.merchants_of(cell)
        if entry.merchant_id == merchant_id
    ]
    return code


def make_row(number: int, **given: Any) -> Cells:
    return {
        "storefront": "flagship",
        "external_number": f"TB{number}",
        "placed_at": "2026-11-11T15:20:00+08:00",
        "currency": "CNY",
        "sku": "COAT",
        "quantity": 1,
        "unit_price_minor": 19_900,
        "name": "李桂花",
        "phone": "13911112222",
        "city": "杭州市",
        "address": "文三路 90 号",
        **given,
    }


def write_csv(path: Path, rows: list[Cells], *, encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path: Path, merchant_id: int, *options: str) -> str:
    said = StringIO()
    call_command(
        "import_orders", str(path), "--merchant", code_of(merchant_id), *options, stdout=said
    )
    return said.getvalue()


def placed(merchant_id: int) -> list[orders.Order]:
    with tenancy.scope(merchant_id=merchant_id):
        return orders.orders_page(merchant_id=merchant_id, limit=200)


def rejects_of(path: Path) -> list[list[str]]:
    with path.with_name(f"{path.name}.rejects.csv").open(encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def test_a_table_of_orders_is_taken_in(merchant: int, tmp_path: Path) -> None:
    make_stocked_shop(merchant)
    path = write_csv(
        tmp_path / "orders.csv",
        [make_row(1), make_row(1, sku="SHIRT", quantity=2), make_row(2)],
    )

    said = run(path, merchant)

    second, first = placed(merchant)
    assert said.strip() == "2 orders new, 0 of them short of stock; 0 there already; 0 refused"
    assert [line.sku_code for line in first.lines] == ["COAT", "SHIRT"]
    assert second.external_number == "TB2"
    assert not (tmp_path / "orders.csv.rejects.csv").exists()
    with tenancy.scope(merchant_id=merchant):
        (entry,) = audit.trail_of(merchant_id=merchant, subject="order", subject_ids=[first.id])
    assert entry.actor_name == "File intake"


def test_the_same_file_again_doubles_nothing(merchant: int, tmp_path: Path) -> None:
    make_stocked_shop(merchant)
    path = write_csv(tmp_path / "orders.csv", [make_row(1), make_row(2)])
    run(path, merchant)
    write_csv(path, [make_row(1), make_row(2), make_row(3)])

    said = run(path, merchant)

    assert said.startswith("1 orders new, 0 of them short of stock; 2 there already")
    assert len(placed(merchant)) == 3


def test_what_is_refused_is_listed_by_line_and_column_and_the_rest_goes_in(
    merchant: int, tmp_path: Path
) -> None:
    make_stocked_shop(merchant)
    path = write_csv(
        tmp_path / "orders.csv",
        [
            make_row(1),
            make_row(2, quantity="two"),
            make_row(3, sku="HAT"),
            make_row(4, city=""),
            make_row(5, quantity=99),
            make_row(6),
        ],
    )

    with pytest.raises(CommandError, match="what was refused, and why"):
        run(path, merchant)

    assert [order.external_number for order in placed(merchant)] == ["TB6", "TB1"]
    assert rejects_of(path) == [
        ["3", "quantity", "TB2", "not_whole"],
        ["4", "sku", "TB3", "unknown"],
        ["5", "city", "TB4", "missing"],
        ["6", "", "TB5", "routing.out_of_stock"],
    ]
    listed = path.with_name("orders.csv.rejects.csv").read_text(encoding="utf-8")
    assert "李桂花" not in listed
    assert "13911112222" not in listed


def test_a_dry_run_says_what_would_happen_and_does_nothing(merchant: int, tmp_path: Path) -> None:
    make_stocked_shop(merchant)
    path = write_csv(tmp_path / "orders.csv", [make_row(1), make_row(2)])

    said = run(path, merchant, "--dry-run")

    assert said.startswith("2 orders would be new")
    assert placed(merchant) == []
    with tenancy.scope(merchant_id=merchant):
        assert inventory.check_invariants(merchant_id=merchant) == []


def test_json_lines_are_taken_in(merchant: int, tmp_path: Path) -> None:
    make_stocked_shop(merchant)
    path = tmp_path / "orders.jsonl"
    documents = [make_document(), make_document(currency="yuan"), make_document()]
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")

    with pytest.raises(CommandError):
        run(path, merchant)

    assert len(placed(merchant)) == 2
    assert [row[:2] + row[3:] for row in rejects_of(path)] == [["2", "/currency", "not_a_currency"]]


def test_a_file_of_an_old_spreadsheet_is_read_in_its_encoding(
    merchant: int, tmp_path: Path
) -> None:
    make_stocked_shop(merchant)
    path = write_csv(tmp_path / "orders.csv", [make_row(1)], encoding="gb18030")

    with pytest.raises(CommandError, match="is not utf-8-sig"):
        run(path, merchant)
    run(path, merchant, "--encoding", "gb18030")

    assert placed(merchant)[0].city == "杭州市"


def test_a_paid_order_short_of_stock_is_taken_in(merchant: int, tmp_path: Path) -> None:
    make_stocked_shop(merchant, on_hand=1)
    payment = {
        "payment_id": "WX1",
        "payment_minor": 200,
        "paid_at": "2026-11-11T15:25:00+08:00",
    }
    path = write_csv(
        tmp_path / "orders.csv", [make_row(1, quantity=2, unit_price_minor=100, **payment)]
    )

    said = run(path, merchant)

    assert said.startswith("1 orders new, 1 of them short of stock")
    assert placed(merchant)[0].state == "paid_without_stock"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("orders.xlsx", "", "give a .csv"),
        ("orders.csv", "sku\n", "line 1, storefront: missing"),
        ("orders.csv", ",".join(COLUMNS) + "\n" + "," * 99, "line 2: more_cells"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    merchant: int, tmp_path: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    with pytest.raises(CommandError, match=message):
        run(path, merchant)


def test_a_file_that_is_not_there_and_a_merchant_that_is_not_there(
    merchant: int, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "none.csv", merchant)
    with pytest.raises(CommandError, match="no merchant"):
        call_command("import_orders", str(tmp_path / "none.csv"), "--merchant", "nobody")


def test_two_runs_of_one_file_at_once_double_nothing(
    merchant: int, tmp_path: Path, at_once: Callable[..., list[Any]]
) -> None:
    make_stocked_shop(merchant, on_hand=30)
    path = write_csv(tmp_path / "orders.csv", [make_row(number) for number in range(20)])

    outcomes = at_once(
        *[
            lambda rejects=rejects: run(path, merchant, "--rejects", str(tmp_path / rejects))
            for rejects in ("a.csv", "b.csv")
        ]
    )

    assert all(isinstance(outcome, str) for outcome in outcomes), outcomes
    assert len(placed(merchant)) == 20
    with tenancy.scope(merchant_id=merchant):
        assert inventory.check_invariants(merchant_id=merchant) == []
        assert orders.check_invariants(merchant_id=merchant) == []
