"""An ERP hands its orders over to us, is down for a while, and hears all that it has to hear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from pytest_django.fixtures import Settings

from santong.kernel import tenancy
from santong.openplatform.tests.factories import make_app
from santong.qimen import public as qimen
from santong.qimen.services.tell_stock import send_stock_changes
from santong.qimen.spi.deliver import deliver
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.qimen_erp import Erp, listening
from tests.journeys.shop import Shop, open_shop
from tests.journeys.test_ship_from_store import send, work_of
from tests.pages.site import served_application

ORDER = (
    "<request><deliveryOrder><deliveryOrderCode>DO-1</deliveryOrderCode><orderType>JYCK</orderType>"
    "<warehouseCode>{warehouse}</warehouseCode><createTime>2026-11-11 11:00:00</createTime>"
    "<placeOrderTime>2026-11-11 10:55:00</placeOrderTime>"
    "<operateTime>2026-11-11 11:01:00</operateTime><shopNick>三通旗舰店</shopNick>"
    "<logisticsCode>SF</logisticsCode><freight>8.00</freight>"
    "<senderInfo><name>发货人</name><mobile>13800000001</mobile><province>上海</province>"
    "<city>上海市</city><detailAddress>南京西路 1 号</detailAddress></senderInfo>"
    "<receiverInfo><name>收货人</name><mobile>13800000002</mobile><province>浙江省</province>"
    "<city>杭州市</city><detailAddress>文一西路 969 号</detailAddress></receiverInfo>"
    "</deliveryOrder><orderLines><orderLine><ownerCode>O</ownerCode><itemCode>COAT</itemCode>"
    "<planQty>{quantity}</planQty><actualPrice>199.00</actualPrice></orderLine></orderLines>"
    "</request>"
)
QUERY = "<request><orderCode>DO-1</orderCode></request>"


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5, far=9)


@pytest.fixture
def erp(merchant: int, shop: Shop, settings: Settings) -> Iterator[Erp]:
    """An ERP that sells in our shop and is told of the stock of both our stores."""
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    made = make_app(merchant, now=datetime.now(UTC))
    tell_all()
    somebody = Erp(made.app_key, made.secret, f"c18{merchant:011}")
    with listening(somebody), served_application() as address:
        somebody.gateway = address
        caller(merchant).post(
            "/qimen-contracts",
            {
                "code": "erp",
                "name": "旺店通",
                "side": "erp",
                "app_key": somebody.app_key,
                "customer_id": somebody.customer_id,
                "url": somebody.url,
                "warehouses": [
                    {"code": "WH-SH", "location_code": "SH1"},
                    {"code": "WH-BJ", "location_code": "BJ1"},
                ],
                "storefront_by_shop": {"三通旗舰店": "flagship"},
                "carrier_by_code": {"SIM": "simulated"},
                "is_told_of_stock": True,
            },
            expect=201,
        )
        yield somebody


def later(minutes: int) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def send_waiting(merchant: int, *, in_minutes: int = 0) -> None:
    """What the worker does, as late as that."""
    tell_all()
    with tenancy.scope(merchant_id=merchant):
        send_stock_changes(merchant_id=merchant, now=datetime.now(UTC))
    deliver(merchant_id=merchant, clock=partial(later, in_minutes))


def order_of(office: Caller) -> dict[str, str]:
    (order,) = office.get("/orders")["items"]
    return {"id": order["id"], "state": order["state"]}


def test_an_order_of_an_erp_is_sent_from_the_named_place(
    merchant: int, shop: Shop, erp: Erp
) -> None:
    office = caller(merchant)
    clerk = caller(merchant, role="clerk", location_id=shop.far)

    short = erp.say("deliveryorder.create", ORDER.format(warehouse="WH-SH", quantity=6))
    taken = erp.say("deliveryorder.create", ORDER.format(warehouse="WH-BJ", quantity=2))
    again = erp.say("deliveryorder.create", ORDER.format(warehouse="WH-BJ", quantity=2))
    other = erp.say("deliveryorder.create", ORDER.format(warehouse="WH-BJ", quantity=3))
    tell_all()
    (work,) = work_of(clerk, order_of(office)["id"])
    erp.is_down = True
    send(clerk, work, "SIM-Q1")
    send_waiting(merchant)
    heard_while_down = list(erp.heard)
    erp.is_down = False
    send_waiting(merchant, in_minutes=30)
    read = erp.say("deliveryorder.query", QUERY)
    steps = erp.say("orderprocess.query", QUERY)
    cancelled = erp.say("order.cancel", QUERY)

    assert [answer.findtext("flag") for answer in (short, taken, again, other)] == [
        "failure",
        "success",
        "success",
        "failure",
    ]
    assert taken.findtext("deliveryOrderId") == again.findtext("deliveryOrderId")
    assert heard_while_down == []
    (confirmed,) = [each for each in erp.heard if each.method == "deliveryorder.confirm"]
    assert confirmed.is_signed
    assert confirmed.document.findtext(".//expressCode") == "SIM-Q1"
    assert confirmed.document.findtext(".//package/logisticsCode") == "SIM"
    assert confirmed.document.findtext(".//orderLine/actualQty") == "2"
    assert confirmed.document.findtext(".//confirmType") == "0"
    assert [each.method for each in erp.heard] == ["deliveryorder.confirm"]
    assert read.findtext(".//status") == "DELIVERED"
    assert [each.text for each in steps.iter("processStatus")] == [
        "ACCEPT",
        "PACKAGE",
        "DELIVERED",
    ]
    assert cancelled.findtext("flag") == "failure"
    assert_sound(merchant)


def test_an_erp_hears_what_others_did_to_stock_and_not_what_it_did(
    merchant: int, shop: Shop, erp: Erp
) -> None:
    office = caller(merchant)
    change = (
        "<request><items><item><ownerCode>O</ownerCode><warehouseCode>WH-SH</warehouseCode>"
        "<orderCode>X</orderCode><outBizCode>1</outBizCode><itemCode>COAT</itemCode>"
        "<quantity>-1</quantity></item></items></request>"
    )
    erp.say("stockchange.report", change)
    office.post(
        "/stock-adjustments",
        {
            "location_id": str(shop.near),
            "sku": shop.sku_code,
            "delta": -2,
            "reason": "found broken",
            "key": "broken-1",
        },
    )
    send_waiting(merchant)
    send_waiting(merchant)

    told = [each for each in erp.heard if each.method == "stockchange.report"]
    assert [each.document.findtext(".//quantity") for each in told[-1:]] == ["-2"]
    assert [item.text for each in told for item in each.document.iter("quantity")] == ["-2"]
    assert_sound(merchant)


def test_an_order_that_is_suspended_waits_and_one_that_is_cancelled_is_free(
    merchant: int, shop: Shop, erp: Erp
) -> None:
    office = caller(merchant)
    erp.say("deliveryorder.create", ORDER.format(warehouse="OTHER", quantity=1))
    pending = "<request><actionType>{}</actionType><orderCode>DO-1</orderCode></request>"

    held = erp.say("order.pending", pending.format("pending"))
    tell_all()
    while_held = office.get("/fulfilment-orders")["items"]
    freed = erp.say("order.pending", pending.format("restore"))
    cancelled = [erp.say("order.cancel", QUERY) for _ in range(2)]
    tell_all()

    assert [answer.findtext("flag") for answer in (held, freed, *cancelled)] == ["success"] * 4
    assert while_held == []
    assert order_of(office)["state"] == "cancelled"
    assert_sound(merchant)


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert qimen.check_invariants(merchant_id=merchant) == []
