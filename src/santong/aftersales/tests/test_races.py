"""What is contended comes out exactly: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from santong.aftersales import contracts, errors
from santong.aftersales.selectors.cases import cases_of_order, refunds_of, replacements_of
from santong.aftersales.selectors.links import link_of
from santong.aftersales.services.decide_case import decide_case
from santong.aftersales.services.go_on_claim import open_claim, record_claim_money, submit_claim
from santong.aftersales.services.open_case import open_case
from santong.aftersales.services.open_link import open_link, renew_link
from santong.aftersales.services.owe_goods import open_owed, take_on
from santong.aftersales.services.pay_difference import pay_difference
from santong.aftersales.services.publish_policy import publish_policy
from santong.aftersales.services.receive_goods import receive_goods
from santong.aftersales.services.visit_repair import ask_for_visit
from santong.aftersales.tests.factories import (
    LATER,
    PRICE,
    Bought,
    accept,
    assert_sound,
    compensate,
    counted,
    make_bought,
    make_case,
    make_stock,
    owe,
)
from santong.fieldservice.tests.factories import make_team
from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.tests.factories import make_collected

AtOnce = Callable[..., list[Any]]
CALLERS = 8


def in_scope(merchant: int, service: Callable[..., Any], **given: Any) -> Callable[[], Any]:
    """The service as one of many callers, in a scope of its own."""

    def call() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return service(merchant_id=merchant, **given)

    return call


def bought_by(merchant: int, **given: Any) -> Bought:
    with tenancy.scope(merchant_id=merchant):
        return make_bought(merchant, **given)


def done(results: list[Any], *refusals: type[Exception]) -> list[Any]:
    surprises = [
        each for each in results if isinstance(each, Exception) and not isinstance(each, refusals)
    ]
    assert surprises == []
    return [each for each in results if not isinstance(each, Exception)]


def asked(bought: Bought, key: str, *, units: int = 1) -> contracts.NewCase:
    return contracts.NewCase(
        order_id=bought.order.id,
        kind="return",
        way_back="shop",
        reason="wrong_size",
        lines=(contracts.NewCaseLine(order_line_id=bought.lines[0], quantity=units),),
        channel="buyer",
        key=key,
    )


def test_of_three_units_three_are_in_cases_whoever_asks(merchant: int, at_once: AtOnce) -> None:
    bought = bought_by(merchant, quantities=(3,))

    results = at_once(
        *[
            in_scope(merchant, open_case, new=asked(bought, f"case-{place}"), now=LATER)
            for place in range(CALLERS)
        ]
    )

    assert len(done(results, errors.MoreThanArrived)) == 3
    with tenancy.scope(merchant_id=merchant):
        assert counted(bought, bought.lines[0])[0] == 3
        assert_sound(merchant)


def test_a_case_that_is_asked_for_at_once_is_one_case(merchant: int, at_once: AtOnce) -> None:
    bought = bought_by(merchant, quantities=(3,))

    results = at_once(
        *[
            in_scope(merchant, open_case, new=asked(bought, "one"), now=LATER)
            for _ in range(CALLERS)
        ]
    )

    assert len({case.id for case in done(results)}) == 1
    assert len(done(results)) == CALLERS
    with tenancy.scope(merchant_id=merchant):
        assert counted(bought, bought.lines[0])[0] == 1


def test_a_case_is_decided_once_and_sends_one_order(merchant: int, at_once: AtOnce) -> None:
    bought = bought_by(merchant, quantities=(1,))
    with tenancy.scope(merchant_id=merchant):
        make_stock(bought)
        case = make_case(bought, kind="exchange")

    results = at_once(
        *[
            in_scope(
                merchant,
                decide_case,
                case_id=case.id,
                decided=contracts.Decided(),
                reason="",
                now=LATER,
            )
            for _ in range(CALLERS)
        ]
    )

    assert len(done(results, errors.CasePassed)) == 1
    with tenancy.scope(merchant_id=merchant):
        assert len(replacements_of(merchant_id=merchant, case_id=case.id)) == 1
        assert_sound(merchant)


def test_goods_are_received_once_and_paid_back_once(merchant: int, at_once: AtOnce) -> None:
    bought = bought_by(merchant, quantities=(2,))
    with tenancy.scope(merchant_id=merchant):
        case = accept(bought, make_case(bought, units={bought.lines[0]: 2}))
    (line,) = case.lines

    results = at_once(
        *[
            in_scope(
                merchant,
                receive_goods,
                case_id=case.id,
                location_id=bought.store,
                lines=[contracts.ReceivedLine(case_line_id=line.id, sellable=1)],
                key=f"scan-{place % 4}",
                now=LATER,
            )
            for place in range(CALLERS)
        ]
    )

    done(results, errors.CasePassed, errors.MoreThanAwaited)
    with tenancy.scope(merchant_id=merchant):
        steps = refunds_of(merchant_id=merchant, case_id=case.id)
        refunds = payments.refunds_of(merchant_id=merchant, document=bought.document)
        assert [step.amount_minor for step in steps] == [PRICE, PRICE]
        assert sum(refund.amount_minor for refund in refunds) == 2 * PRICE
        assert_sound(merchant)


def test_policies_are_published_one_after_another(merchant: int, at_once: AtOnce) -> None:
    results = at_once(
        *[
            in_scope(
                merchant,
                publish_policy,
                terms=contracts.CasePolicy(return_days=days),
                reason="trial",
                now=LATER,
            )
            for days in range(CALLERS)
        ]
    )

    assert sorted(policy.version for policy in done(results)) == list(range(1, CALLERS + 1))


def test_goods_that_are_owed_are_owed_once_whoever_hears_of_it(
    merchant: int, at_once: AtOnce
) -> None:
    bought = bought_by(merchant, quantities=(2,))
    with tenancy.scope(merchant_id=merchant):
        breach_id = owe(bought)
        waiting = take_on(merchant_id=merchant, breach_id=breach_id, now=LATER)

    opened = at_once(
        *[in_scope(merchant, take_on, breach_id=breach_id, now=LATER) for _ in range(4)],
        *[
            in_scope(
                merchant,
                open_owed,
                remedy_id=waiting.id,
                order_id=bought.order.id,
                units_by_line={bought.lines[0]: 1},
                now=LATER,
            )
            for _ in range(4)
        ],
    )

    assert len({each.id for each in done(opened)[4:]}) == 1
    with tenancy.scope(merchant_id=merchant):
        assert counted(bought, bought.lines[0])[0] == 1
        assert len(cases_of_order(merchant_id=merchant, order_id=bought.order.id)) == 1
        assert_sound(merchant)


def test_two_cases_at_once_do_not_pay_back_what_was_compensated(
    merchant: int, at_once: AtOnce
) -> None:
    bought = bought_by(merchant, quantities=(1, 1))
    with tenancy.scope(merchant_id=merchant):
        compensate(bought, 6_000)
        cases = [accept(bought, make_case(bought, units={line_id: 1})) for line_id in bought.lines]

    results = at_once(
        *[
            in_scope(
                merchant,
                receive_goods,
                case_id=case.id,
                location_id=bought.store,
                lines=[contracts.ReceivedLine(case_line_id=case.lines[0].id, sellable=1)],
                key="scan",
                now=LATER,
            )
            for case in cases
            for _ in range(2)
        ]
    )

    done(results)
    with tenancy.scope(merchant_id=merchant):
        refunds = payments.refunds_of(merchant_id=merchant, document=bought.document)
        assert sum(refund.amount_minor for refund in refunds) == 2 * PRICE
        assert_sound(merchant)


def test_a_link_given_at_once_is_one_and_renewed_at_once_has_as_many_rounds(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        order_id = make_bought(merchant).order.id
    asked: dict[str, Any] = {"order_id": order_id, "days": 30, "now": LATER}

    given = at_once(*[in_scope(merchant, open_link, **asked)] * CALLERS)
    renewed = at_once(*[in_scope(merchant, renew_link, **asked)] * CALLERS)

    assert len(set(given)) == 1
    rounds = [link_of(token=each).round for each in (given[0], *renewed)]
    assert sorted(rounds) == list(range(1, CALLERS + 2))


def test_a_visit_is_asked_for_once_and_a_difference_is_paid_once(
    merchant: int, at_once: AtOnce
) -> None:
    bought = bought_by(merchant, quantities=(2,))
    with tenancy.scope(merchant_id=merchant):
        make_team(merchant)
        make_stock(bought)
        mended = accept(
            bought, make_case(bought, kind="repair", reason="defective", way_back="home")
        )
        unit = contracts.NewUnit(
            sku_code=bought.order.lines[0].sku_code, quantity=1, price_minor=PRICE + 100
        )
        dearer = accept(bought, make_case(bought, kind="exchange"), units=(unit,))
        (made,) = replacements_of(merchant_id=merchant, case_id=dearer.id)

    results = at_once(
        *[
            in_scope(
                merchant,
                ask_for_visit,
                case_id=mended.id,
                service_type_code="install",
                now=LATER,
            )
            for _ in range(4)
        ],
        *[
            in_scope(
                merchant,
                pay_difference,
                case_id=dearer.id,
                order_id=made.order_id,
                key=f"page-{place}",
                tenders=(),
                now=LATER,
            )
            for place in range(4)
        ],
    )

    visits, intents = results[:4], done(results[4:], payments.AlreadyAsked)
    assert len({visit.id for visit in done(visits)}) == 1
    assert sum(intent.amount_minor for intent in intents) == 100
    with tenancy.scope(merchant_id=merchant):
        assert_sound(merchant)


def test_money_of_a_claim_is_booked_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        bank = make_collected(merchant_id=merchant, document="order:1", channel="bank", amount=1)
        new = contracts.NewClaim(
            party="carrier",
            party_code="sf",
            what="parcel_lost",
            amount_minor=900,
            currency="CNY",
            reason="lost",
            key="one",
        )
        claim = open_claim(merchant_id=merchant, new=new, now=LATER)
        submit_claim(merchant_id=merchant, claim_id=claim.id, reason="handed in", now=LATER)

    results = at_once(
        *[
            in_scope(
                merchant,
                record_claim_money,
                claim_id=claim.id,
                received_minor=900,
                document="SF-1",
                account_code=bank,
                now=LATER,
            )
            for _ in range(CALLERS)
        ]
    )

    assert len(done(results, errors.ClaimPassed)) == 1
    with tenancy.scope(merchant_id=merchant):
        claims = payments.AccountKey("money:CNY", "claims", "carrier:sf")
        assert payments.balances(merchant_id=merchant, accounts=[claims])[claims].posted == 900
        assert_sound(merchant)
