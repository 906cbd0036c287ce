"""A wooden door: deposit, store, contract in four stages, goods, the fitter, and who gets what."""

from __future__ import annotations

import base64
import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from santong.catalog.tests.factories import make_sku
from santong.evidence.tests.factories import make_photo
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_dealer, make_staff
from santong.settlement import public as settlement
from santong.stores.tests.factories import make_location
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import Shop, open_shop
from tests.journeys.test_a_deposit_becomes_a_contract import Buyer, code_on
from tests.journeys.test_ship_from_store import send, work_of
from tests.journeys.workers import let_providers_work

PRICE = 1_280_000
PLAN = {
    "code": "door",
    "name": "实木门定制",
    "currency": "CNY",
    "deposit_minor": 50_000,
    "credited_to": 1,
    "category": "木门",
    "stages": [
        {"name": "首款", "basis": "percent", "share_bp": 3_000, "due": "signing"},
        {
            "name": "发货款",
            "basis": "percent",
            "share_bp": 4_000,
            "due": "milestone",
            "gates_delivery": True,
            "waits_for_acceptance": False,
        },
        {
            "name": "安装款",
            "basis": "percent",
            "share_bp": 2_000,
            "due": "delivery",
            "silence_days": 3,
        },
        {"name": "尾款", "basis": "remainder", "due": "acceptance", "silence_days": 3},
    ],
    "refunds": {"paid_kept_bp": 1_000},
    "reason": "opening",
}
AT_ACCEPTANCE = settlement.Due(basis="acceptance", days=0)
RULES = settlement.SharingTerms(
    rules=(
        settlement.Rule(code="dealer", role="dealer", rate_bp=1_000, due=AT_ACCEPTANCE),
        settlement.Rule(
            code="fitting",
            role="installer",
            rate_bp=5_000,
            due=AT_ACCEPTANCE,
            when=settlement.When(categories=("木门/安装款",)),
        ),
    ),
    rest_due=AT_ACCEPTANCE,
)
HOME = {"latitude": 31.2304, "longitude": 121.4737}
WALLET = {
    "code": "wallet",
    "provider": "simulated",
    "method": "wechat_pay",
    "name": "微信支付（模拟）",
    "currency": "CNY",
    "settings": {"pace_permille": "0"},
    "secrets": {"secret": "a secret of nobody"},
}
FITTING = {
    "code": "door-fitting",
    "name": "木门安装",
    "work_minutes": 120,
    "skills": ["door"],
    "needs_goods_arrived": True,
    "needs_code": True,
    "needs_photos": True,
}
FITTER = {
    "provider_code": "anju",
    "code": "li",
    "name": "李师傅",
    "skills": ["door"],
    "home": HOME,
}
ALL_DAY = {"rule": "FREQ=DAILY", "begins": "08:00", "ends": "20:00", "valid_from": "2026-01-01"}
ADDRESS = {
    "province": "上海市",
    "city": "上海市",
    "district": "黄浦区",
    "address": "测试路 1 号",
    **HOME,
}
VISIT = {
    "service_type": "door-fitting",
    "contact": {"name": "钱小满", "phone": "19900001111"},
    "place": ADDRESS,
    "wait_for_goods": True,
}
GOODS = {
    "goods": [{"sku_code": "DOOR", "quantity": 1}],
    "recipient": {"name": "钱小满", "phone": "19900001111", **ADDRESS},
}
_colours = itertools.cycle(["teal", "navy", "olive", "maroon", "sienna"])


@dataclass
class House:
    """Everybody who takes part."""

    merchant: int
    shop: Shop
    office: Caller
    clerk: Caller
    fitter: Caller
    store: int
    dealer_staff: int


def token_of(merchant: int, staff_id: int, role: str) -> Caller:
    with tenancy.scope(merchant_id=merchant):
        made = merchants.create_token(
            merchant_id=merchant,
            staff_id=staff_id,
            name="phone",
            permissions=merchants.PERMISSIONS_BY_ROLE[role],
            now=datetime.now(UTC),
        )
    return Caller(made.secret)


