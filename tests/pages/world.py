"""A small merchant with something on every page, made through the doors."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from santong.catalog import public as catalog
from santong.fulfilment import public as fulfilment
from santong.fulfilment.models import FulfilmentOrder, Offer
from santong.inventory import public as inventory
from santong.kernel import cells, relay, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff, make_token
from santong.orders import public as orders
from santong.routing import public as routing
from santong.storefront.tests.factories import make_failed_notice
from santong.stores import public as stores
from tests.pages.cards_side import CardsSide, make_cards_side
from tests.pages.cases_side import CasesSide, make_cases_side
from tests.pages.clocks_side import ClocksSide, make_clocks_side
from tests.pages.goods import STYLES, make_goods, make_one_sku, make_stock
from tests.pages.member_side import MemberSide, make_member_side, make_twins
from tests.pages.messages_side import MessagesSide, make_messages_side
from tests.pages.money_side import MoneySide, make_money_side
from tests.pages.places import CITIES, WAREHOUSES
from tests.pages.portal_tools_side import ToolsSide, make_tools_side
from tests.pages.presales_side import PresalesSide, make_presales_side
from tests.pages.shares_side import SharesSide, make_shares_side
from tests.pages.staged_side import StagedSide, make_staged_side
from tests.pages.systems_side import SystemsSide, make_systems_side
from tests.pages.undelivered import dead_fact
from tests.pages.visits_side import VisitsSide, make_visits_side

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What tests know of it."""

    merchant_id: int
    code: str
    places: Sequence[stores.Location]
    skus: Sequence[catalog.Sku]
    order_ids: dict[str, int]
    work_ids: dict[str, int]
    case_id: int
    fact_id: int
    notice_id: int
    token: str
    clerk_token: str
    members: MemberSide
    match_id: int
    shares: SharesSide
    cards: CardsSide
    systems: SystemsSide
    cases: CasesSide
    clocks: ClocksSide
    presales: PresalesSide
    visits: VisitsSide
    money: MoneySide
    staged: StagedSide
    messages: MessagesSide
    tools: ToolsSide

    @property
    def store(self) -> stores.Location:
        """Where the buyer's nearest goods are, and the clerk."""
        return self.places[0]

    @property
    def scarce(self) -> catalog.Sku:
        """More of it is promised than is there."""
        return self.skus[-1]


def make_world(*, name: str = "青禾服饰集团") -> World:
    """Open a merchant in the main cell, and let a morning pass."""
    now = datetime.now(UTC)
    code = f"page-{uuid.uuid4().hex[:8]}"
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name=name, currency="CNY", now=now
        )
        places = _places(merchant_id, name, now)
        skus = make_goods(merchant_id, name, now)
        absent = make_one_sku(merchant_id, STYLES[-1], 1, "XL", now)
        make_stock(merchant_id, places, skus, now)
        own = merchants.brands(merchant_id=merchant_id)[0]
        for code_, shown in (("tmall", "天猫旗舰店"), ("mini", "小程序商城")):
            merchants.create_storefront(
                merchant_id=merchant_id,
                code=code_,
                name=shown,
                channel="marketplace",
                brand_id=own.id if code_ == "tmall" else None,
                now=now,
            )
        token, clerk_token = _people(merchant_id, places)
    order_ids = {
        number: _order(merchant_id, places, [absent] if number == "wanting" else skus, number, now)
        for number in (
            *("unpaid", "offered", "accepted", "picking", "packed", "shipped", "delivered"),
            *("pickup", "cancelled", "split", "short", "wanting"),
        )
    }
    relay.drain(cell=home, wait_seconds=120)
    with tenancy.scope(merchant_id=merchant_id):
        work_ids = _work(merchant_id, order_ids, now)
    relay.drain(cell=home, wait_seconds=120)
    with tenancy.scope(merchant_id=merchant_id):
        case_id = _trouble(merchant_id, places, skus, order_ids, now)
        notice_id = make_failed_notice(merchant_id, now=now)
        fact_id = dead_fact(merchant_id, order_ids["unpaid"], now)
        members = make_member_side(merchant_id=merchant_id, places=places, now=now)
    match_id = make_twins(merchant_id=merchant_id, now=now)
    with tenancy.scope(merchant_id=merchant_id):
        shares = make_shares_side(merchant_id=merchant_id, places=places, skus=skus, now=now)
        cards = make_cards_side(merchant_id=merchant_id, order_id=order_ids["delivered"], now=now)
        systems = make_systems_side(merchant_id=merchant_id, place_code=places[0].code, now=now)
        cases = make_cases_side(merchant_id=merchant_id, order_id=order_ids["delivered"], now=now)
        staged = make_staged_side(merchant_id=merchant_id, location_id=places[0].id, now=now)
        late = [order_ids["offered"], order_ids["short"]]
        promised = make_clocks_side(merchant_id=merchant_id, order_ids=late, now=now)
        presales = make_presales_side(
            merchant_id=merchant_id, skus=skus, now=now, place_code=places[0].code
        )
    relay.drain(cell=home, wait_seconds=120)
    money = make_money_side(merchant_id=merchant_id, order_id=order_ids["delivered"], now=now)
    return World(
        merchant_id=merchant_id,
        code=code,
        places=places,
        skus=skus,
        order_ids=order_ids,
        work_ids=work_ids,
        case_id=case_id,
        fact_id=fact_id,
        notice_id=notice_id,
        token=token,
        clerk_token=clerk_token,
        members=members,
        match_id=match_id,
        shares=shares,
        cards=cards,
        systems=systems,
        cases=cases,
        clocks=promised,
        presales=presales,
        visits=make_visits_side(merchant_id=merchant_id),
        money=money,
        staged=staged,
        messages=make_messages_side(merchant_id=merchant_id, now=now),
        tools=make_tools_side(merchant_id=merchant_id, now=now),
    )


