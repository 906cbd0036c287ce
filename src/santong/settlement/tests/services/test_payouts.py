"""Payouts: drafted, approved by somebody else, sent within limits, ended, sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.kernel import crypto
from santong.kernel.errors import FieldInvalid
from santong.settlement.contracts import PayoutLimits, Rule
from santong.settlement.errors import LinePassed, NothingToPay, RunPassed
from santong.settlement.models import Party
from santong.settlement.selectors.parties import party_by_id, place_of_receiver
from santong.settlement.selectors.payouts import payout_run
from santong.settlement.services.approve_payouts import approve_payouts, cancel_payouts
from santong.settlement.services.draft_payouts import continue_draft, draft_payouts
from santong.settlement.services.plan_lines import NO_RECEIVER
from santong.settlement.services.retry_payout import retry_payout
from santong.settlement.services.send_payouts import NOT_PAYABLE, send_payouts
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    lines_of,
    make_account,
    make_clerks,
    make_run,
    owe_clerk,
    owed,
    party_id_of,
    publish,
    somebody,
    tell,
)


def known_as(merchant_id: int, code: str, *, receiver: str) -> None:
    """A party's name at the provider, however it came to be that."""
    row = Party.objects.of_merchant(merchant_id).get(code=code)
    row.receiver_sealed = crypto.encrypt(
        merchant_id=merchant_id, plain=receiver.encode(), place=place_of_receiver(code)
    )
    row.save(update_fields=["receiver_sealed"])


