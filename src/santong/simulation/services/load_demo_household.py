from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.kernel import tenancy
from santong.orders import public as orders
from santong.simulation.contracts import Bars, Crew
from santong.simulation.rules.demo import household
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.services.load_demo_agreements import (
    follow_demo_agreements,
    offer_demo_agreements,
)
from santong.simulation.services.load_demo_cases import load_demo_cases
from santong.simulation.services.load_demo_presale import load_demo_presale
from santong.simulation.services.load_demo_promises import load_demo_promises
from santong.simulation.services.load_demo_staged import COURSES, load_demo_staged
from santong.simulation.services.load_demo_visits import load_demo_visits
from santong.simulation.services.open_demo_household import open_demo_household
from santong.simulation.services.pay_demo_money import Clock
from santong.simulation.services.sell_demo_household import (
    sell_demo_household,
    send_demo_household,
)
from santong.stores import public as stores

PARTS: Final = 6
JOINED: Final = 4
OPENED_BEFORE: Final = timedelta(days=40)


def load_demo_household(
    *,
    merchant_id: int,
    demo: DemoMerchant,
    crew: Crew,
    seed: int,
    now: datetime,
    clock: Clock,
    bars: Bars,
) -> None:
    """The household brand: what is promised, sold in stages, fitted, asked for after the sale.

    Every step is taken once, however often asked. No scope is open. Emits what all of that emits.
    """
    progress = bars("家居服务 household service", PARTS)
    buyers = household.neighbours(
        demo, seed=seed, count=len(household.WISHES) + len(COURSES) + JOINED
    )
    first, rest = buyers[: len(household.WISHES)], buyers[len(household.WISHES) :]
    with tenancy.scope(merchant_id=merchant_id):
        open_demo_household(merchant_id=merchant_id, demo=demo, now=now - OPENED_BEFORE)
        load_demo_promises(merchant_id=merchant_id, now=now - OPENED_BEFORE)
        codes = [place.code for place in household.showrooms(demo)]
        places = stores.locations_by_code(merchant_id=merchant_id, codes=codes)
    showroom, other = (places[code].id for code in codes)
    bought = household.household_orders(buyers=first, now=now)
    order_by_name = sell_demo_household(merchant_id=merchant_id, bought=bought, clock=clock)
    progress(1)
    buyer_by_order = {wish.name: buyer for wish, buyer in zip(household.WISHES, first, strict=True)}
    offer_demo_agreements(
        merchant_id=merchant_id,
        order_by_name=order_by_name,
        buyer_by_order=buyer_by_order,
        now=now,
    )
    send_demo_household(merchant_id=merchant_id, order_by_name=order_by_name, crew=crew, now=now)
    follow_demo_agreements(merchant_id=merchant_id, order_by_name=order_by_name, now=now)
    progress(1)
    sale_ids = load_demo_staged(
        merchant_id=merchant_id, buyers=rest, location_id=showroom, now=now, clock=clock
    )
    progress(1)
    buyer_by_sale = {course.name: buyer for course, buyer in zip(COURSES, rest, strict=False)}
    load_demo_visits(
        merchant_id=merchant_id,
        showroom=household.showrooms(demo)[0],
        document_by_name={
            **{
                f"order:{name}": orders.document_of(order_id=order.id)
                for name, order in order_by_name.items()
            },
            **{f"stagedsale:{name}": f"stagedsale:{sale}" for name, sale in sale_ids.items()},
        },
        buyer_by_name={
            **{f"order:{name}": buyer for name, buyer in buyer_by_order.items()},
            **{f"stagedsale:{name}": buyer for name, buyer in buyer_by_sale.items()},
        },
        now=now,
    )
    progress(1)
    load_demo_cases(
        merchant_id=merchant_id, order_by_name=order_by_name, store_ids=(showroom, other), now=now
    )
    progress(1)
    load_demo_presale(
        merchant_id=merchant_id, demo=demo, buyers=rest[len(COURSES) :], now=now, clock=clock
    )
    progress(1)
