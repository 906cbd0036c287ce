"""What the methods do, told by a client that knows nothing but the router."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from santong.fulfilment import public as fulfilment
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.signing import timestamp_of
from santong.openplatform.tests.factories import MadeApp, app_of, let_in
from santong.routing.tests.factories import World, make_world, new_order, promise
from santong.stores import public as stores
from santong.topgateway import errors
from santong.topgateway.tests.factories import APP_KEY, NOW, SECRET, Shop, code_of, send

TID = 2026010200000001


@pytest.fixture
def world(shop: Shop) -> World:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return make_world(shop.merchant_id, near=5, middle=5)


def order_at(world: World, **given: Any) -> list[fulfilment.FulfilmentOrder]:
    """An order of the trade's number, on its way to the places that send it."""
    with tenancy.scope(merchant_id=world.merchant_id):
        placed = promise(world, new_order(world, number=str(TID), **given))
        return fulfilment.start_order(merchant_id=world.merchant_id, order_id=placed.id, now=NOW)


def code_at(world: World, location_id: int) -> str:
    with tenancy.scope(merchant_id=world.merchant_id):
        known = stores.locations_by_id(merchant_id=world.merchant_id, location_ids=[location_id])
        return known[location_id].code


def report(world: World, work: fulfilment.FulfilmentOrder, **more: str) -> dict[str, Any]:
    lines = [
        {
            "tid": TID,
            "sub_oid": line.order_line_id,
            "store_id": code_at(world, work.location_id),
            "code": "0",
            **more,
        }
        for line in work.lines
    ]
    return {
        "tid": str(TID),
        "report_timestamp": "1767323045000",
        "sub_order_list": json.dumps(lines),
    }


def test_a_store_takes_its_part_of_a_trade_and_sends_it(shop: Shop, world: World) -> None:
    (work,) = order_at(world)

    taken = shop.result("taobao.omniorder.store.accpeted", **report(world, work))
    sent = shop.result(
        "taobao.omniorder.store.consigned",
        **report(world, work, logistic_no="SF1001", logistic_company_code="SF"),
    )
    trade = shop.result("taobao.trade.fullinfo.get", tid=str(TID))["trade"]

    assert (taken["err_code"], sent["err_code"], sent["data"]["mail_no"]) == ("0", "0", "SF1001")
    assert (trade["tid"], trade["status"]) == (TID, "WAIT_BUYER_CONFIRM_GOODS")
    assert trade["orders"]["order"][0]["oid"] == work.lines[0].order_line_id
    assert (trade["payment"], trade["num"]) == ("100.00", 1)


def test_a_copy_of_the_trades_is_kept_in_step(shop: Shop, world: World) -> None:
    """What is asked for at a moment has changed at that moment."""

    def changed(at: datetime, **more: Any) -> Any:
        start, end = (timestamp_of(now=each) for each in (at, at + timedelta(minutes=1)))
        name = "taobao.trades.sold.increment.get"
        return shop.result(name, start_modified=start, end_modified=end, **more)

    later = NOW + timedelta(minutes=5)
    (work,) = order_at(world)
    shop.result("taobao.omniorder.store.accpeted", **report(world, work))
    shop.result(
        "taobao.omniorder.store.consigned",
        at=later,
        **report(world, work, logistic_no="SF1001", logistic_company_code="SF"),
    )

    (sent,) = changed(later)["trades"]["trade"]
    waiting = changed(later, status="WAIT_SELLER_SEND_GOODS", use_has_next="true")
    nothing = changed(later + timedelta(minutes=1))

    assert (sent["tid"], sent["modified"]) == (TID, "2026-11-11 15:32:00")
    assert (waiting["trades"]["trade"], waiting["has_next"]) == ([], False)
    assert (nothing["trades"]["trade"], nothing["total_results"]) == ([], 0)
    long = shop.call(
        "taobao.trades.sold.increment.get",
        start_modified="2026-11-10 00:00:00",
        end_modified="2026-11-11 00:00:01",
    )
    assert long["error_response"]["sub_msg"].startswith("end_modified: ")


