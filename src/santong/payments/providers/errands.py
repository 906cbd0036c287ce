"""Calls to providers: claimed in one transaction, made in none, settled in the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection as database

from santong.kernel import tenancy
from santong.payments.contracts import (
    Access,
    Errand,
    Provider,
    Refused,
    Seen,
    SeenMove,
    Shown,
    Unreachable,
)
from santong.payments.providers.addresses import notify_url
from santong.payments.providers.registry import provider_named
from santong.payments.selectors.payment_accounts import access_of
from santong.payments.services.claim_errands import claim_errands
from santong.payments.services.settle_errand import settle_move_errand, settle_payment_errand

AT_ONCE: Final = 8
# Whoever stops the worker waits for a job to end.
LONGEST_RUN_SECONDS: Final = 20.0
# A worker that dies leaves its claims; after this long another one takes them.
CLAIM_LIVES: Final = timedelta(seconds=60)
# Providers that live in this database: a thread of their own would be a connection of its own.
_AT_HOME: Final = frozenset({"simulated", "terminal", "cash"})

Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider answered, or that it did not."""

    payment: Seen | None = None
    move: SeenMove | None = None
    shown: Shown | None = None
    code: str = ""


def run_errands(
    *,
    merchant_id: int,
    clock: Clock,
    seconds: float = LONGEST_RUN_SECONDS,
    tender_id: int | None = None,
) -> int:
    """Make the calls that are due (or the one about a tender); how many were made.

    Each is made at least once and settled once. No transaction is open while one is made.
    """
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    ends_at = time.monotonic() + seconds
    made = 0
    while time.monotonic() < ends_at:
        now = clock()
        with tenancy.scope(merchant_id=merchant_id):
            errands = claim_errands(
                merchant_id=merchant_id,
                most=AT_ONCE,
                until=now + CLAIM_LIVES,
                now=now,
                tender_id=tender_id,
            )
            access = {
                errand.account_code: access_of(
                    merchant_id=merchant_id,
                    code=errand.account_code,
                    notify_url=notify_url(merchant_id=merchant_id, account=errand.account_code),
                )
                for errand in errands
            }
        if not errands:
            break
        for errand, answer in zip(errands, _make(errands, access), strict=True):
            settle(merchant_id=merchant_id, errand=errand, answer=answer, now=clock())
        made += len(errands)
        if tender_id is not None:
            break
    return made


def settle(*, merchant_id: int, errand: Errand, answer: Answer, now: datetime) -> None:
    """Write down what was answered, in a transaction of its own."""
    with tenancy.scope(merchant_id=merchant_id):
        if errand.about == "payment":
            settle_payment_errand(
                merchant_id=merchant_id,
                errand=errand,
                seen=answer.payment,
                shown=answer.shown,
                code=answer.code,
                now=now,
            )
        else:
            settle_move_errand(
                merchant_id=merchant_id,
                errand=errand,
                seen=answer.move,
                code=answer.code,
                now=now,
            )


def _make(errands: Sequence[Errand], access: dict[str, Access]) -> list[Answer]:
    far = [errand for errand in errands if errand.provider not in _AT_HOME]
    answers: dict[int, Answer] = {}
    if far:
        with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
            made = threads.map(lambda errand: call(errand, access[errand.account_code]), far)
            answers = {errand.work_id: answer for errand, answer in zip(far, made, strict=True)}
    for errand in errands:
        if errand.work_id not in answers:
            answers[errand.work_id] = call(errand, access[errand.account_code])
    return [answers[errand.work_id] for errand in errands]


def call(errand: Errand, access: Access) -> Answer:
    """Make one call. What goes wrong on the way is an answer, too."""
    provider = provider_named(errand.provider)
    if provider is None:
        return Answer(code="no_such_provider")
    try:
        return _payment(provider, errand, access) or _move(provider, errand, access)
    except Unreachable as failure:
        return Answer(code=str(failure)[:60] or "unreachable")
    except Refused as refusal:
        return _refused(errand, refusal)
    except Exception:  # an adapter's fault must not stop the others' calls
        log.exception("provider_failed", provider=errand.provider, step=errand.step)
        return Answer(code="adapter_failed")


def _payment(provider: Provider, errand: Errand, access: Access) -> Answer | None:
    if errand.step == "ask" and errand.ask is not None:
        shown, seen = provider.ask(access=access, ask=errand.ask)
        return Answer(payment=seen, shown=shown)
    if errand.step == "query":
        return Answer(payment=provider.query(access=access, reference=errand.reference))
    if errand.step == "capture":
        return Answer(
            payment=provider.capture(
                access=access, reference=errand.reference, amount_minor=errand.amount_minor
            )
        )
    if errand.step == "close":
        return Answer(payment=provider.close(access=access, reference=errand.reference))
    return None


def _move(provider: Provider, errand: Errand, access: Access) -> Answer:
    if errand.refund is not None and errand.step == "refund":
        return Answer(move=provider.refund(access=access, ask=errand.refund))
    if errand.refund is not None:
        return Answer(
            move=provider.query_refund(
                access=access,
                reference=errand.reference,
                payment_reference=errand.payment_reference,
            )
        )
    assert errand.transfer is not None
    if errand.step == "transfer":
        return Answer(move=provider.transfer(access=access, ask=errand.transfer))
    return Answer(
        move=provider.query_transfer(
            access=access,
            reference=errand.reference,
            their_payment_reference=errand.transfer.their_payment_reference,
        )
    )


def _refused(errand: Errand, refusal: Refused) -> Answer:
    """No for certain: nothing was done. To close or capture what it knows not is asked again."""
    if errand.about != "payment":
        return Answer(move=SeenMove(state="failed", why=refusal.code[:120]), code=refusal.code)
    if errand.step == "ask":
        return Answer(payment=Seen(state="failed", why=refusal.code[:120]), code=refusal.code)
    return Answer(code=refusal.code)
