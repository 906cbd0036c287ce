"""Things of stagedsales for tests: say what the test is about."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.evidence.tests.factories import make_evidence, make_photo
from santong.kernel import tenancy
from santong.kernel.facts import adapter, fact_types, subscribers
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_storefront
from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds
from santong.stagedsales import contracts
from santong.stagedsales.selectors.invariants import check_invariants
from santong.stagedsales.selectors.sales import code_for_buyer, sale_by_id
from santong.stagedsales.services.accept_stage import accept_stage
from santong.stagedsales.services.publish_plan import publish_plan
from santong.stagedsales.services.record_milestone import record_milestone
from santong.stagedsales.services.redeem import redeem
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.services.reserve import reserve
from santong.stagedsales.services.sign_contract import sign_contract
from santong.stores import public as stores

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
BUYER = contracts.Buyer(name="钱小满", phone="19900001111")
STAGES = (
    contracts.StageTerms(name="首期款", basis="percent", due="signing", share_bp=3_000),
    contracts.StageTerms(name="中期款", basis="fixed", due="milestone", amount_minor=40_000),
    contracts.StageTerms(
        name="尾款", basis="remainder", due="acceptance", silence_days=7, gates_delivery=False
    ),
)
TERMS = contracts.PlanTerms(
    name="全屋定制", currency="CNY", deposit_minor=9_900, stages=STAGES, credited_to=1
)

_numbers = itertools.count(1)


def new_key() -> str:
    return f"key-{next(_numbers)}"


def make_plan(
    *, merchant_id: int, terms: contracts.PlanTerms = TERMS, **changed: Any
) -> contracts.StagePlan:
    return publish_plan(
        merchant_id=merchant_id,
        code=f"plan-{next(_numbers)}",
        terms=replace(terms, **changed),
        reason="opening",
        now=NOW,
    )


def make_place(merchant_id: int) -> int:
    code = f"S{next(_numbers)}"
    return stores.open_location(
        merchant_id=merchant_id,
        code=code,
        name=code,
        kind="store",
        latitude=31.23,
        longitude=121.47,
        now=NOW,
    ).id


def make_sale(
    *, merchant_id: int, plan: contracts.StagePlan | None = None, now: datetime = NOW, **named: Any
) -> contracts.Reserved:
    """A sale that was reserved a moment ago."""
    plan = plan or make_plan(merchant_id=merchant_id)
    storefront_id = (
        named.pop("storefront_id", 0)
        or make_storefront(merchant_id, code=f"shop-{next(_numbers)}").id
    )
    return reserve(
        merchant_id=merchant_id,
        plan_code=plan.code,
        key=named.pop("key", "") or new_key(),
        storefront_id=storefront_id,
        buyer=named.pop("buyer", BUYER),
        now=now,
        **named,
    )


def with_code(*, merchant_id: int, now: datetime = NOW, **named: Any) -> tuple[int, str]:
    """A sale whose deposit is paid, and the number of its code."""
    made = make_sale(merchant_id=merchant_id, now=now, **named)
    pay(merchant_id, made.sale_id, 0, now=now)
    return made.sale_id, code_for_buyer(merchant_id=merchant_id, sale_id=made.sale_id)


def redeemed(*, merchant_id: int, now: datetime = NOW, **named: Any) -> int:
    """A sale whose buyer stands in the store."""
    sale_id, code = with_code(merchant_id=merchant_id, now=now, **named)
    taken = redeem(
        merchant_id=merchant_id,
        code=code,
        location_id=make_place(merchant_id),
        device="till-1",
        nonce=new_key(),
        now=now,
    )
    assert isinstance(taken, contracts.Redemption)
    return sale_id


def make_photo_of(merchant_id: int, sale_id: int, *, colour: str = "sienna") -> int:
    """A picture that is kept behind a sale."""
    return make_evidence(
        merchant_id, subject=contracts.subject_of(sale_id), content=make_photo(colour=colour)
    ).id


def sign(
    merchant_id: int,
    sale_id: int,
    *,
    amount_minor: int = 100_000,
    now: datetime = NOW,
    **given: Any,
) -> contracts.SaleContract:
    """A contract over 1,000.00 was signed for a sale that a store has taken."""
    asked: dict[str, Any] = {
        "number": f"HT-{next(_numbers)}",
        "signed_on": now.date(),
        "photo_ids": [make_photo_of(merchant_id, sale_id)],
        **given,
    }
    return sign_contract(
        merchant_id=merchant_id, sale_id=sale_id, amount_minor=amount_minor, now=now, **asked
    )


def signed(*, merchant_id: int, amount_minor: int = 100_000, **named: Any) -> int:
    """A sale under contract: 300.00 on signing (the deposit counts), 400.00, the rest."""
    sale_id = redeemed(merchant_id=merchant_id, **named)
    sign(merchant_id, sale_id, amount_minor=amount_minor)
    return sale_id


def done(merchant_id: int, sale_id: int, number: int, *, now: datetime = NOW) -> None:
    """The store says that the work of a stage is done."""
    record_milestone(
        merchant_id=merchant_id,
        sale_id=sale_id,
        number=number,
        photo_ids=[make_photo_of(merchant_id, sale_id, colour="teal")],
        note="",
        now=now,
    )


def accept(merchant_id: int, sale_id: int, number: int, *, now: datetime = NOW) -> None:
    accept_stage(merchant_id=merchant_id, sale_id=sale_id, number=number, by="buyer_page", now=now)


def states(merchant_id: int, sale_id: int) -> str:
    """How a sale and its stages stand, in one line."""
    sale = see(merchant_id, sale_id)
    return " ".join([f"{sale.state}:", *[each.state for each in sale.stages]])


def till(merchant_id: int) -> str:
    """Where money is in at once; opened when it is first asked for."""
    return payments.open_payment_account(
        merchant_id=merchant_id,
        code="in-hand",
        provider="external",
        method="external",
        name="in hand",
        currency="CNY",
        now=NOW,
    ).code


def pay(
    merchant_id: int, sale_id: int, number: int, *, now: datetime = NOW, amount_minor: int = 0
) -> payments.Intent:
    """The whole of a deposit or stage comes in, and stagedsales hears of it."""
    sale = see(merchant_id, sale_id)
    place = next((each.document_number for each in sale.stages if each.number == number), 0)
    open_minor = next(each.open_minor for each in sale.money if each.number == place)
    intent = request_payment(
        merchant_id=merchant_id,
        sale_id=sale_id,
        number=number,
        key=new_key(),
        tenders=[tender(merchant_id, amount_minor or open_minor)],
        now=now,
    )
    hear_all(merchant_id, now=now)
    return intent


def tender(merchant_id: int, amount_minor: int) -> payments.NewTender:
    return payments.NewTender(account_code=till(merchant_id), amount_minor=amount_minor, way="none")


def come_in_unasked(
    merchant_id: int, sale_id: int, number: int, amount_minor: int, *, now: datetime = NOW
) -> None:
    """Money comes in for a document that nobody asked for: it is late, or twice."""
    payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=new_key(),
            document=contracts.document_of(sale_id, number),
            currency="CNY",
            amount_minor=amount_minor,
            subject="late",
            expires_at=now + timedelta(minutes=15),
            tenders=(tender(merchant_id, amount_minor),),
        ),
        now=now,
    )
    hear_all(merchant_id, now=now)


_heard: dict[int, int] = {}
HEARERS = ("stagedsales", "settlement")


def hear_all(merchant_id: int, *, now: datetime = NOW) -> None:
    """Let stagedsales and settlement hear what was told since, each fact twice, as a relay may."""
    handlers = {name: subscribers()[name] for name in HEARERS}
    while True:
        rows = OutboxEvent.objects.filter(
            merchant_id=merchant_id,
            id__gt=_heard.get(merchant_id, 0),
            name__in={fact for names in handlers.values() for fact in names},
        )
        events = list(rows.order_by("id"))
        if not events:
            return
        for event in events:
            fact = adapter(fact_types()[event.name].cls).validate_python(event.body)
            for named in handlers.values():
                for _ in range(2 if event.name in named else 0):
                    named[event.name](fact, merchant_id=merchant_id, now=now)
            _heard[merchant_id] = event.id


def give_back(merchant_id: int, sale_id: int, *, now: datetime = NOW) -> None:
    """What of a sale is on its way back has arrived."""
    for each in see(merchant_id, sale_id).money:
        end_refunds(merchant_id=merchant_id, document=each.document, now=now)
    hear_all(merchant_id, now=now)


def see(merchant_id: int, sale_id: int) -> contracts.StagedSale:
    return sale_by_id(merchant_id=merchant_id, sale_id=sale_id)


def money_of(merchant_id: int, sale_id: int, number: int = 0) -> contracts.SaleMoney:
    return next(each for each in see(merchant_id, sale_id).money if each.number == number)


def assert_sound(merchant_id: int) -> None:
    """Every invariant of ours and of the ledger holds."""
    assert check_invariants(merchant_id=merchant_id) == []
    assert payments.check_invariants(merchant_id=merchant_id, now=NOW) == []


def facts_told(merchant_id: int, kind: type[Any]) -> list[Any]:
    """Facts of one kind in the outbox of a merchant, oldest first."""
    (name,) = [name for name, known in fact_types().items() if known.cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [adapter(kind).validate_python(event.body) for event in events]


def in_scope(
    merchant: int, command: Callable[..., Any], *, actor: str = "", **asked: Any
) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        who = tenancy.Actor(kind="staff", id=actor or "1", name="clerk")
        with tenancy.scope(merchant_id=merchant, actor=who):
            return command(merchant_id=merchant, **{"now": NOW, **asked})

    return run