def test_what_a_store_refuses_is_asked_of_another(shop: Shop, world: World) -> None:
    (work,) = order_at(world)

    shop.result("taobao.omniorder.store.refused", **report(world, work))

    with tenancy.scope(merchant_id=world.merchant_id):
        works = fulfilment.work_of(merchant_id=world.merchant_id, order_id=work.order_id)
        levels = inventory.levels_at(
            merchant_id=world.merchant_id, places=[(world.near, world.sku_id)]
        )
    assert [(each.location_id, each.state) for each in works] == [
        (world.near, "declined"),
        (world.middle, "offered"),
    ]
    assert levels[world.near, world.sku_id].on_hand == 5


def test_head_office_gives_work_to_the_place_it_names(shop: Shop, world: World) -> None:
    with tenancy.scope(merchant_id=world.merchant_id):
        world.put(world.far, 5)
    (work,) = order_at(world)
    asked: dict[str, Any] = {
        "main_order_id": str(TID),
        "sub_order_ids": str(work.lines[0].order_line_id),
        "store_id": code_at(world, world.far),
    }

    done = shop.result("taobao.omniorder.store.reallocate", **asked)

    with tenancy.scope(merchant_id=world.merchant_id):
        works = fulfilment.work_of(merchant_id=world.merchant_id, order_id=work.order_id)
    assert done["result"]["code"] == "0"
    assert [(each.location_id, each.state) for each in works] == [
        (world.near, "cancelled"),
        (world.far, "offered"),
    ]


def test_the_same_report_again_has_its_first_answer(shop: Shop, world: World) -> None:
    (work,) = order_at(world)
    said = report(world, work)

    first = shop.answer("taobao.omniorder.store.accpeted", **said)
    again = shop.answer("taobao.omniorder.store.accpeted", **said)
    late = shop.call("taobao.omniorder.store.refused", **report(world, work, message="x"))

    assert first.content == again.content
    assert "omniorder_store_refused_response" in late


def test_one_call_that_comes_many_times_at_once_has_one_effect_and_one_answer(
    shop: Shop, world: World, at_once: Callable[..., list[Any]]
) -> None:
    line = {"bill_num": "B9", "sku_id": world.sku_id, "quantity": 3}
    place = {"warehouse_id": code_at(world, world.near), "store_inventories": [line]}
    stores_told = json.dumps([place])

    def tell() -> bytes:
        name = "taobao.qimen.storeinventory.itemupdate"
        return shop.answer(name, stores=stores_told).content

    answers = at_once(*[tell for _ in range(6)])

    assert len(set(answers)) == 1
    assert b'"failure":[]' in answers[0]
    assert stock_of(shop, world) == (8, 0)


def test_another_call_under_a_used_signature_is_forged(shop: Shop) -> None:
    """Names and values are signed without anything between them, so these two sign alike."""
    where = {"province": "浙江省", "city": "杭州市", "address": "文三路 1 号"}
    method = "taobao.place.store.create"
    said: dict[str, Any] = {"name": "店", "outer_code": "HZ1", "store_adress": json.dumps(where)}
    signed = shop.signed(method, **said, remark="abc")
    moved = {name: value for name, value in signed.items() if name != "remark"} | {"remarka": "bc"}

    first = send(f"/router/rest?{urlencode(signed)}", now=NOW)
    forged = send(f"/router/rest?{urlencode(moved)}", now=NOW)

    assert (code_of(first), code_of(forged)) == (0, errors.INVALID_SIGNATURE)


def test_a_line_that_is_not_at_the_store_is_named(shop: Shop, world: World) -> None:
    (work,) = order_at(world)
    said = report(world, work)
    said["sub_order_list"] = said["sub_order_list"].replace(
        code_at(world, world.near), code_at(world, world.far)
    )

    refused = shop.call("taobao.omniorder.store.accpeted", **said)["error_response"]
    unknown = shop.call("taobao.trade.fullinfo.get", tid="7")["error_response"]

    assert refused["code"] == errors.INVALID_ARGUMENTS
    assert refused["sub_msg"] == "sub_order_list[0].sub_oid: not at this store"
    assert (unknown["code"], unknown["sub_code"]) == (errors.REMOTE_ERROR, "isv.kernel.no-such")


