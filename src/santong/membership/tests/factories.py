"""Programmes and members for tests. Each function makes what the test is about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from santong.kernel.facts import adapter, fact_types
from santong.kernel.models import OutboxEvent
from santong.membership.contracts import Joined, JoinSource, Pool, Programme
from santong.membership.services.enrol import enrol
from santong.membership.services.open_pool import open_pool
from santong.membership.services.open_programme import open_programme
from santong.merchants.tests.factories import make_brand

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
