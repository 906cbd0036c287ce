"""Programmes and members for tests. Each function makes what the test is about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from santong.customers import public as customers
from santong.kernel.facts import adapter, fact_types, subscribers
from santong.kernel.models import OutboxEvent
from santong.membership.contracts import Joined, JoinSource, Pool, Programme
from santong.membership.services.enrol import enrol
from santong.membership.services.join import join
from santong.membership.services.open_pool import open_pool
from santong.membership.services.open_programme import open_programme
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_brand
from santong.payments import public as payments

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
AT_THE_TILL = JoinSource(kind="till", channel="pos")

_numbers = itertools.count(1)


def make_pool(*, merchant_id: int, code: str = "") -> Pool:
    return open_pool(
        merchant_id=merchant_id, code=code or f"pool-{next(_numbers)}", name="积分", now=NOW
    )


def make_programme(
    *, merchant_id: int, code: str = "", pool: Pool | None = None, **named: Any
) -> Programme:
    """A programme of a new brand, in a pool of its own or in that one."""
    return open_programme(
        merchant_id=merchant_id,
        code=code or f"programme-{next(_numbers)}",
        name="春晓会员",
        brand_id=make_brand(merchant_id).id,
        pool_code=(pool or make_pool(merchant_id=merchant_id)).code,
        now=NOW,
        **named,
    )


def make_member(
    *, merchant_id: int, programme: Programme | None = None, person_id: int = 0, **named: Any
) -> Joined:
    """A member of a programme, by the till. The person is a number that nobody else has."""
    programme = programme or make_programme(merchant_id=merchant_id)
    return enrol(
        merchant_id=merchant_id,
        programme_code=programme.code,
        person_id=person_id or 1_000_000 + next(_numbers),
        source=AT_THE_TILL,
        now=NOW,
        **named,
    )


def facts_told(*, merchant_id: int, kind: type[Any]) -> list[Any]:
    """Facts of one kind in the outbox of a merchant, oldest first."""
    names = [name for name, known in fact_types().items() if known.cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name__in=names).order_by("id")
    return [adapter(kind).validate_python(event.body) for event in events]


def new_phone() -> str:
    return f"139{next(_numbers):08}"


def account(name: str = "") -> customers.Identifier:
    """The name of an account on whatever storefront it is used."""
    return customers.Identifier("storefront", name or f"open-{next(_numbers)}")


def make_shop(*, merchant_id: int, programme: Programme, code: str = "") -> str:
    """A storefront of the programme's brand."""
    return merchants.create_storefront(
        merchant_id=merchant_id,
        code=code or f"shop-{next(_numbers)}",
        name="旗舰店",
        channel="marketplace",
        brand_id=programme.brand_id,
        now=NOW,
    ).code


def join_by_phone(
    *,
    merchant_id: int,
    programme: Programme,
    phone: str,
    source: JoinSource = AT_THE_TILL,
    now: datetime = NOW,
) -> Joined:
    return join(
        merchant_id=merchant_id,
        programme_code=programme.code,
        identifiers=[customers.Identifier("phone", phone)],
        profile=None,
        source=source,
        now=now,
    )


def give_points(
    *,
    merchant_id: int,
    programme: Programme,
    member_id: int,
    points: int,
    expires_at: datetime | None = None,
) -> None:
    owner = f"member:{member_id}"
    asset = programme.points_asset
    txn = payments.NewTxn(
        key=f"gift-{next(_numbers)}",
        kind="gift",
        entries=(
            payments.NewEntry(payments.AccountKey(asset, "issued", "pool"), -points),
            payments.NewEntry(
                payments.AccountKey(asset, "available", owner), points, expires_at=expires_at
            ),
        ),
        occurred_at=NOW,
    )
    payments.post(merchant_id=merchant_id, source="test", txn=txn, now=NOW)


def points_of(*, merchant_id: int, programme: Programme, member_id: int) -> int:
    key = payments.AccountKey(programme.points_asset, "available", f"member:{member_id}")
    return payments.balances(merchant_id=merchant_id, accounts=[key], now=NOW)[key].available


def lots_of(
    *, merchant_id: int, programme: Programme, member_id: int
) -> list[tuple[int, datetime | None]]:
    key = payments.AccountKey(programme.points_asset, "available", f"member:{member_id}")
    lots = payments.lots_of(merchant_id=merchant_id, account=key)
    return [(lot.rest, lot.expires_at) for lot in lots]


def hear(fact: Any, *, merchant_id: int, now: datetime = NOW) -> None:
    """Let membership hear a fact, as the relay does."""
    name = next(name for name, known in fact_types().items() if known.cls is type(fact))
    subscribers()["membership"][name](fact, merchant_id=merchant_id, now=now)
