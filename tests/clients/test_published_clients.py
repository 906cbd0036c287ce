"""Clients that others wrote for the Taobao Open Platform, given our address and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.openplatform.tests.factories import let_in, make_app
from santong.routing.tests.factories import World, make_world, new_order, promise
from santong.stores import public as stores
from tests.clients.calling import CLIENTS, Client

TID = 2026010200000001
INVALID_SIGNATURE, INVALID_METHOD, INVALID_SESSION = 25, 22, 27


@pytest.fixture
def client(request: pytest.FixtureRequest, router: str, merchant: int) -> Client:
    """The client of the test's name, for an application that the merchant has let in."""
    now = datetime.now(UTC)
    made = make_app(merchant, now=now)
    session = let_in(made, merchant, now=now).session_key
    return Client(request.param, router, made.app.app_key, made.secret, session)


@pytest.fixture
def world(merchant: int) -> World:
    with tenancy.scope(merchant_id=merchant):
        return make_world(merchant, near=5, middle=5)


def work_on_an_order(world: World) -> tuple[fulfilment.FulfilmentOrder, str]:
    """An order at the place that is asked to send it, and the place's code."""
    with tenancy.scope(merchant_id=world.merchant_id):
        placed = promise(world, new_order(world, number=str(TID)))
        (work,) = fulfilment.start_order(
            merchant_id=world.merchant_id, order_id=placed.id, now=datetime.now(UTC)
        )
        places = stores.locations_by_id(
            merchant_id=world.merchant_id, location_ids=[work.location_id]
        )
    return work, places[work.location_id].code


def report(work: fulfilment.FulfilmentOrder, place: str, **more: str) -> dict[str, str]:
    lines: list[dict[str, Any]] = [
        {"tid": TID, "sub_oid": line.order_line_id, "store_id": place, "code": "0", **more}
        for line in work.lines
    ]
    return {
        "tid": str(TID),
        "report_timestamp": "1767323045000",
        "sub_order_list": json.dumps(lines, ensure_ascii=False),
    }


@pytest.mark.parametrize("client", CLIENTS, indirect=True)
def test_a_store_order_is_taken_and_sent_and_its_stock_is_seen(
    client: Client, world: World
) -> None:
    work, place = work_on_an_order(world)
    asked = [{"warehouse_id": place, "store_inventories": [{"sku_id": world.sku_id}]}]

    stock = client.call("taobao.qimen.storeinventory.itemquery", stores=json.dumps(asked))
    taken = client.call("taobao.omniorder.store.accpeted", **report(work, place, operator="张三"))
    sent = client.call(
        "taobao.omniorder.store.consigned",
        **report(work, place, logistic_no="SF1001", logistic_company_code="SF"),
    )

    (root,) = stock
    assert root == "qimen_storeinventory_itemquery_response"
    (line,) = stock[root]["stores"]["store"][0]["store_inventories"]["store_inventory"]
    (detail,) = line["quantity_details"]["quantity_detail"]
    assert (detail["quantity"], detail["occupy_quantity"]) == (5, 1)
    assert taken["omniorder_store_accpeted_response"]["err_code"] == "0"
    assert sent["omniorder_store_consigned_response"]["data"]["mail_no"] == "SF1001"
    with tenancy.scope(merchant_id=world.merchant_id):
        now = fulfilment.work_by_id(merchant_id=world.merchant_id, fulfilment_order_id=work.id)
    assert now.state == "handed_over"


@pytest.mark.parametrize("client", CLIENTS, indirect=True)
def test_refusals_reach_the_caller_by_their_codes(client: Client) -> None:
    assert client.with_secret("0" * 32).refused("taobao.time.get") == INVALID_SIGNATURE
    assert client.refused("taobao.nobody.has.this") == INVALID_METHOD
    stranger = Client(client.name, client.url, client.key, client.secret, "6100nobodys")
    assert stranger.refused("taobao.crm.grade.get") == INVALID_SESSION
    assert "time" in client.call("taobao.time.get")["time_get_response"]