def _places(merchant_id: int, group: str, now: datetime) -> list[stores.Location]:
    brands = [
        merchants.create_brand(merchant_id=merchant_id, code=code, name=name, now=now)
        for code, name in (("qinghe", group[:2]), ("yuanshan", "远山"))
    ]
    kinds = [("store", city) for city in CITIES] + [("warehouse", city) for city in WAREHOUSES]
    return [
        stores.open_location(
            merchant_id=merchant_id,
            code=f"{'S' if kind == 'store' else 'W'}{number:03}",
            name=name,
            kind=kind,  # type: ignore[arg-type]  # one of the two kinds
            brand_id=brands[number % 2].id,
            latitude=latitude,
            longitude=longitude,
            province=province,
            city=city,
            district=district,
            address=f"{group}路 {number} 号",
            hours=dict.fromkeys(WEEK, (("10:00", "22:00"),)) if kind == "store" else None,
            daily_capacity=40 if kind == "store" else None,
            parcel_cost_minor=900,
            handling_cost_minor=200,
            accept_rate_ppm=930_000,
            now=now,
        )
        for number, (kind, (name, province, city, district, latitude, longitude)) in enumerate(
            kinds, start=1
        )
    ]


def _people(merchant_id: int, places: Sequence[stores.Location]) -> tuple[str, str]:
    make_staff(merchant_id, login="head", role="head_office")
    make_staff(merchant_id, login="clerk", role="clerk", location_id=places[0].id)
    make_staff(merchant_id, login="nobody", role=None)
    token = make_token(merchant_id)
    clerk = make_token(
        merchant_id,
        role="clerk",
        location_id=places[1].id,
        permissions=merchants.PERMISSIONS_BY_ROLE["clerk"],
    )
    return token, clerk


def _order(
    merchant_id: int,
    places: Sequence[stores.Location],
    skus: Sequence[catalog.Sku],
    number: str,
    now: datetime,
) -> int:
    """One order of a buyer in Shanghai, paid unless it is to wait for that."""
    placed_at = now - timedelta(minutes=5)
    chosen = {"split": [0, 3], "short": [-1], "wanting": [0]}.get(number, [len(number) % 5])
    quantity = {"short": 3, "delivered": 2}.get(number, 1)
    wanted = [skus[position] for position in chosen]
    total = sum(sku.list_price_minor for sku in wanted) * quantity
    order = orders.NewOrder(
        storefront_code="mini" if number == "pickup" else "tmall",
        external_number=f"2026-{number}",
        placed_at=placed_at,
        currency="CNY",
        lines=tuple(
            orders.NewLine(
                sku_code=sku.code, quantity=quantity, unit_price_minor=sku.list_price_minor
            )
            for sku in wanted
        ),
        freight_minor=0,
        recipient=orders.Recipient(
            name="钱小满",
            phone="19900001111",
            province="上海市",
            city="上海市",
            district="浦东新区",
            address="测试大道 8 号",
            latitude=31.20,
            longitude=121.60,
        ),
        mode="pickup" if number == "pickup" else "ship",
        pickup_location_code=places[0].code if number == "pickup" else None,
        payment=None
        if number == "unpaid"
        else orders.NewPayment(
            external_id=f"pay-{number}",
            amount_minor=total,
            currency="CNY",
            paid_at=placed_at,
            provider="alipay",
        ),
    )
    with tenancy.scope(merchant_id=merchant_id):
        placed, _ = routing.promise_order(
            merchant_id=merchant_id, order=order, if_short="accept", now=now
        )
        return placed.id


