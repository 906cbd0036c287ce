"""A storm at the provider: calls unheard, notices lost, late and in disorder, refunds that fail.

When it is over, our books and the provider's say the same, line by line and in all.
"""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.contracts import Refused
from santong.payments.models import SimulatedNotice
from santong.payments.providers.errands import run_errands
from santong.payments.providers.look_for_disputes import look_for_disputes
from santong.payments.providers.simulated import PROVIDER, Simulated
from santong.payments.rules.simulated.signing import signed
from santong.payments.selectors.invariants import check_invariants
from santong.payments.selectors.payment_accounts import access_of
from santong.payments.services.act_as_buyer import BuyersAction, act_as_buyer
from santong.payments.services.simulated.claim_notices import claim_notices, settle_notice
from santong.payments.services.simulated.settle_due import settle_due
from santong.payments.tests.at_providers import SECRET, Clock
from santong.payments.tests.money import make_account, new_intent, stands, tender

PAYMENTS: Final = int(os.environ.get("SANTONG_STORM_PAYMENTS", "16"))
ACTIONS: Final[tuple[BuyersAction | None, ...]] = (
    "pay",
    "pay_and_lose_the_notice",
    "pay",
    "pay_and_tell_in_disorder",
    "refuse",
    "pay_and_tell_twice",
    "pay_and_tell_late",
    None,
)
ACCOUNT: Final = "simulated"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    """Ours and the provider's; it is ahead of the machine's, which stamps what is heard by HTTP."""
    settings.SANTONG_PUBLIC_URL = "http://127.0.0.1:9"
    assert isinstance(PROVIDER, Simulated)
    found = Clock(datetime.now(UTC))
    monkeypatch.setattr(PROVIDER, "clock", found)
    return found


def test_when_a_storm_is_over_both_books_say_the_same(merchant: int, clock: Clock) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_account(
            merchant_id=merchant,
            settings={"profile": "stormy", "seed": "a seed"},
            secrets={"secret": SECRET},
        )
    intents = [ask(merchant, clock) for _ in range(PAYMENTS)]
    pass_time(merchant, clock, rounds=4)

    for place, intent in enumerate(intents):
        let_buyer(merchant, clock, intent, ACTIONS[place % len(ACTIONS)])
    pass_time(merchant, clock, rounds=6)
    for place, intent in enumerate(intents):
        give_back(merchant, clock, intent, parts=place % 3)
    pass_time(merchant, clock, rounds=6)
    let_buyer(merchant, clock, intents[0], "dispute")
    let_buyer(merchant, clock, intents[2], "dispute")
    let_buyer(merchant, clock, intents[2], "decide_for_the_shop")
    pass_time(merchant, clock, rounds=25, seconds=600)

    with tenancy.scope(merchant_id=merchant):
        assert check_invariants(merchant_id=merchant, now=clock()) == []
        ended = [
            payments.intent_by_id(merchant_id=merchant, intent_id=intent.id) for intent in intents
        ]
        at_provider = stands(merchant_id=merchant, kind="at_provider", owner=ACCOUNT)
    lines = statement_lines(merchant, clock)
    assert {intent.state for intent in ended} == {"paid", "expired"}
    assert ours(merchant, clock) == sorted(lines)
    assert -at_provider == sum(amount for _, _, amount in lines) - fees(merchant, clock)
    assert sum(intent.received_minor for intent in ended) == total(lines, "payment")


def ask(merchant_id: int, clock: Clock) -> payments.Intent:
    with tenancy.scope(merchant_id=merchant_id):
        new = new_intent(expires_at=clock() + timedelta(minutes=10))
        return payments.open_intent(merchant_id=merchant_id, new=new, now=clock())


def let_buyer(
    merchant_id: int, clock: Clock, intent: payments.Intent, action: BuyersAction | None
) -> None:
    """A buyer does something, if the provider lets them."""
    if action is None:
        return
    try:
        with tenancy.scope(merchant_id=merchant_id):
            act_as_buyer(
                merchant_id=merchant_id,
                reference=intent.tenders[0].reference,
                action=action,
                now=clock(),
            )
    except Refused:
        return


def give_back(merchant_id: int, clock: Clock, intent: payments.Intent, *, parts: int) -> None:
    """So many parts of what came in go back."""
    for part in range(parts):
        with tenancy.scope(merchant_id=merchant_id):
            now = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
            if now.received_minor - now.refunded_minor < 1_000:
                return
            payments.refund(
                merchant_id=merchant_id,
                document=intent.document,
                key=f"{intent.document}:{part}",
                amount_minor=1_000,
                currency="CNY",
                reason="too small",
                now=clock(),
            )


