from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.simulation.contracts import Bars, LogIn
from santong.simulation.rules.demo.group import MERCHANT_CODE
from santong.simulation.rules.demo.members import demo_members
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.services.create_demo_log_ins import create_demo_log_ins, people_of
from santong.simulation.services.fill_places import fill_places
from santong.simulation.services.load_demo_benefits import load_demo_benefits
from santong.simulation.services.load_demo_line import load_demo_line
from santong.simulation.services.load_demo_members import load_demo_members
from santong.simulation.services.open_demo_accounts import open_demo_accounts
from santong.simulation.services.open_demo_merchant import open_demo_merchant
from santong.simulation.services.play_demo_week import Played, play_demo_week

OPENED_BEFORE = timedelta(days=8)  # a day before the first order


@dataclass(frozen=True, slots=True)
class Loaded:
    """A demo merchant that is there with all its rows."""

    merchant_id: int
    played: Played
    log_ins: list[LogIn]


def load_demo_merchant(
    *, demo: DemoMerchant, seed: int, password: str, now: datetime, bars: Bars
) -> Loaded:
    """Make the demo merchant real: places, goods, members, a week of orders, log-ins.

    It goes through the doors of the other contexts, in many transactions; interrupted, it goes on
    where it was when it is asked with the same demo.
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
    played = play_demo_week(
        merchant_id=merchant_id,
        demo=demo,
        member_by_phone=welcomed.number_by_phone,
        seed=seed,
        until=now,
        progress=bars("一周订单 a week of orders", len(demo.orders)),
    )
    log_ins = create_demo_log_ins(
        merchant_id=merchant_id,
        demo=demo,
        password=password,
        now=now,
        progress=bars("登录 log-ins", len(people_of(demo=demo))),
    )
    return Loaded(merchant_id=merchant_id, played=played, log_ins=log_ins)


def is_demo_loaded() -> bool:
    """Whether the demo merchant is there with everything: its head office can log in."""
    try:
        merchant_id = cells.merchant_by_code(MERCHANT_CODE).merchant_id
    except cells.UnknownMerchant:
        return False
    with tenancy.scope(merchant_id=merchant_id):
        people = merchants.staff(merchant_id=merchant_id)
    return any(person.login == "headoffice" for person in people)