def _work(merchant_id: int, order_ids: dict[str, int], now: datetime) -> dict[str, int]:
    """Take the work as far as the order's number says."""
    found: dict[str, int] = {}
    for number, order_id in order_ids.items():
        work = fulfilment.work_of(merchant_id=merchant_id, order_id=order_id)
        if work:
            found[number] = work[0].id
    # However late a page is looked at, its work is still to be answered.
    tomorrow = now + timedelta(days=1)
    Offer.objects.of_merchant(merchant_id).filter(answered_at=None).update(closes_at=tomorrow)
    offered = FulfilmentOrder.objects.of_merchant(merchant_id).filter(state="offered")
    offered.update(offer_expires_at=tomorrow)
    for number in ("accepted", "picking", "packed", "shipped", "delivered", "pickup"):
        _go(merchant_id, found[number], number, now)
    orders.cancel_order(
        merchant_id=merchant_id,
        order_id=order_ids["cancelled"],
        reason="买家改变主意",
        now=now,
    )
    return found


def _go(merchant_id: int, work_id: int, number: str, now: datetime) -> None:
    who = {"merchant_id": merchant_id, "fulfilment_order_id": work_id, "now": now}
    fulfilment.accept(**who)  # type: ignore[arg-type]  # the three that every step asks for
    if number == "accepted":
        return
    fulfilment.start_picking(**who)  # type: ignore[arg-type]  # as above
    if number == "picking":
        return
    lines = fulfilment.work_by_id(merchant_id=merchant_id, fulfilment_order_id=work_id).lines
    picked = {line.order_line_id: line.quantity for line in lines}
    fulfilment.record_picked(**who, picked_by_line=picked)  # type: ignore[arg-type]  # as above
    fulfilment.pack(**who)  # type: ignore[arg-type]  # as above
    if number == "pickup":
        fulfilment.make_ready(**who)  # type: ignore[arg-type]  # as above
    if number in {"shipped", "delivered"}:
        tracking = f"SF{work_id:012}"
        fulfilment.hand_over(**who, carrier="sf", tracking_number=tracking)  # type: ignore[arg-type]  # as above
        if number == "delivered":
            for minutes, state in enumerate(("in_transit", "delivered"), start=1):
                fulfilment.record_tracking(
                    merchant_id=merchant_id,
                    carrier="sf",
                    tracking_number=tracking,
                    key=state,
                    state=state,  # type: ignore[arg-type]  # one of the words of the type
                    place="上海市",
                    at=now + timedelta(seconds=minutes),
                    now=now + timedelta(seconds=minutes),
                )


def _trouble(
    merchant_id: int,
    places: Sequence[stores.Location],
    skus: Sequence[catalog.Sku],
    order_ids: dict[str, int],
    now: datetime,
) -> int:
    """A till sale below what is promised, and an exception that waits for a person."""
    inventory.record_till_sale(
        merchant_id=merchant_id,
        location_id=places[0].id,
        quantity_by_sku={skus[-1].id: 3},
        key="till-1",
        now=now,
    )
    fulfilment.open_case(
        merchant_id=merchant_id,
        order_id=order_ids["short"],
        fulfilment_order_id=None,
        location_id=places[0].id,
        kind="unfilled",
        details={},
        now=now - timedelta(hours=3),
    )
    return fulfilment.open_cases(merchant_id=merchant_id)[0].id


__all__ = ["PASSWORD", "World", "make_world"]
