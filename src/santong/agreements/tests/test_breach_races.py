"""Clock, buyer and service at once: one breach, one compensation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from santong.agreements import public as agreements
from santong.agreements.models import AgreementTerm, Breach, Compensation
from santong.agreements.services.find_broken import find_broken, settle_late
from santong.agreements.services.follow import settle_due
from santong.agreements.services.pay import pay
from santong.agreements.tests.factories import (
    BY_THE_DAY,
    MONEY_BACK,
    OVER,
    make_accepted,
    window,
)
from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.tests.factories import make_paid_by

AtOnce = Callable[..., list[Any]]
LONG_AFTER = datetime(2026, 11, 30, tzinfo=UTC)


def in_scope(
    merchant: int, command: Callable[..., Any], *, now: datetime = OVER, **named: Any
) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=now, **named)

    return run


def paid_agreement(merchant: int, *terms: agreements.Term) -> agreements.Agreement:
    with tenancy.scope(merchant_id=merchant):
        made = make_accepted(merchant, terms=terms or (window(),))
        make_paid_by(merchant_id=merchant, document=made.document, amount=50_000, payer="buyer")
    return made


def asked_back(merchant: int, made: agreements.Agreement) -> int:
    with tenancy.scope(merchant_id=merchant):
        assert agreements.check_invariants(merchant_id=merchant) == []
        every = payments.refunds_of(merchant_id=merchant, document=made.document)
        return sum(each.amount_minor for each in every)


def breaking(merchant: int, made: agreements.Agreement) -> Callable[[], Any]:
    return in_scope(merchant, find_broken, agreement_id=made.id, term=1, broken_at=OVER)


def claiming(merchant: int, made: agreements.Agreement, key: str) -> Callable[[], Any]:
    return in_scope(
        merchant,
        agreements.claim,
        agreement_id=made.id,
        term=1,
        found_by="staff",
        said="没有送到",
        key=key,
    )


def test_clock_and_person_at_once_find_one_breach_and_pay_it_once(
    merchant: int, at_once: AtOnce
) -> None:
    for _ in range(3):
        made = paid_agreement(merchant)

        at_once(
            breaking(merchant, made),
            claiming(merchant, made, "buyer"),
            breaking(merchant, made),
            claiming(merchant, made, "service"),
        )
        breaking(merchant, made)()
        with tenancy.scope(merchant_id=merchant):
            (found,) = Breach.objects.of_merchant(merchant).filter(agreement=made.id)
        at_once(*[in_scope(merchant, pay, breach_id=found.id)] * 4)

        assert asked_back(merchant, made) == 10_000
        with tenancy.scope(merchant_id=merchant):
            assert Compensation.objects.filter(breach=found).count() == 1


def test_a_decision_against_the_clock_is_paid_once(merchant: int, at_once: AtOnce) -> None:
    for _ in range(3):
        made = paid_agreement(merchant)
        claimed = claiming(merchant, made, "buyer")()

        at_once(
            in_scope(merchant, agreements.grant, breach_id=claimed.id, answer="是"),
            breaking(merchant, made),
            in_scope(merchant, agreements.reject, breach_id=claimed.id, answer="否"),
        )
        breaking(merchant, made)()
        with tenancy.scope(merchant_id=merchant):
            live = Breach.objects.of_merchant(merchant).filter(agreement=made.id)
            ids = [each.id for each in live.exclude(state="rejected")]
        assert len(ids) == 1
        at_once(*[in_scope(merchant, pay, breach_id=ids[0])] * 2)

        assert asked_back(merchant, made) == 10_000


def test_delivery_and_the_cap_at_once_settle_once(merchant: int, at_once: AtOnce) -> None:
    made = paid_agreement(merchant, BY_THE_DAY)
    breaking(merchant, made)()

    at_once(
        in_scope(merchant, settle_due, now=LONG_AFTER),
        in_scope(
            merchant, settle_late, now=LONG_AFTER, agreement_id=made.id, term=1, at=LONG_AFTER
        ),
        in_scope(merchant, settle_due, now=LONG_AFTER),
    )

    with tenancy.scope(merchant_id=merchant):
        (found,) = Breach.objects.of_merchant(merchant).filter(agreement=made.id)
        assert found.amount_minor == 10_000
        assert AgreementTerm.objects.get(agreement_id=made.id).spent_minor == 10_000


def test_claims_granted_at_once_stay_within_the_cap(merchant: int, at_once: AtOnce) -> None:
    made = paid_agreement(merchant, MONEY_BACK)
    ids = []
    for key in ("first", "second"):
        claimed = claiming(merchant, made, key)()
        ids.append(claimed.id)
        in_scope(
            merchant, agreements.grant, breach_id=claimed.id, answer="是", amount_minor=4_000
        )()
    last = claiming(merchant, made, "third")()

    results = at_once(
        *[in_scope(merchant, agreements.grant, breach_id=last.id, answer="是", amount_minor=2_000)]
        * 3,
        *[in_scope(merchant, pay, breach_id=each) for each in ids],
    )

    won = [each for each in results[:3] if isinstance(each, agreements.Breach)]
    assert len(won) == 1
    with tenancy.scope(merchant_id=merchant):
        assert AgreementTerm.objects.get(agreement_id=made.id).spent_minor == 10_000
    pay_last = in_scope(merchant, pay, breach_id=last.id)
    pay_last()
    assert asked_back(merchant, made) == 10_000
