"""Which order somebody means who types or scans something."""

from __future__ import annotations

from santong.aftersales.selectors.finding import orders_meant
from santong.aftersales.tests.factories import Bought, make_bought
from santong.catalog import public as catalog
from santong.orders.tests.factories import RECIPIENT
from santong.stagedsales.tests.factories import make_sale


def _found(bought: Bought, text: str) -> list[int]:
    return [each.id for each in orders_meant(merchant_id=bought.merchant_id, text=text)]


def test_goods_are_found_by_what_is_printed_on_them_with_the_buyers_telephone(
    merchant_id: int,
) -> None:
    bought = make_bought(merchant_id)
    line = bought.order.lines[0]
    (sku,) = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=[line.sku_id]).values()

    assert _found(bought, f"{line.sku_code} {RECIPIENT.phone}") == [bought.order.id]
    assert all(
        _found(bought, f"{printed} 138 0013 8000") == [bought.order.id] for printed in sku.barcodes
    )
    assert _found(bought, line.sku_code) == []
    assert _found(bought, f"{line.sku_code} 13900000000") == []
    assert _found(bought, RECIPIENT.phone) == [bought.order.id]


def test_a_staged_sale_finds_the_order_in_which_its_goods_went_out(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    sale = make_sale(merchant_id=merchant_id, order_id=bought.order.id).sale_id
    other = make_sale(merchant_id=merchant_id).sale_id

    assert _found(bought, f"stagedsale:{sale}") == [bought.order.id]
    assert _found(bought, f"stagedsale:{sale}-1") == [bought.order.id]
    assert _found(bought, f"stagedsale:{other}") == []
    assert _found(bought, "stagedsale:99999999999999999999") == []