def test_goods_are_handed_over_against_their_code_once(shop: Shop, world: World) -> None:
    (work,) = order_at(world, pickup_at=world.near)
    who: dict[str, Any] = {"merchant_id": world.merchant_id, "fulfilment_order_id": work.id}
    with tenancy.scope(merchant_id=world.merchant_id):
        fulfilment.accept(**who, now=NOW)
        fulfilment.start_picking(**who, now=NOW)
        picked = {line.order_line_id: line.quantity for line in work.lines}
        fulfilment.record_picked(**who, picked_by_line=picked, now=NOW)
        fulfilment.pack(**who, now=NOW)
        code = fulfilment.make_ready(**who, now=NOW).code
    query, consume = (f"taobao.omniorder.storecollect.{verb}" for verb in ("query", "consume"))

    found = shop.result(query, code=code.lower())["result"]
    wrong = shop.result(consume, main_order_id=str(TID), code="AAAA")
    handed = shop.result(consume, main_order_id=str(TID), code=code)
    again = shop.result(consume, main_order_id=str(TID), code=code, operator="x")
    used = shop.result(query, code=code)["result"]
    nobodys = shop.result(query, code="ZZZZ")["result"]

    assert (found["err_code"], found["data"]["main_order_id"]) == ("0", TID)
    assert (wrong["err_code"], handed["err_code"]) == ("CODE_WRONG", "0")
    assert again["err_code"] == used["err_code"] == "ALREADY_USED"
    assert nobodys["err_code"] == "CODE_NOT_FOUND"


def stock_of(shop: Shop, world: World) -> tuple[int, int]:
    asked = [
        {
            "warehouse_id": code_at(world, world.near),
            "store_inventories": [{"sku_id": world.sku_id}],
        }
    ]
    found = shop.result("taobao.qimen.storeinventory.itemquery", stores=json.dumps(asked))
    (store,) = found["stores"]["store"]
    (line,) = store["store_inventories"]["store_inventory"]
    (detail,) = line["quantity_details"]["quantity_detail"]
    return detail["quantity"], detail["occupy_quantity"]


@pytest.mark.parametrize("family", ["taobao.qimen", "taobao.jst.astrolabe"])
def test_a_store_tells_its_stock_and_one_bill_counts_once(
    shop: Shop, world: World, family: str
) -> None:
    def told(last: str, bill: str, quantity: int, **more: Any) -> Any:
        line = {"billNum": bill, "outerId": world.sku_code, "quantity": quantity, **more}
        place = {"warehouseId": code_at(world, world.near), "storeInventories": [line]}
        found = shop.result(f"{family}.storeinventory.{last}", stores=json.dumps([place]))
        return [
            (x["description"], x["bill_nums"]["bill_num"]) for x in found["failures"]["failure"]
        ]

    order_at(world)

    assert told("iteminitial", "B1", 20) == []
    assert told("itemupdate", "B2", -3) == []
    assert told("itemupdate", "B2", -3, bill_type="AGAIN") == [("IDEMPOTENT", ["B2"])]
    assert told("itemupdate", "B3", -100) == [("inventory.below_zero", ["B3"])]
    assert told("itemupdate", "B4", 1, inventoryType="UNCERTAINTY") == [
        ("isv.inventory-type-not-kept", ["B4"])
    ]
    assert told("itemupdate", "B5", 1, outerId="NONE") == [("isv.sku-not-exist", ["B5"])]
    assert stock_of(shop, world) == (17, 1)


def test_items_are_read_and_repriced(shop: Shop, world: World) -> None:
    order_at(world)
    (item,) = shop.result("taobao.items.onsale.get")["items"]["item"]
    whole = shop.result("taobao.item.seller.get", num_iid=str(item["num_iid"]))["item"]
    (sku,) = whole["skus"]["sku"]
    several = shop.result("taobao.item.skus.get", num_iids=str(item["num_iid"]))["skus"]["sku"]

    changed = shop.result(
        "taobao.item.sku.price.update",
        num_iid=str(item["num_iid"]),
        outer_id=world.sku_code,
        price="188.8",
    )["sku"]
    read = shop.result("taobao.item.sku.get", sku_id=str(world.sku_id))["sku"]

    assert several == [sku]
    assert (sku["sku_id"], sku["outer_id"], sku["quantity"]) == (world.sku_id, world.sku_code, 9)
    assert (changed["price"], read["price"]) == ("188.80", "188.80")


