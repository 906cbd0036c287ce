"""Providers are asked what buyers fight about: the notice of it may have been lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection as database

from santong.kernel import tenancy
from santong.kernel.errors import NoSuch
from santong.payments.contracts.providers import (
    Access,
    Provider,
    Refused,
    SeenDispute,
    Unreachable,
)
from santong.payments.providers.addresses import notify_url
from santong.payments.providers.registry import provider_named
from santong.payments.selectors.disputes import disputes_unlike
from santong.payments.selectors.payment_accounts import access_of, payment_accounts
from santong.payments.services.see_dispute import see_dispute

# What is older and was never heard of, the statement of its day has told.
LOOKS_BACK: Final = timedelta(days=30)

log = structlog.get_logger(__name__)


def look_for_disputes(*, merchant_id: int, clock: Callable[[], datetime]) -> int:
    """Ask every open account's provider that can be asked; how many disputes were news.

    No transaction is open while one is asked. Whoever does not answer is asked the next time, and
    so is about what could not be taken in: its payment may not have been heard of yet.
    """
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    news = 0
    for provider, access in _to_ask(merchant_id):
        try:
            told = provider.disputes(access=access, since=clock() - LOOKS_BACK)
        except (Unreachable, Refused) as failure:
            log.info("disputes_not_told", account=access.account_code, why=str(failure))
            continue
        with tenancy.scope(merchant_id=merchant_id):
            unlike = disputes_unlike(
                merchant_id=merchant_id, account_code=access.account_code, told=told
            )
        news += _taken_in(merchant_id, unlike, now=clock())
    return news


def _to_ask(merchant_id: int) -> list[tuple[Provider, Access]]:
    found: list[tuple[Provider, Access]] = []
    with tenancy.scope(merchant_id=merchant_id):
        for account in payment_accounts(merchant_id=merchant_id):
            provider = provider_named(account.provider) if account.is_open else None
            if provider is not None and "disputes" in provider.abilities:
                url = notify_url(merchant_id=merchant_id, account=account.code)
                access = access_of(merchant_id=merchant_id, code=account.code, notify_url=url)
                found.append((provider, access))
    return found


def _taken_in(merchant_id: int, told: Sequence[SeenDispute], *, now: datetime) -> int:
    taken = 0
    for seen in told:
        try:
            with tenancy.scope(merchant_id=merchant_id):
                see_dispute(merchant_id=merchant_id, seen=seen, now=now)
            taken += 1
        except NoSuch:
            log.info("dispute_not_taken_in", reference=seen.payment_reference)
    return taken
