"""An ERP that speaks Qimen only keeps goods and stock, sends an order of ours, and reports it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_storefront
from santong.openplatform.tests.factories import make_app
from santong.orders import public as orders
from santong.qimen import public as qimen
from santong.qimen.spi.deliver import deliver
from santong.stores import public as stores
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.qimen_erp import Erp, listening
from tests.journeys.shop import order_document
from tests.pages.site import served_application

ITEM = (
    "<itemCode>{code}</itemCode><itemName>{name}</itemName><barCode>{barcode}</barCode>"
    "<itemType>ZC</itemType><goodsCode>G-{code}</goodsCode><tagPrice>199.00</tagPrice>"
    "<grossWeight>0.85</grossWeight>"
)
BILL = (
    "<request><userId>1</userId><operationTime>2026-11-11 10:00:00</operationTime><stores><store>"
    "<warehouseType>WAREHOUSE</warehouseType><warehouseId>WH-SH01</warehouseId><storeInventories>"
    "<storeInventory><billNum>{bill}</billNum><outerId>COAT</outerId>"
    "<inventoryType>CERTAINTY</inventoryType><quantity>{quantity}</quantity></storeInventory>"
    "</storeInventories></store></stores></request>"
)
CONFIRM = (
    "<request><deliveryOrder><deliveryOrderCode>{code}</deliveryOrderCode>"
    "<warehouseCode>WH-SH01</warehouseCode><orderType>JYCK</orderType><outBizCode>{biz}</outBizCode>"
    "<confirmType>{kind}</confirmType></deliveryOrder><packages><package>"
    "<logisticsCode>SF</logisticsCode><expressCode>{express}</expressCode></package></packages>"
    "<orderLines><orderLine><itemCode>COAT</itemCode><actualQty>{quantity}</actualQty><batchs>"
    "<batch><batchCode>B1</batchCode><actualQty>{quantity}</actualQty></batch></batchs></orderLine>"
    "</orderLines></request>"
)
CHANGE = (
    "<request><items><item><ownerCode>OWNER1</ownerCode><warehouseCode>WH-SH01</warehouseCode>"
    "<orderCode>BREAKAGE-1</orderCode><outBizCode>CH-1</outBizCode><itemCode>COAT</itemCode>"
    "<inventoryType>ZP</inventoryType><quantity>-1</quantity></item></items></request>"
)
BOMB = (
    '<!DOCTYPE request [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<request><orderCode>&b;</orderCode></request>"
)


@pytest.fixture
def erp(merchant: int, settings: Settings) -> Iterator[Erp]:
    """An ERP whose contract was made over REST, with a warehouse of its own."""
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    made = make_app(merchant, now=datetime.now(UTC))
    somebody = Erp(made.app_key, made.secret, f"c17{merchant:011}")
    with tenancy.scope(merchant_id=merchant):
        make_storefront(merchant, code="flagship")
        stores.open_location(
            merchant_id=merchant,
            code="SH01",
            name="上海仓",
            kind="warehouse",
            latitude=31.23,
            longitude=121.47,
            province="上海市",
            city="上海市",
            now=datetime.now(UTC),
        )
    with listening(somebody), served_application() as address:
        somebody.gateway = address
        yield somebody


def connect(office: Caller, erp: Erp) -> str:
    contract = office.post(
        "/qimen-contracts",
        {
            "code": "erp",
            "name": "旺店通",
            "side": "erp",
            "app_key": erp.app_key,
            "customer_id": erp.customer_id,
            "url": erp.url,
            "owner_code": "OWNER1",
            "warehouses": [{"code": "WH-SH01", "location_code": "SH01", "is_told_of_orders": True}],
            "storefront_by_shop": {"三通旗舰店": "flagship"},
        },
        expect=201,
    )
    return str(contract["id"])


def went_well(answer: Any) -> bool:
    assert answer.tag == "response"
    return bool(answer.findtext("flag") == "success")


def stock_by_erp(erp: Erp) -> tuple[int, int]:
    """What is free and what is promised, as the ERP is told."""
    answer = erp.say(
        "inventory.query",
        "<request><criteriaList><criteria><warehouseCode>WH-SH01</warehouseCode>"
        "<itemCode>COAT</itemCode><inventoryType>ZP</inventoryType></criteria></criteriaList>"
        "</request>",
    )
    free, promised = answer.findtext(".//quantity"), answer.findtext(".//lockQuantity")
    return int(free or -1), int(promised or 0)


def send_waiting(merchant: int) -> None:
    """What the worker does every two seconds."""
    tell_all()
    deliver(merchant_id=merchant, clock=lambda: datetime.now(UTC))
    tell_all()


def test_an_erp_keeps_goods_and_stock_and_sends_an_order(merchant: int, erp: Erp) -> None:
    office = caller(merchant)
    connect(office, erp)
    synced = [
        erp.say(
            "singleitem.synchronize",
            "<request><actionType>add</actionType><ownerCode>OWNER1</ownerCode><item>"
            + ITEM.format(code="COAT", name="红色大衣", barcode="6901234567892;C-1")
            + "</item></request>",
        ),
        erp.say(
            "items.synchronize",
            "<request><actionType>add</actionType><items><item>"
            + ITEM.format(code="SCARF", name="围巾", barcode="S-1")
            + "</item><item>"
            + ITEM.format(code="HAT", name="帽子", barcode="6901234567892")
            + "</item></items></request>",
            address="/qimen",
        ),
        erp.say("storeinventory.iteminitial", BILL.format(bill="B-1", quantity=10)),
        erp.say("storeinventory.itemupdate", BILL.format(bill="B-2", quantity=2)),
    ]
    placed = office.post("/orders", order_document(quantity=3), expect=201)["order"]
    send_waiting(merchant)

    (asked,) = erp.heard
    code = asked.document.findtext(".//deliveryOrderCode") or ""
    reported = [
        erp.say(
            "orderprocess.report",
            f"<request><order><orderCode>{code}</orderCode></order><process>"
            "<processStatus>PICK</processStatus>"
            "<operateTime>2026-11-11 11:00:00</operateTime></process></request>",
        ),
        erp.say(
            "deliveryorder.confirm",
            CONFIRM.format(code=code, biz="OB-1", kind=1, express="SF1", quantity=1),
        ),
        erp.say(
            "deliveryorder.confirm",
            CONFIRM.format(code=code, biz="OB-2", kind=0, express="SF2", quantity=2),
        ),
        erp.say("stockchange.report", CHANGE),
    ]
    before = (stock_by_erp(erp), office.get(f"/orders/{placed['id']}")["state"])
    repeated = erp.repeat_all()
    send_waiting(merchant)

    assert all(went_well(answer) for answer in synced + reported)
    assert synced[1].findtext(".//item/itemCode") == "HAT"
    assert (asked.method, asked.is_signed) == ("deliveryorder.create", True)
    assert asked.document.findtext(".//receiverInfo/name") == "钱小满"
    assert asked.document.findtext(".//orderLine/planQty") == "3"
    assert asked.document.findtext(".//orderLine/actualPrice") == "199.00"
    assert before == ((8, 0), "shipped")
    assert all(went_well(answer) for answer in repeated)
    assert stock_by_erp(erp) == (8, 0)
    assert len(erp.heard) == 1
    assert office.get(f"/orders/{placed['id']}")["state"] == "shipped"
    assert_sound(merchant)


def test_what_is_tampered_with_or_explodes_is_refused(merchant: int, erp: Erp) -> None:
    contract_id = int(connect(caller(merchant), erp))
    good = "<request><orderCode>DO1</orderCode></request>"
    erp.say("order.cancel", good)
    url, body = erp.sent[-1]

    tampered = erp.post(url, body.replace(b"DO1", b"DO2"))
    stranger = erp.post(url.replace("customerId=c", "customerId=d"), body)
    bomb = erp.say("order.cancel", BOMB)
    unknown = erp.say("nothing.at.all", good)
    wrong = erp.say("order.cancel", "<request><orderCode/></request>")

    assert [answer.findtext("flag") for answer in (tampered, stranger, bomb, unknown, wrong)] == (
        ["failure"] * 5
    )
    assert tampered.findtext("sub_code") == stranger.findtext("sub_code") == "sign-check-failure"
    assert "document type" in (bomb.findtext("message") or "")
    assert "nothing.at.all" in (unknown.findtext("message") or "")
    assert wrong.findtext("message") == "/request/orderCode: missing"
    with tenancy.scope(merchant_id=merchant):
        logged = qimen.messages_of(merchant_id=merchant, contract_id=contract_id)
    assert [(each.method, each.state) for each in logged] == [
        ("order.cancel", "refused"),
        ("unknown", "refused"),
        ("order.cancel", "refused"),
        ("order.cancel", "refused"),
    ]


def test_an_order_that_is_given_up_is_cancelled_there(merchant: int, erp: Erp) -> None:
    office = caller(merchant)
    connect(office, erp)
    erp.say(
        "singleitem.synchronize",
        "<request><actionType>add</actionType><item>"
        + ITEM.format(code="COAT", name="红色大衣", barcode="C-1")
        + "</item></request>",
    )
    erp.say("storeinventory.iteminitial", BILL.format(bill="B-1", quantity=5))
    placed = office.post("/orders", order_document(quantity=2), expect=201)["order"]
    send_waiting(merchant)
    office.post(f"/orders/{placed['id']}/cancel", {"reason": "买家不要了"})
    send_waiting(merchant)

    code = erp.heard[0].document.findtext(".//deliveryOrderCode") or ""
    late = erp.say(
        "deliveryorder.confirm",
        CONFIRM.format(code=code, biz="OB-1", kind=0, express="SF1", quantity=2),
    )

    assert [each.method for each in erp.heard] == ["deliveryorder.create", "order.cancel"]
    assert erp.heard[1].document.findtext("orderCode") == code
    assert erp.heard[1].document.findtext("orderId") == f"WMS-{code}"
    assert late.findtext("flag") == "failure"
    assert stock_by_erp(erp) == (5, 0)
    assert_sound(merchant)


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert qimen.check_invariants(merchant_id=merchant) == []
        assert orders.check_invariants(merchant_id=merchant) == []
