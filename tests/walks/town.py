"""A maker of doors with a dealer's showroom, a warehouse, a car workshop, and people who come.

What stands here before a walk begins; what a person would click is clicked in the walk.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from santong.catalog import public as catalog
from santong.fieldservice import public as fieldservice
from santong.inventory import public as inventory
from santong.kernel import cells, relay, tenancy
from santong.kernel.jobs import scheduled
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff
from santong.settlement import public as settlement
from santong.stores import public as stores
from tests.journeys.http import Caller, caller
from tests.journeys.test_a_wooden_door import FITTING, HOME, PLAN, RULES, WALLET
from tests.journeys.test_ship_from_store import send, work_of
from tests.journeys.workers import later, let_providers_work

CARE = {
    "code": "care",
    "name": "隐形车衣施工",
    "currency": "CNY",
    "deposit_minor": 9_900,
    "credited_to": 1,
    "category": "汽车服务",
    "stages": [
        {"name": "首款", "basis": "percent", "share_bp": 3_000, "due": "signing"},
        {"name": "尾款", "basis": "remainder", "due": "acceptance", "silence_days": 3},
    ],
    "refunds": {"paid_kept_bp": 1_000},
    "reason": "opening",
}
MEASURING = {
    "code": "measuring",
    "name": "上门测量",
    "work_minutes": 60,
    "skills": ["door"],
    "is_preparation": True,
}
GOODS = (("DOOR", "原木烤漆门", 0), ("HANDLE", "黄铜门把手", 19_900), ("HINGE", "静音合页", 4_500))
DAY = fieldservice.Hours(
    rule="FREQ=DAILY",
    begins="08:00",
    ends="18:00",
    valid_from=datetime(2026, 1, 1, tzinfo=UTC).date(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What a walk knows of it."""

    merchant_id: int
    code: str
    showroom: int
    warehouse: int
    office: Caller
    keeper: Caller
    seller: Caller


def open_town() -> Town:
    """Everything that is there before the first buyer comes."""
    now = datetime.now(UTC)
    code = f"walk-{uuid.uuid4().hex[:8]}"
    merchant_id = cells.register_merchant(code=code, cell=_home())
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name="青禾木门", currency="CNY", now=now
        )
        merchants.create_storefront(
            merchant_id=merchant_id,
            code="mini",
            name="小程序商城",
            channel="mini_programme",
            now=now,
        )
        showroom, warehouse = _places(merchant_id, now)
        _goods(merchant_id, warehouse, now)
        _people(merchant_id, showroom, now)
        settlement.publish_rules(merchant_id=merchant_id, terms=RULES, reason="开业", now=now)
    office = caller(merchant_id)
    office.post("/payments/accounts", WALLET, expect=201)
    for plan in (PLAN, CARE):
        office.post("/stage-plans", plan, expect=201)
    for kind in (FITTING, MEASURING):
        office.post("/service-types", kind)
    return Town(
        merchant_id=merchant_id,
        code=code,
        showroom=showroom,
        warehouse=warehouse,
        office=office,
        keeper=caller(merchant_id, role="clerk", location_id=warehouse),
        seller=caller(merchant_id, role="store_manager", location_id=showroom),
    )


def _places(merchant_id: int, now: datetime) -> tuple[int, int]:
    dealer = merchants.create_dealer(
        merchant_id=merchant_id, code="east", name="沪东经销商", now=now
    )
    make_staff(merchant_id, login="dealer", name="周经理", role="dealer", dealer_id=dealer.id)
    found = [
        stores.open_location(
            merchant_id=merchant_id,
            code=code,
            name=name,
            kind=kind,  # type: ignore[arg-type]  # one of the kinds
            dealer_id=dealer.id if kind == "store" else None,
            province="上海市",
            city="上海市",
            district="黄浦区",
            address="测试路 8 号",
            latitude=HOME["latitude"],
            longitude=HOME["longitude"],
            parcel_cost_minor=600,
            now=now,
        ).id
        for code, name, kind in (("XH", "徐汇展厅", "store"), ("JD", "嘉定仓", "warehouse"))
    ]
    return found[0], found[1]


def _goods(merchant_id: int, warehouse: int, now: datetime) -> None:
    quantities = {}
    for code, name, price in GOODS:
        catalog.create_style(
            merchant_id=merchant_id, code=code, name=name, category="木门", now=now
        )
        sku = catalog.create_sku(
            merchant_id=merchant_id,
            style_code=code,
            code=code,
            list_price_minor=price,
            currency="CNY",
            now=now,
        )
        quantities[sku.id] = 20
    inventory.receive(
        merchant_id=merchant_id,
        location_id=warehouse,
        quantity_by_sku=quantities,
        reason="首批",
        key="opening",
        now=now,
    )


def _people(merchant_id: int, showroom: int, now: datetime) -> None:
    make_staff(merchant_id, login="head", name="林静", role="head_office")
    make_staff(merchant_id, login="clerk", name="小陈", role="store_manager", location_id=showroom)
    boss = make_staff(merchant_id, login="boss", name="安居老板", role="provider")
    fitter = make_staff(merchant_id, login="fitter", name="李师傅", role="technician")
    fieldservice.keep_provider(
        merchant_id=merchant_id,
        code="anju",
        name="安居安装",
        staff_ids=[boss.id, fitter.id],
        now=now,
    )
    person = fieldservice.keep_technician(
        merchant_id=merchant_id,
        provider_code="anju",
        code="li",
        name="李师傅",
        skills=["door"],
        home=fieldservice.Point(HOME["latitude"], HOME["longitude"]),
        staff_id=fitter.id,
        now=now,
    )
    fieldservice.set_hours(merchant_id=merchant_id, technician_id=person.id, hours=[DAY], now=now)


def tell_all() -> None:
    """What the relay does all day, in the cell where the town lives."""
    relay.drain(cell=_home(), wait_seconds=120)


def _home() -> cells.Cell:
    return next(cell for cell in cells.all_cells() if cell.name == "main")


def let_workers_work(town: Town, *, ahead: timedelta = timedelta()) -> None:
    """What worker and relay do in a minute: errands to providers, what comes of them, facts."""
    let_providers_work(town.merchant_id, ahead=ahead)


def let_jobs_run(town: Town, *names: str, ahead: timedelta = timedelta()) -> None:
    """What is done by the clock, as if it were so much later."""
    for name in names:
        with tenancy.scope(merchant_id=town.merchant_id):
            scheduled()[name].run(merchant_id=town.merchant_id, now=later(ahead))
    tell_all()


def bring(town: Town, order_id: str, number: str) -> None:
    """The warehouse sends what is asked of it for an order, and the carrier brings it."""
    tell_all()
    (work,) = [each for each in work_of(town.keeper, order_id) if each["state"] == "offered"]
    send(town.keeper, work, number)
    town.office.post(
        "/carrier-events",
        {
            "carrier": "simulated",
            "tracking_number": number,
            "event_id": f"come-{number}",
            "state": "delivered",
            "place": "收货地址",
            "at": datetime.now(UTC).isoformat(),
        },
    )
    tell_all()


def close_this_month(town: Town) -> None:
    """The month is over, and head office closes it."""
    today = datetime.now(UTC)
    with tenancy.scope(merchant_id=town.merchant_id):
        after = today + timedelta(days=40)
        settlement.release_due(merchant_id=town.merchant_id, limit=1_000, now=after)
        settlement.close_month(merchant_id=town.merchant_id, month=today.date(), now=after)
    tell_all()