def test_trades_are_read_page_by_page_and_people_as_far_as_allowed(
    shop: Shop, world: World, merchant: int
) -> None:
    order_at(world)
    with tenancy.scope(merchant_id=merchant):
        promise(world, new_order(world, number="POS-7", is_paid=False))
    made = MadeApp(app=app_of(APP_KEY, now=NOW), secret=SECRET)
    blind = let_in(made, merchant, personal_data="none", now=NOW).session_key

    nothing = shop.result("taobao.trade.fullinfo.get", tid=str(TID), session=blind)["trade"]
    masked = let_in(made, merchant, personal_data="masked", now=NOW).session_key
    page: dict[str, Any] = {
        "start_created": "2026-11-11 00:00:00",
        "end_created": "2026-11-12 00:00:00",
    }
    first = shop.result("taobao.trades.sold.get", session=masked, page_size="1", **page)
    more = shop.result(
        "taobao.trades.sold.get", session=masked, page_size="1", use_has_next="true", **page
    )
    unpaid = shop.result("taobao.trades.sold.get", session=masked, status="WAIT_BUYER_PAY", **page)
    (trade,) = unpaid["trades"]["trade"]
    same = shop.result("taobao.trade.fullinfo.get", session=masked, tid=str(trade["tid"]))

    assert "receiver_name" not in nothing
    assert (first["total_results"], len(first["trades"]["trade"])) == (2, 1)
    assert (more["has_next"], "total_results" in more) == (True, False)
    assert (trade["out_number"], trade["tid"] > 9 * 10**18) == ("POS-7", True)
    assert same["trade"] == trade
    assert "钱小满" not in json.dumps(trade, ensure_ascii=False)
    assert trade["receiver_name"].startswith("钱")


def test_stores_and_warehouses_are_opened_changed_and_switched(shop: Shop) -> None:
    where = {"province": "浙江省", "city": "杭州市", "district": "西湖区", "address": "文三路 1 号"}
    place = "taobao.place.store"
    opened = shop.result(
        f"{place}.create", name="文三路店", outer_code="HZ9", store_adress=json.dumps(where)
    )["store"]
    number = str(opened["store_id"])

    renamed = shop.result(f"{place}.update", store_id=number, name="文三店", status="HOLD")["store"]
    switch = "taobao.omniorder.store.switchstatus"
    held = shop.result(f"{switch}.get", store_id=number)["result"]
    shop.result(f"{switch}.update", store_id=number, status="NORMAL")
    read = shop.result(f"{place}.get", store_id=number)["store"]
    added: dict[str, Any] = {
        "operate_type": "ADD",
        "store_code": "W1",
        "store_name": "萧山仓",
        "address": "建设一路 2 号",
        "address_area_name": "浙江省~杭州市~萧山区",
    }
    shop.result("taobao.inventory.store.manage", **added)
    shop.result(
        "taobao.inventory.store.manage", **{**added, "operate_type": "UPDATE", "store_name": "萧山"}
    )
    (warehouse,) = shop.result("taobao.inventory.store.query")["store_list"]["store"]
    twice = shop.answer(
        f"{place}.create", name="另一家", outer_code="HZ9", store_adress=json.dumps(where)
    )

    assert (renamed["name"], renamed["status"], held["status"]) == ("文三店", "HOLD", "HOLD")
    assert (read["status"], read["city"]) == ("NORMAL", "杭州市")
    assert (warehouse["store_code"], warehouse["store_name"]) == ("W1", "萧山")
    assert warehouse["address_area_name"] == "浙江省~杭州市~萧山区"
    assert code_of(twice) == errors.REMOTE_ERROR
