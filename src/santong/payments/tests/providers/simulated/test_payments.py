"""Payments at the simulated provider: asked, paid, refused, closed, captured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.payments.contracts.providers import Access, Ask, Refused, Seen, Unreachable
from santong.payments.models import SimulatedNotice, SimulatedPayment
from santong.payments.providers.simulated import Simulated
from santong.payments.services.act_as_buyer import BuyersAction, act_as_buyer
from santong.payments.tests.at_providers import (
    Clock,
    balance_there,
    make_access,
    make_ask,
    make_refund,
)
from santong.payments.tests.factories import NOW

pytestmark = pytest.mark.usefixtures("database")


def act(access: Access, ask: Ask, action: BuyersAction = "pay", *, clock: Clock) -> Seen:
    with tenancy.scope(merchant_id=access.merchant_id):
        return act_as_buyer(
            merchant_id=access.merchant_id, reference=ask.reference, action=action, now=clock()
        )


def told(access: Access) -> dict[str, str]:
    """What is to be told, and what becomes of it."""
    with tenancy.scope(merchant_id=access.merchant_id):
        notices = SimulatedNotice.objects.of_merchant(access.merchant_id)
        return {each.number: each.state for each in notices.order_by("due_at", "id")}


def test_a_buyer_is_asked_on_a_page_and_pays(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    ask = make_ask()

    shown, seen = simulated.ask(access=access, ask=ask)
    again, _ = simulated.ask(access=access, ask=ask)
    clock.move(seconds=20)
    paid = act(access, ask, clock=clock)

    assert seen.state == "waiting"
    assert shown.payload.startswith("http://127.0.0.1:9/pay/simulated/")
    assert again == shown
    assert (paid.state, paid.amount_minor, paid.fee_minor) == ("paid", 12_900, 77)
    assert paid.at == NOW + timedelta(seconds=20)
    assert simulated.query(access=access, reference=ask.reference) == paid
    assert simulated.close(access=access, reference=ask.reference) == paid
    assert told(access) == {f"payment:{ask.reference}:paid": "waiting"}
    assert balance_there(access) == 12_823


def test_a_reference_stands_for_one_payment(simulated: Simulated, access: Access) -> None:
    ask = make_ask()
    simulated.ask(access=access, ask=ask)

    with pytest.raises(Refused, match="REFERENCE_TAKEN"):
        simulated.ask(access=access, ask=make_ask(ask.reference, amount_minor=1))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"way": "terminal"}, "WAY_NOT_OFFERED"),
        ({"amount_minor": 0}, "AMOUNT_INVALID"),
        ({"token": "4111 1111 1111 1111"}, "CARD_NUMBER"),
        ({"token": "mood:refused"}, "REFUSED"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    simulated: Simulated, access: Access, given: dict[str, Any], code: str
) -> None:
    ask = make_ask(**given)

    with pytest.raises(Refused) as refused:
        simulated.ask(access=access, ask=ask)

    assert refused.value.code == code
    assert simulated.query(access=access, reference=ask.reference).state == "unknown"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("profile", "sunny"),
        ("buyer", "cat"),
        ("fee_per_million", "1000001"),
        ("pace_permille", "-1"),
        ("time_zone", "Mars/Base"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    simulated: Simulated, merchant: int, setting: str, value: str
) -> None:
    with pytest.raises(Refused, match="BAD_SETTING"):
        simulated.ask(access=make_access(merchant, **{setting: value}), ask=make_ask())


def test_a_code_that_the_buyer_shows_is_paid_with_at_once(
    simulated: Simulated, access: Access
) -> None:
    _, seen = simulated.ask(access=access, ask=make_ask(way="scan", token="28763443825664394"))

    assert seen.state == "paid"


def test_buyers_who_always_pay_are_a_setting(simulated: Simulated, merchant: int) -> None:
    _, seen = simulated.ask(access=make_access(merchant, buyer="pays"), ask=make_ask())

    assert seen.state == "paid"


def test_whoever_refuses_has_not_paid_and_that_is_told(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    ask = make_ask()
    simulated.ask(access=access, ask=ask)

    seen = act(access, ask, "refuse", clock=clock)

    assert (seen.state, seen.why) == ("failed", "REFUSED")
    assert told(access) == {f"payment:{ask.reference}:failed": "waiting"}
    with pytest.raises(Refused, match="NOT_WAITING"):
        act(access, ask, clock=clock)
    assert balance_there(access) == 0


def test_nobody_pays_after_the_time_has_run_out_or_what_was_closed(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    late, closed = make_ask(), make_ask()
    simulated.ask(access=access, ask=late)
    simulated.ask(access=access, ask=closed)
    assert simulated.close(access=access, reference=closed.reference).state == "closed"

    clock.now = late.expires_at

    seen = simulated.query(access=access, reference=late.reference)
    assert (seen.state, seen.why) == ("closed", "expired")
    for ask in (late, closed):
        with pytest.raises(Refused, match="NOT_WAITING"):
            act(access, ask, clock=clock)
    assert simulated.close(access=access, reference="R0").state == "unknown"


def test_what_is_authorised_is_captured_in_part_and_the_rest_is_free(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    ask = make_ask(authorise_only=True)
    simulated.ask(access=access, ask=ask)
    with pytest.raises(Refused, match="NOT_AUTHORISED"):
        simulated.capture(access=access, reference=ask.reference, amount_minor=100)

    authorised = act(access, ask, clock=clock)
    with pytest.raises(Refused, match="MORE_THAN_AUTHORISED"):
        simulated.capture(access=access, reference=ask.reference, amount_minor=12_901)
    captured = simulated.capture(access=access, reference=ask.reference, amount_minor=10_000)

    assert (authorised.state, authorised.amount_minor) == ("authorised", 12_900)
    assert (captured.state, captured.amount_minor, captured.fee_minor) == ("paid", 10_000, 60)
    again = simulated.capture(access=access, reference=ask.reference, amount_minor=10_000)
    assert again == captured
    assert balance_there(access) == 9_940


def test_what_is_authorised_is_voided(simulated: Simulated, access: Access, clock: Clock) -> None:
    ask = make_ask(authorise_only=True)
    simulated.ask(access=access, ask=ask)
    act(access, ask, clock=clock)

    seen = simulated.close(access=access, reference=ask.reference)

    assert (seen.state, seen.why) == ("closed", "voided")
    assert balance_there(access) == 0


def test_a_call_that_timed_out_was_done_or_was_not(simulated: Simulated, access: Access) -> None:
    done, undone = make_ask(token="mood:done_unheard"), make_ask(token="mood:not_done_unheard")

    for ask in (done, undone):
        with pytest.raises(Unreachable):
            simulated.ask(access=access, ask=ask)

    assert simulated.query(access=access, reference=done.reference).state == "waiting"
    assert simulated.query(access=access, reference=undone.reference).state == "unknown"
    assert simulated.ask(access=access, ask=undone)[1].state == "waiting"


def test_whoever_calls_too_often_is_not_answered(
    simulated: Simulated, merchant: int, clock: Clock
) -> None:
    access = make_access(merchant, calls_per_minute="2")
    calls = [make_ask() for _ in range(3)]
    for ask in calls[:2]:
        simulated.ask(access=access, ask=ask)

    with pytest.raises(Unreachable, match="FREQUENCY_LIMIT"):
        simulated.ask(access=access, ask=calls[2])
    clock.move(minutes=1)

    assert simulated.ask(access=access, ask=calls[2])[1].state == "waiting"


def test_a_buyer_may_be_faster_than_a_close(simulated: Simulated, access: Access) -> None:
    ask = make_ask(token="mood:paid_while_closing")
    simulated.ask(access=access, ask=ask)

    seen = simulated.close(access=access, reference=ask.reference)

    assert seen.state == "paid"
    assert balance_there(access) == 12_823


def test_a_buyer_may_pay_two_codes_of_one_thing(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    codes = [make_ask(), make_ask(), make_ask(subject="order 18")]
    for ask in codes:
        simulated.ask(access=access, ask=ask)

    act(access, codes[1], "pay_every_code", clock=clock)

    states = [simulated.query(access=access, reference=ask.reference).state for ask in codes]
    assert states == ["paid", "paid", "waiting"]


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("pay_and_lose_the_notice", [("paid", "lost", 1, 0)]),
        ("pay_and_tell_twice", [("paid", "waiting", 2, 0)]),
        ("pay_and_tell_in_disorder", [("paid", "waiting", 1, 0), ("waiting", "waiting", 1, 1)]),
    ],
)
def test_a_notice_is_lost_or_comes_twice_or_after_a_later_one(
    simulated: Simulated, access: Access, clock: Clock, action: BuyersAction, found: list[Any]
) -> None:
    ask = make_ask()
    simulated.ask(access=access, ask=ask)

    act(access, ask, action, clock=clock)

    with tenancy.scope(merchant_id=access.merchant_id):
        notices = SimulatedNotice.objects.of_merchant(access.merchant_id).order_by("due_at", "id")
        assert [
            (each.number.split(":")[2], each.state, each.times, (each.due_at - NOW).seconds)
            for each in notices
        ] == found


def test_a_refund_may_be_told_before_its_payment(
    simulated: Simulated, access: Access, clock: Clock
) -> None:
    ask = make_ask()
    simulated.ask(access=access, ask=ask)
    act(access, ask, "pay_and_tell_late", clock=clock)

    back = make_refund(ask, 900)
    simulated.refund(access=access, ask=back)

    assert list(told(access)) == [f"refund:{back.reference}:done", f"payment:{ask.reference}:paid"]


def test_nobody_is_told_where_nobody_listens(simulated: Simulated, merchant: int) -> None:
    access = make_access(merchant, notify_url="")

    shown, _ = simulated.ask(access=access, ask=make_ask(way="scan"))

    assert shown.payload.startswith("/pay/simulated/")
    assert told(access) == {}


def test_pay_refuse_close_and_expiry_at_once_have_one_winner(
    simulated: Simulated, access: Access, clock: Clock, at_once: Any
) -> None:
    for _ in range(4):
        ask = make_ask()
        simulated.ask(access=access, ask=ask)
        after = Clock(ask.expires_at)

        results = at_once(
            lambda ask=ask: act(access, ask, clock=clock),
            lambda ask=ask: act(access, ask, "pay_every_code", clock=clock),
            lambda ask=ask: act(access, ask, "refuse", clock=clock),
            lambda ask=ask: simulated.close(access=access, reference=ask.reference),
            lambda ask=ask, after=after: act(access, ask, clock=after),
        )

        ended = simulated.query(access=access, reference=ask.reference)
        assert ended.state in {"paid", "failed", "closed"}
        acts = [results[0], results[1], results[2]]
        done = [each for each in acts if isinstance(each, Seen)]
        assert len(done) == (ended.state != "closed")
        assert results[3].state == ended.state
        assert isinstance(results[4], Refused)
        with tenancy.scope(merchant_id=access.merchant_id):
            row = SimulatedPayment.objects.get(reference=ask.reference)
        assert row.paid_minor == (12_900 if ended.state == "paid" else 0)
    balance_there(access)


def test_the_same_is_asked_at_once_and_there_is_one_page(
    simulated: Simulated, access: Access, at_once: Any
) -> None:
    ask = make_ask()

    results = at_once(*[lambda: simulated.ask(access=access, ask=ask) for _ in range(6)])

    assert len({shown.payload for shown, _ in results}) == 1