@pytest.fixture
def house(merchant: int) -> House:
    """A dealer's store that sells doors out of the merchant's stock, and a fitter of a provider."""
    shop = open_shop(merchant)
    office = caller(merchant)
    with tenancy.scope(merchant_id=merchant):
        dealer = make_dealer(merchant, code="east")
        store = make_location(merchant_id=merchant, code="DOORS", dealer_id=dealer.id)
        door = make_sku(merchant_id=merchant, code="DOOR")
        inventory.receive(
            merchant_id=merchant,
            location_id=shop.near,
            quantity_by_sku={door.id: 1},
            reason="opening",
            key="door",
            now=datetime.now(UTC),
        )
        settlement.publish_rules(
            merchant_id=merchant, terms=RULES, reason="opening", now=datetime.now(UTC)
        )
        fitter = make_staff(merchant, role="technician", login="fitter")
        boss = make_staff(merchant, role="provider", login="boss")
        of_dealer = make_staff(merchant, role="dealer", login="dealer", dealer_id=dealer.id)
    office.post("/payments/accounts", WALLET, expect=201)
    office.post("/stage-plans", PLAN, expect=201)
    office.post("/service-types", FITTING)
    office.post(
        "/service-providers",
        {"code": "anju", "name": "安居安装", "staff_ids": [str(boss.id), str(fitter.id)]},
    )
    technician = office.post("/technicians", FITTER | {"staff_id": str(fitter.id)})
    office.post(f"/technicians/{technician['id']}/hours", {"hours": [ALL_DAY]})
    return House(
        merchant=merchant,
        shop=shop,
        office=office,
        clerk=caller(merchant, role="store_manager", location_id=store.id),
        fitter=token_of(merchant, fitter.id, "technician"),
        store=store.id,
        dealer_staff=of_dealer.id,
    )


def photo(who: Caller, path: str) -> str:
    content = base64.b64encode(make_photo(colour=next(_colours))).decode()
    body = {"kind": "photo", "name": "photo.jpg", "content_base64": content}
    return str(who.post(f"{path}/evidence", body, expect=201)["id"])


def signed(house: House) -> tuple[str, Buyer]:
    """The deposit is paid online, its code taken in the store, the contract signed there."""
    made = house.office.post(
        "/staged-sales",
        {
            "stage_plan_code": "door",
            "storefront_code": "flagship",
            "buyer": {"name": "钱小满", "phone": "19900001111"},
        },
        expect=201,
    )
    sale_id = made["sale"]["id"]
    buyer = Buyer(house.merchant, house.office, made["buyer_path"])
    buyer.pay(0)
    house.clerk.post(
        "/staged-sale-redemptions",
        {
            "code": code_on(buyer.page()),
            "location_id": str(house.store),
            "device": "phone-1",
            "nonce": "1",
        },
    )
    house.clerk.post(
        f"/staged-sales/{sale_id}/contract",
        {
            "number": "DOOR-2026-1",
            "amount_minor": PRICE,
            "signed_on": datetime.now(UTC).date().isoformat(),
            "photo_ids": [photo(house.clerk, f"/staged-sales/{sale_id}")],
        },
        expect=201,
    )
    return sale_id, buyer


def finish(house: House, sale_id: str, stage: int) -> None:
    ids = [photo(house.clerk, f"/staged-sales/{sale_id}")]
    house.clerk.post(f"/staged-sales/{sale_id}/stages/{stage}/milestone", {"photo_ids": ids})


def deliver(house: House, order_id: str) -> None:
    """The place that has the door sends it, and the carrier brings it."""
    tell_all()
    keeper = caller(house.merchant, role="clerk", location_id=house.shop.near)
    (work,) = work_of(keeper, order_id)
    send(keeper, work, "SIM-DOOR")
    house.office.post(
        "/carrier-events",
        {
            "carrier": "simulated",
            "tracking_number": "SIM-DOOR",
            "event_id": "e1",
            "state": "delivered",
            "place": "收货地址",
            "at": datetime.now(UTC).isoformat(),
        },
    )
    tell_all()


def fit(house: House, visit_id: str) -> None:
    """The buyer chooses when; the fitter comes, works, and is given the code."""
    path = f"/visits/{visit_id}"
    on = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    (day,) = house.office.get(f"{path}/windows?on={on}&days=1")
    page = house.office.get(f"{path}/link")["path"]
    buyer = Client()
    for what in ("hold", "take"):
        form = {"do": what, "window": day["windows"][1]["starts_at"], "key": what}
        answer = buyer.post(page, form)
        assert answer.status_code == 302, answer.content.decode()
    house.fitter.post(f"{path}/set-out")
    house.fitter.post(f"{path}/check-in", HOME)
    house.fitter.post(f"{path}/begin")
    photo(house.fitter, path)
    house.fitter.post(f"{path}/done", {"used_by_sku": {"HINGE": 3}})
    code = re.search(r'class="code-big code">(\d{3} ?\d{3})<', buyer.get(page).content.decode())
    assert code is not None
    assert house.fitter.post(f"{path}/accept-code", {"code": code[1]})["is_right"]
    tell_all()