def pass_time(merchant_id: int, clock: Clock, *, rounds: int, seconds: int = 20) -> None:
    """What workers of ours and of the provider do meanwhile."""
    for _ in range(rounds):
        run_errands(merchant_id=merchant_id, clock=clock)
        with tenancy.scope(merchant_id=merchant_id):
            payments.expire_intents(merchant_id=merchant_id, now=clock())
            settle_due(merchant_id=merchant_id, now=clock(), limit=1_000)
        while tell(merchant_id, clock):
            pass
        clock.move(seconds=seconds)


def tell(merchant_id: int, clock: Clock) -> int:
    """The provider's notices, to where providers tell us."""
    with tenancy.scope(merchant_id=merchant_id):
        letters = claim_notices(merchant_id=merchant_id, now=clock(), limit=50)
    for letter in letters:
        path = letter.url.removeprefix("http://127.0.0.1:9")
        headers = signed(secret=letter.secret, body=letter.body, now=clock())
        answer = Client().post(path, letter.body, content_type="application/json", headers=headers)
        # Before its payment is known, a refund or a dispute is about nothing; it comes again.
        assert answer.status_code in {200, 404}, answer.content
        with tenancy.scope(merchant_id=merchant_id):
            settle_notice(
                merchant_id=merchant_id,
                letter=letter,
                is_taken=answer.status_code == 200,
                now=clock(),
            )
    return len(letters)


def statement_lines(merchant_id: int, clock: Clock) -> list[tuple[str, str, int]]:
    """Type, our reference and amount of all lines of the provider's statements."""
    return [(row[0], row[1], int(row[4])) for row in rows_of(merchant_id, clock)]


def fees(merchant_id: int, clock: Clock) -> int:
    return sum(int(row[5]) for row in rows_of(merchant_id, clock))


def rows_of(merchant_id: int, clock: Clock) -> list[list[str]]:
    with tenancy.scope(merchant_id=merchant_id):
        access = access_of(merchant_id=merchant_id, code=ACCOUNT)
    found: list[list[str]] = []
    for days in range(-2, 2):
        day = (clock() + timedelta(days=days)).date()
        text = PROVIDER.statement(access=access, day=day).decode()
        found += [row for row in csv.reader(io.StringIO(text)) if row[0][0] != "#"][1:]
    return found


def total(lines: list[tuple[str, str, int]], kind: str) -> int:
    return sum(amount for found, _, amount in lines if found == kind)


def ours(merchant_id: int, clock: Clock) -> list[tuple[str, str, int]]:
    """The movements that we have booked, apart from fees."""
    with tenancy.scope(merchant_id=merchant_id):
        found = payments.movements_page(
            merchant_id=merchant_id,
            account_code=ACCOUNT,
            moved_from=clock() - timedelta(days=9),
            moved_until=clock() + timedelta(days=9),
            after_id=0,
            limit=10_000,
        )
    return sorted(
        # One payment may be disputed more than once: our number says which time, after a dash.
        (each.kind, each.reference.partition("-")[0], each.amount_minor)
        for each in found
        if each.kind != "fee"
    )


def test_a_dispute_that_nobody_told_of_is_found_by_asking(merchant: int, clock: Clock) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_account(merchant_id=merchant, secrets={"secret": SECRET})
    intent = ask(merchant, clock)
    pass_time(merchant, clock, rounds=2)
    let_buyer(merchant, clock, intent, "pay")
    pass_time(merchant, clock, rounds=2)
    let_buyer(merchant, clock, intent, "dispute")
    with tenancy.scope(merchant_id=merchant):
        SimulatedNotice.objects.filter(number__startswith="dispute:").update(state="lost")

    found = [look_for_disputes(merchant_id=merchant, clock=clock) for _ in range(2)]
    let_buyer(merchant, clock, intent, "decide_for_the_buyer")
    found.append(look_for_disputes(merchant_id=merchant, clock=clock))

    with tenancy.scope(merchant_id=merchant):
        (dispute,) = payments.disputes_of(merchant_id=merchant, document=intent.document)
        now = payments.intent_by_id(merchant_id=merchant, intent_id=intent.id)
        assert check_invariants(merchant_id=merchant, now=clock()) == []
    assert found == [1, 0, 1]
    assert dispute.state == "lost"
    assert now.refunded_minor == now.received_minor


def test_a_buyer_is_shown_a_code_whose_answer_was_lost(merchant: int, clock: Clock) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_account(merchant_id=merchant)
        token = "mood:done_unheard"
        new = new_intent(tenders=(tender(ACCOUNT, 10_000, token=token),))
        new = replace(new, expires_at=clock() + timedelta(minutes=10))
        intent = payments.open_intent(merchant_id=merchant, new=new, now=clock())
    run_errands(merchant_id=merchant, clock=clock)
    first = shown(merchant, intent)

    for _ in range(3):
        clock.move(seconds=20)
        run_errands(merchant_id=merchant, clock=clock)

    assert first == ""
    assert "/pay/simulated/" in shown(merchant, intent)


def shown(merchant_id: int, intent: payments.Intent) -> str:
    with tenancy.scope(merchant_id=merchant_id):
        found = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    return found.tenders[0].payload
