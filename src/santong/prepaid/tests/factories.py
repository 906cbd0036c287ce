"""Cards for tests. Each function makes what the test is about and invents the rest."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.kernel import tenancy
from santong.kernel.facts import adapter, fact_types
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_brand
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.rules.profiles import MAINLAND_CHINA, WITHOUT_LIMITS
from santong.prepaid.selectors.cards import balances_of
from santong.prepaid.selectors.invariants import FLOAT, check_invariants
from santong.prepaid.services.land_top_up import land_top_up
from santong.prepaid.services.open_programme import open_programme
from santong.prepaid.services.publish_terms import publish_terms
from santong.prepaid.services.sell import sell
from santong.prepaid.services.spend import spend
from santong.prepaid.services.top_up import top_up

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
THREE_YEARS = 3 * 365 + 1
PARTY = "head_office"
BONUS = contracts.Offer(code="500-50", pay_minor=50_000, bonus_minor=5_000, bonus_days=90)
TERMS = contracts.Terms(
    profile=MAINLAND_CHINA, offers=(BONUS,), most_minor=500_000, bearer_days=THREE_YEARS
)
FREE = contracts.Terms(
    profile=WITHOUT_LIMITS,
    offers=tuple(
        contracts.Offer(code=f"{paid}-{given}", pay_minor=paid, bonus_minor=given, bonus_days=30)
        for paid, given in ((50, 5), (100, 50), (7, 3), (1, 2))
    ),
)

_numbers = itertools.count(1)


def new_key() -> str:
    return f"key-{next(_numbers)}"


def make_programme(
    *,
    merchant_id: int,
    kind: contracts.ProgrammeKind = "prepaid",
    terms: contracts.Terms = TERMS,
    **changed: Any,
) -> contracts.CardProgramme:
    """A programme of a new brand that has something on sale."""
    new = contracts.NewProgramme(
        code=f"cards-{next(_numbers)}",
        name="春晓储值卡",
        brand_id=make_brand(merchant_id).id,
        kind=kind,
        currency="CNY",
        party=PARTY,
        issuer_kind="brand",
    )
    made = open_programme(merchant_id=merchant_id, new=replace(new, **changed), now=NOW)
    publish(merchant_id=merchant_id, programme=made, terms=terms)
    return made


def publish(
    *, merchant_id: int, programme: contracts.CardProgramme, terms: contracts.Terms
) -> contracts.PublishedTerms:
    return publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=terms,
        reason="new terms",
        now=NOW,
    )


def pay(*, merchant_id: int, top_up: contracts.TopUp, amount_minor: int = 0) -> None:
    """Money for a top-up's document has come in at a provider, as payments books it."""
    asset = f"money:{top_up.currency}"
    amount = amount_minor or top_up.amount_minor
    payments.post(
        merchant_id=merchant_id,
        source="test",
        txn=payments.NewTxn(
            key=new_key(),
            kind="captured",
            reference=top_up.document,
            occurred_at=NOW,
            entries=(
                payments.NewEntry(payments.AccountKey(asset, "document", top_up.document), amount),
                payments.NewEntry(payments.AccountKey(asset, "at_provider", "sim"), -amount),
            ),
        ),
        now=NOW,
    )


def landed(*, merchant_id: int, top_up: contracts.TopUp, now: datetime = NOW) -> contracts.TopUp:
    """A top-up that was paid and is on its card."""
    pay(merchant_id=merchant_id, top_up=top_up)
    return land_top_up(merchant_id=merchant_id, top_up_id=top_up.id, now=now)


def make_card(
    *,
    merchant_id: int,
    programme: contracts.CardProgramme | None = None,
    amount_minor: int = 50_000,
    offer_code: str = "",
    person_id: int | None = None,
    is_paid: bool = True,
    **named: Any,
) -> contracts.Sold:
    """A card that was sold, and paid for unless the test says otherwise."""
    programme = programme or make_programme(merchant_id=merchant_id)
    sold = sell(
        merchant_id=merchant_id,
        programme_code=programme.code,
        key=new_key(),
        amount_minor=amount_minor,
        offer_code=offer_code,
        person_id=person_id,
        now=NOW,
        **named,
    )
    if is_paid:
        landed(merchant_id=merchant_id, top_up=sold.top_up)
    return sold


def with_bonus(*, merchant_id: int, terms: contracts.Terms = TERMS) -> contracts.Sold:
    """A card with 500.00 of principal and 50.00 of bonus."""
    programme = make_programme(merchant_id=merchant_id, terms=terms)
    return make_card(
        merchant_id=merchant_id, programme=programme, amount_minor=50_000, offer_code=BONUS.code
    )


def topped_up(
    *, merchant_id: int, card_id: int, amount_minor: int, offer_code: str = "", now: datetime = NOW
) -> contracts.TopUp:
    asked = top_up(
        merchant_id=merchant_id,
        card_id=card_id,
        key=new_key(),
        amount_minor=amount_minor,
        offer_code=offer_code,
        now=now,
    )
    return landed(merchant_id=merchant_id, top_up=asked, now=now)


def spent(
    *,
    merchant_id: int,
    card_id: int,
    amount_minor: int,
    reference: str = "",
    now: datetime = NOW,
) -> contracts.Use:
    return spend(
        merchant_id=merchant_id,
        card_id=card_id,
        reference=reference or new_key(),
        document="order:17",
        amount_minor=amount_minor,
        currency="CNY",
        now=now,
    )


def on_card(*, merchant_id: int, card_id: int, now: datetime = NOW) -> tuple[int, int]:
    """What can be spent of a card: principal, bonus."""
    found = balances_of(merchant_id=merchant_id, card_ids=[card_id], now=now)[card_id]
    return found.principal_minor, found.bonus_minor


def document_has(*, merchant_id: int, top_up: contracts.TopUp) -> int:
    """What has come in for a top-up and is on no card."""
    account = payments.AccountKey(f"money:{top_up.currency}", "document", top_up.document)
    return payments.balances(merchant_id=merchant_id, accounts=[account])[account].posted


def assert_sound(*, merchant_id: int, is_booked: bool = False) -> None:
    """Every invariant of ours and of the ledger holds.

    The float holds where payments has booked what cards paid for; here many pay without it.
    """
    found = check_invariants(merchant_id=merchant_id)
    assert [each for each in found if is_booked or each.rule != FLOAT] == []
    assert payments.check_invariants(merchant_id=merchant_id, now=NOW) == []


def facts_told(*, merchant_id: int, kind: type[Any]) -> list[Any]:
    """Facts of one kind in the outbox of a merchant, oldest first."""
    (name,) = [name for name, known in fact_types().items() if known.cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [adapter(kind).validate_python(event.body) for event in events]


def in_scope(
    merchant: int, command: Callable[..., Any], *, now: datetime = NOW, **asked: Any
) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=now, **asked)

    return run