def owed_to(who: Caller, kind: str) -> dict[str, int]:
    """What the parties of a kind that somebody sees are owed by now."""
    found = who.get(f"/parties?kind={kind}")["items"]
    return {
        each["code"]: who.get(f"/parties/{each['id']}/balance?currency=CNY")["payable_minor"]
        for each in found
    }


def owed_in_all(house: House) -> int:
    """What all parties together are owed, now or later."""
    found = house.office.get("/parties")["items"]
    balances = [house.office.get(f"/parties/{each['id']}/balance?currency=CNY") for each in found]
    return sum(each["payable_minor"] + each["pending_minor"] for each in balances)


def stated(house: House, who: Caller) -> dict[str, tuple[int, int, int]]:
    """What the statements of this month say to somebody: shared, given back, owed."""
    now = datetime.now(UTC)
    with tenancy.scope(merchant_id=house.merchant):
        settlement.close_month(
            merchant_id=house.merchant, month=now.date(), now=now + timedelta(days=40)
        )
    name_by_id = {each["id"]: each["code"] for each in who.get("/parties")["items"]}
    return {
        name_by_id[each["party_id"]]: (
            each["shared_minor"],
            each["reversed_minor"],
            each["closing_minor"],
        )
        for each in who.get("/statements")["items"]
    }


def test_a_door_from_its_deposit_to_who_gets_what(house: House) -> None:
    sale_id, buyer = signed(house)
    visit = house.clerk.post("/visits", VISIT | {"document": f"stagedsale:{sale_id}"}, expect=201)
    buyer.pay(1)
    finish(house, sale_id, 1)
    buyer.tap("accept/1")
    finish(house, sale_id, 2)
    blocked = house.clerk.post(f"/staged-sales/{sale_id}/goods", GOODS, expect=409)
    buyer.pay(2)
    sent = house.clerk.post(f"/staged-sales/{sale_id}/goods", GOODS, expect=201)
    waiting = house.office.get(f"/visits/{visit['id']}")["state"]
    deliver(house, sent["order_id"])
    offered = house.office.get(f"/visits/{visit['id']}")["state"]
    fit(house, visit["id"])
    buyer.pay(3)
    buyer.pay(4)

    sale = house.office.get(f"/staged-sales/{sale_id}")
    assert blocked["code"] == "stagedsales.delivery_blocked"
    assert (waiting, offered) == ("requested", "offered")
    assert [each["amount_minor"] for each in sale["stages"]] == [384_000, 512_000, 256_000, 128_000]
    assert [sale["state"], *[each["state"] for each in sale["stages"]]] == ["closed"] + [
        "released"
    ] * 4
    assert [each["accepted_by"] for each in sale["stages"]][2:] == ["visit", "visit"]
    assert sum(each["received_minor"] for each in sale["money"]) == PRICE
    with tenancy.scope(merchant_id=house.merchant):
        settlement.release_due(
            merchant_id=house.merchant, limit=1_000, now=datetime.now(UTC) + timedelta(minutes=1)
        )
        assert settlement.check_invariants(merchant_id=house.merchant) == []
    assert owed_to(house.fitter, "installer") == {"installer:anju": 128_000}
    assert owed_to(house.fitter, "dealer") == {}
    assert owed_to(house.office, "installer") == {"installer:anju": 128_000}
    assert stated(house, house.fitter) == {"installer:anju": (128_000, 0, 128_000)}
    dealer = token_of(house.merchant, house.dealer_staff, "dealer")
    assert stated(house, dealer) == {"dealer:east": (PRICE - 128_000, 0, PRICE - 128_000)}


def test_what_is_given_back_after_the_split_is_taken_from_every_share(house: House) -> None:
    sale_id, buyer = signed(house)
    buyer.pay(1)
    before = owed_in_all(house)

    house.office.post(
        f"/staged-sales/{sale_id}/cancel", {"fault": "buyer", "reason": "another plan"}
    )
    let_providers_work(house.merchant)

    (money, *_) = house.office.get(f"/staged-sales/{sale_id}")["money"]
    dealer = token_of(house.merchant, house.dealer_staff, "dealer")
    kept = 50_000 + 33_400
    assert before == 384_000
    assert (money["returned_minor"], money["keep_minor"]) == (384_000 - kept, kept)
    assert owed_in_all(house) == kept
    assert stated(house, dealer) == {"dealer:east": (384_000, kept - 384_000, kept)}
    assert "按合同约定保留 ¥834.00" in buyer.page()
    with tenancy.scope(merchant_id=house.merchant):
        assert settlement.check_invariants(merchant_id=house.merchant) == []
