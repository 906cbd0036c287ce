from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.simulation.contracts import Bars, LogIn
from santong.simulation.rules.demo.group import MERCHANT_CODE
from santong.simulation.rules.demo.members import demo_members
from santong.simulation.rules.demo.money import sold_last_month
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.services.create_demo_log_ins import create_demo_log_ins, people_of
from santong.simulation.services.fill_places import fill_places
from santong.simulation.services.find_crew import find_crew
from santong.simulation.services.load_demo_benefits import load_demo_benefits
from santong.simulation.services.load_demo_household import load_demo_household
from santong.simulation.services.load_demo_line import load_demo_line
from santong.simulation.services.load_demo_members import Welcomed, load_demo_members
from santong.simulation.services.load_demo_money import load_demo_money
from santong.simulation.services.load_demo_shares import load_demo_sales, publish_demo_rules
from santong.simulation.services.open_demo_accounts import open_demo_accounts
from santong.simulation.services.open_demo_merchant import open_demo_merchant
from santong.simulation.services.open_demo_to_agents import open_demo_to_agents
from santong.simulation.services.pay_demo_money import Clock
from santong.simulation.services.play_demo_week import Played, play_demo_week

OPENED_BEFORE = timedelta(days=70)  # before the last month that can be closed


@dataclass(frozen=True, slots=True)
class Loaded:
    """A demo merchant that is there with all its rows."""

    merchant_id: int
    played: Played
    log_ins: list[LogIn]


def load_demo_merchant(
    *,
    demo: DemoMerchant,
    seed: int,
    password: str,
    now: datetime,
    bars: Bars,
    clock: Clock | None = None,
) -> Loaded:
    """Make the demo merchant real: places, goods, members, a week of orders, log-ins.

    With a clock money moves, too: providers go by the time that it is. It goes through the doors of
    the other contexts, in many transactions; interrupted, it goes on where it was when it is asked
    with the same demo.
    """
    opened_at = now - OPENED_BEFORE
    progress = bars("门店与商品 stores and goods", 1)
    merchant_id = open_demo_merchant(demo=demo, now=opened_at)
    open_demo_accounts(merchant_id=merchant_id, now=opened_at)
    progress(1)
    fill_places(
        merchant_id=merchant_id,
        stock=demo.stock,
        reason="opening stock",
        now=opened_at,
        progress=bars("库存 stock", len({place for place, _ in demo.stock})),
    )
    members = demo_members(demo=demo, seed=seed, until=now)
    welcomed = load_demo_members(
        merchant_id=merchant_id,
        demo=demo,
        members=members,
        now=now,
        progress=bars("会员 members", len(members)),
    )
    load_demo_benefits(
        merchant_id=merchant_id, member_ids=sorted(welcomed.id_by_phone.values()), now=now
    )
    load_demo_line(merchant_id=merchant_id, now=now)
    open_demo_to_agents(merchant_id=merchant_id, now=now)
    if clock is not None:
        _load_money(merchant_id, demo, welcomed, seed=seed, now=now, clock=clock, bars=bars)
    played = play_demo_week(
        merchant_id=merchant_id,
        demo=demo,
        member_by_phone=welcomed.number_by_phone,
        seed=seed,
        until=now,
        progress=bars("一周订单 a week of orders", len(demo.orders)),
    )
    if clock is not None:
        load_demo_household(
            merchant_id=merchant_id,
            demo=demo,
            crew=find_crew(merchant_id=merchant_id, seed=seed),
            seed=seed,
            now=now,
            clock=clock,
            bars=bars,
        )
    log_ins = create_demo_log_ins(
        merchant_id=merchant_id,
        demo=demo,
        password=password,
        now=now,
        progress=bars("登录 log-ins", len(people_of(demo=demo))),
    )
    return Loaded(merchant_id=merchant_id, played=played, log_ins=log_ins)


def _load_money(
    merchant_id: int,
    demo: DemoMerchant,
    welcomed: Welcomed,
    *,
    seed: int,
    now: datetime,
    clock: Clock,
    bars: Bars,
) -> None:
    publish_demo_rules(merchant_id=merchant_id, now=now - OPENED_BEFORE)
    sold = sold_last_month(demo, now=now)
    load_demo_sales(
        merchant_id=merchant_id,
        sold=sold,
        crew=find_crew(merchant_id=merchant_id, seed=seed),
        progress=bars("柜台 counters", len(sold)),
    )
    load_demo_money(
        merchant_id=merchant_id,
        demo=demo,
        person_ids=welcomed.person_ids,
        now=now,
        clock=clock,
        bars=bars,
    )


def is_demo_loaded() -> bool:
    """Whether the demo merchant is there with everything: its head office can log in."""
    try:
        merchant_id = cells.merchant_by_code(MERCHANT_CODE).merchant_id
    except cells.UnknownMerchant:
        return False
    with tenancy.scope(merchant_id=merchant_id):
        people = merchants.staff(merchant_id=merchant_id)
    return any(person.login == "headoffice" for person in people)