def test_what_is_due_is_paid_and_the_run_ends(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1", "G2")
    run = make_run(merchant_id)

    sent = send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    for line in lines_of(merchant_id, run):
        tell(merchant_id, line, "done")

    assert sent == 2
    assert owed(merchant_id, "clerk:G1") == owed(merchant_id, "clerk:G2") == (0, 0)
    ended = payout_run(merchant_id=merchant_id, run_id=run.id)
    assert (ended.state, ended.lines_by_state) == ("ended", (("done", 2),))
    assert (ended.drafted_by, ended.approved_by) == ("staff:1", "staff:2")
    assert_sound(merchant_id)


def test_a_draft_that_was_interrupted_goes_on_behind_the_last_party(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1", "G2", "G3")
    begun = draft_payouts(
        merchant_id=merchant_id,
        account_code=make_account(merchant_id),
        currency="CNY",
        minimum_minor=1,
        limits=PayoutLimits(),
        parties=2,
        now=NOW,
    )

    steps = [
        continue_draft(merchant_id=merchant_id, run_id=begun.id, parties=2, now=NOW)
        for _ in range(3)
    ]

    assert (begun.state, begun.lines) == ("drafting", 2)
    assert [(run.state, run.lines, run.amount_minor) for run in steps] == [("draft", 3, 3_000)] * 3
    codes = [line.party_code for line in lines_of(merchant_id, begun)]
    assert codes == ["clerk:G1", "clerk:G2", "clerk:G3"]


def test_less_than_the_minimum_waits_and_nothing_at_all_is_not_approved(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")

    with pytest.raises(NothingToPay):
        make_run(merchant_id, minimum_minor=1_001)


def test_who_has_no_receiver_is_left_out_and_the_line_says_so(merchant_id: int) -> None:
    shop = make_clerks(merchant_id, "G1")
    owe_clerk(shop, guide="G2")

    run = make_run(merchant_id)

    lines = {line.party_code: (line.state, line.why) for line in lines_of(merchant_id, run)}
    assert lines == {"clerk:G1": ("planned", ""), "clerk:G2": ("left_out", NO_RECEIVER)}


def test_a_large_amount_is_sent_in_parts_at_the_providers_pace(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    run = make_run(merchant_id, limits=PayoutLimits(most_minor=400, per_second=2))

    first = send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    second = send_payouts(merchant_id=merchant_id, limit=10, now=NOW + timedelta(seconds=1))

    assert (first, second) == (2, 1)
    assert [line.amount_minor for line in lines_of(merchant_id, run)] == [334, 333, 333]
    assert_sound(merchant_id)


def test_what_goes_beyond_an_accounts_day_waits_for_the_next(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1", "G2")
    make_run(merchant_id, limits=PayoutLimits(most_a_day_minor=1_500))

    days = [NOW, NOW + timedelta(hours=23), NOW + timedelta(days=1, seconds=1)]

    assert [send_payouts(merchant_id=merchant_id, limit=10, now=day) for day in days] == [1, 0, 1]


def test_a_line_that_cannot_be_queued_keeps_no_other_from_being_sent(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1", "G2", "G3")
    run = make_run(merchant_id, limits=PayoutLimits(most_a_day_minor=2_000))
    known_as(merchant_id, "clerk:G1", receiver="4111111111111111")

    sent = [send_payouts(merchant_id=merchant_id, limit=10, now=NOW) for _ in range(3)]

    lines = {line.party_code: (line.state, line.why) for line in lines_of(merchant_id, run)}
    assert sent == [1, 1, 0]
    assert lines == {
        "clerk:G1": ("failed", "payments.card_number_seen"),
        "clerk:G2": ("sent", ""),
        "clerk:G3": ("sent", ""),
    }
    assert owed(merchant_id, "clerk:G1") == (0, 1_000)
    assert_sound(merchant_id)


def test_what_was_paid_by_another_run_is_not_paid_again(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    first, second = make_run(merchant_id), make_run(merchant_id)

    sent = send_payouts(merchant_id=merchant_id, limit=10, now=NOW)

    assert sent == 1
    assert lines_of(merchant_id, first)[0].state == "sent"
    left_out = lines_of(merchant_id, second)[0]
    assert (left_out.state, left_out.why) == ("left_out", NOT_PAYABLE)
    assert payout_run(merchant_id=merchant_id, run_id=second.id).state == "ended"


def test_a_line_that_failed_is_sent_again_as_another_transfer(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    run = make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (failed,) = lines_of(merchant_id, run)
    tell(merchant_id, failed, "failed", why="name differs")
    assert owed(merchant_id, "clerk:G1") == (0, 1_000)

    retry_payout(merchant_id=merchant_id, line_id=failed.id, reason="name put right", now=NOW)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (again,) = lines_of(merchant_id, run)
    tell(merchant_id, again, "done")

    (done,) = lines_of(merchant_id, run)
    assert (done.state, done.attempts) == ("done", 2)
    assert done.transfer_id != failed.transfer_id
    assert owed(merchant_id, "clerk:G1") == (0, 0)
    assert payout_run(merchant_id=merchant_id, run_id=run.id).state == "ended"
    assert_sound(merchant_id)


def test_what_is_on_its_way_is_not_sent_again(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    run = make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    (line,) = lines_of(merchant_id, run)

    with pytest.raises(LinePassed):
        retry_payout(merchant_id=merchant_id, line_id=line.id, reason="impatient", now=NOW)


def test_a_cancelled_draft_is_not_approved(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    run = draft_payouts(
        merchant_id=merchant_id,
        account_code=make_account(merchant_id),
        currency="CNY",
        minimum_minor=1,
        limits=PayoutLimits(),
        now=NOW,
    )
    cancelled = cancel_payouts(merchant_id=merchant_id, run_id=run.id, reason="wrong day", now=NOW)
    (line,) = lines_of(merchant_id, run)

    with pytest.raises(RunPassed), somebody(2):
        approve_payouts(merchant_id=merchant_id, run_id=run.id, now=NOW)

    assert (cancelled.state, line.state, line.why) == ("cancelled", "left_out", "wrong day")


def test_what_was_paid_out_and_refunded_is_taken_from_the_next_payout(merchant_id: int) -> None:
    shop = make_clerks(merchant_id, "G1")
    make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    publish(merchant_id, Rule(code="clerk", role="clerk", rate_bp=500))

    owe_clerk(shop, guide="G1", price_minor=3_000)

    assert owed(merchant_id, "clerk:G1") == (150, 0)
    assert_sound(merchant_id)


def test_limits_within_which_nothing_is_sent_are_refused(merchant_id: int) -> None:
    with pytest.raises(FieldInvalid) as refused:
        draft_payouts(
            merchant_id=merchant_id,
            account_code="simulated",
            currency="CNY",
            minimum_minor=1,
            limits=PayoutLimits(most_minor=0),
            now=NOW,
        )

    assert refused.value.pointer == "/limits/most_minor"


def test_a_receiver_shows_its_end_only(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")

    party = party_by_id(merchant_id=merchant_id, party_id=party_id_of(merchant_id, "clerk:G1"))

    assert party.receiver == "***********k:G1"
