"""The demo merchant with a year behind it."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from _console_year import Seal, Year, spread_over_a_year
from santong_launcher.postgres import Cluster

SEED = 7


@dataclass(frozen=True, slots=True)
class Opened:
    """The merchant with its year, and everybody's password."""

    merchant_id: int
    orders: int
    password: str


def open_year(
    *, cluster: Cluster, orders: int, week: int, stores: int, tell: Callable[[str], None]
) -> Opened:
    """The demo merchant with about as many orders, `week` of which were really worked on."""
    from django.db import connection  # noqa: PLC0415  after Django is set up

    from santong.kernel import cells, tenancy  # noqa: PLC0415
    from santong.merchants import public as merchants  # noqa: PLC0415
    from santong.simulation.rules.demo import group  # noqa: PLC0415
    from santong.simulation.services.load_demo_merchant import load_demo_merchant  # noqa: PLC0415

    tell("a week of the demo merchant")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    now = datetime.now(UTC)
    password = secrets.token_urlsafe(12)
    demo = group.demo_merchant(
        seed=SEED,
        week_ends_at=now.replace(minute=0, second=0, microsecond=0),
        stores=stores,
        skus=2_000,
        order_count=week,
    )
    loaded = load_demo_merchant(
        demo=demo,
        seed=SEED,
        password=password,
        now=now,
        bars=lambda _name, _steps: lambda _done: None,
    )
    year = Year(
        superuser_url=cluster.superuser_url,
        schema=cells.merchant_by_code(demo.code).cell.schema,
        merchant_id=loaded.merchant_id,
        orders=orders,
        ends=now,
    )
    with tenancy.scope(merchant_id=loaded.merchant_id):
        merchants.create_storefront(
            merchant_id=loaded.merchant_id,
            code="new",
            name="今天开张",
            channel="h5",
            brand_id=None,
            now=now,
        )
    spread_over_a_year(year, seal=_sealing(loaded.merchant_id), tell=tell)
    return Opened(loaded.merchant_id, orders + week, password)


def _sealing(merchant_id: int) -> Seal:
    """Opens a pattern's recipient once, and seals it for every copy."""
    from santong.kernel import crypto, tenancy  # noqa: PLC0415  after Django is set up
    from santong.orders.models.orders import sealing_place  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant_id):
        # The key is read once; a scope would not last as long as the copying.
        crypto.encrypt(merchant_id=merchant_id, plain=b"", place="")

    @functools.cache
    def plain(storefront_id: int, number: str, sealed: bytes) -> bytes:
        place = sealing_place(storefront_id=storefront_id, external_number=number)
        return crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=place)

    def seal(storefront_id: int, number: str, sealed: bytes, new_number: str) -> bytes:
        return crypto.encrypt(
            merchant_id=merchant_id,
            plain=plain(storefront_id, number, sealed),
            place=sealing_place(storefront_id=storefront_id, external_number=new_number),
        )

    return seal
