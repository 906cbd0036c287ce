"""A party's month: it adds up, it stays, and what is wrong in it is put right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from santong.settlement.contracts import Statement
from santong.settlement.errors import AlreadyClaimed, ClaimAnswered, MonthOpen, OpenClaims
from santong.settlement.selectors.statements import entries_page, statements_page
from santong.settlement.services.answer_claim import accept_claim, refuse_claim
from santong.settlement.services.close_month import bounds, close_month
from santong.settlement.services.confirm_statement import confirm_statement
from santong.settlement.services.dispute_entry import dispute_entry
from santong.settlement.services.reverse_shares import reverse_shares
from santong.settlement.services.send_payouts import send_payouts
from santong.settlement.tests.factories import (
    NOW,
    assert_sound,
    make_clerks,
    make_run,
    owe_clerk,
    owed,
)

NOVEMBER = date(2026, 11, 1)
DECEMBER = date(2026, 12, 1)
IN_DECEMBER = datetime(2026, 12, 5, tzinfo=UTC)
IN_JANUARY = datetime(2027, 1, 5, tzinfo=UTC)


def statement_of(merchant_id: int, month: date, party: str = "clerk:G1") -> Statement:
    found = statements_page(merchant_id=merchant_id, month=month)
    return next(each for each in found if each.party_code == party)


def first_line(merchant_id: int, statement: Statement) -> int:
    return entries_page(
        merchant_id=merchant_id, party_id=statement.party_id, currency=statement.currency
    )[-1].id


def closed(merchant_id: int) -> Statement:
    make_clerks(merchant_id, "G1")
    close_month(merchant_id=merchant_id, month=NOVEMBER, now=IN_DECEMBER)
    return statement_of(merchant_id, NOVEMBER)


def test_a_month_begins_at_midnight_where_the_merchant_is() -> None:
    assert bounds(NOVEMBER, timezone="Asia/Shanghai") == (
        datetime(2026, 10, 31, 16, tzinfo=UTC),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
    )


def test_a_month_adds_up_and_the_next_begins_where_it_ended(merchant_id: int) -> None:
    shop = make_clerks(merchant_id, "G1")
    sale = owe_clerk(shop, price_minor=20_000)
    reverse_shares(
        merchant_id=merchant_id,
        document=sale.document,
        key="refund:1",
        kind="refund",
        amount_minor=5_000,
        reason="late",
        now=NOW,
    )
    make_run(merchant_id)
    send_payouts(merchant_id=merchant_id, limit=10, now=NOW)
    owe_clerk(shop, price_minor=7_000, now=IN_DECEMBER)

    for month in (NOVEMBER, DECEMBER):
        close_month(merchant_id=merchant_id, month=month, now=IN_JANUARY)

    november = statement_of(merchant_id, NOVEMBER)
    assert (november.opening_minor, november.shared_minor, november.reversed_minor) == (
        0,
        3_000,
        -500,
    )
    assert (november.paid_out_minor, november.closing_minor) == (-2_500, 0)
    december = statement_of(merchant_id, DECEMBER)
    assert (december.opening_minor, december.closing_minor, december.entries) == (0, 700, 1)
    assert statement_of(merchant_id, DECEMBER, "head_office").opening_minor == (
        statement_of(merchant_id, NOVEMBER, "head_office").closing_minor
    )
    assert_sound(merchant_id)


def test_a_month_is_closed_a_day_after_its_end(merchant_id: int) -> None:
    make_clerks(merchant_id, "G1")
    end = bounds(NOVEMBER, timezone="Asia/Shanghai")[1]

    with pytest.raises(MonthOpen):
        close_month(
            merchant_id=merchant_id, month=NOVEMBER, now=end + timedelta(hours=23, minutes=59)
        )


def test_a_closed_month_stays_as_it_is(merchant_id: int) -> None:
    before = closed(merchant_id)

    again = close_month(merchant_id=merchant_id, month=NOVEMBER, now=IN_JANUARY)

    assert again == 0
    assert statement_of(merchant_id, NOVEMBER) == before


def test_a_statement_is_not_confirmed_while_a_line_waits_for_its_answer(merchant_id: int) -> None:
    statement = closed(merchant_id)
    dispute_entry(
        merchant_id=merchant_id,
        statement_id=statement.id,
        entry_id=first_line(merchant_id, statement),
        reason="two coats, not one",
        now=IN_DECEMBER,
    )

    with pytest.raises(OpenClaims) as refused:
        confirm_statement(merchant_id=merchant_id, statement_id=statement.id, now=IN_DECEMBER)

    assert refused.value.claims == 1


def test_an_accepted_claim_is_payable_and_head_office_bears_it(merchant_id: int) -> None:
    statement = closed(merchant_id)
    before = owed(merchant_id, "head_office")
    claim = dispute_entry(
        merchant_id=merchant_id,
        statement_id=statement.id,
        entry_id=first_line(merchant_id, statement),
        reason="two coats, not one",
        now=IN_DECEMBER,
    )

    answered = accept_claim(
        merchant_id=merchant_id,
        claim_id=claim.id,
        correction_minor=250,
        answer="so it was",
        now=IN_DECEMBER,
    )
    confirmed = confirm_statement(
        merchant_id=merchant_id, statement_id=statement.id, now=IN_DECEMBER
    )

    assert (answered.state, answered.correction_minor) == ("accepted", 250)
    assert owed(merchant_id, "clerk:G1") == (0, 1_250)
    assert owed(merchant_id, "head_office") == (before[0], before[1] - 250)
    assert confirmed.state == "confirmed"
    assert confirmed.closing_minor == statement.closing_minor
    close_month(merchant_id=merchant_id, month=DECEMBER, now=IN_JANUARY)
    assert statement_of(merchant_id, DECEMBER).corrected_minor == 250
    assert_sound(merchant_id)


def test_a_refused_claim_says_why_and_is_answered_once(merchant_id: int) -> None:
    statement = closed(merchant_id)
    claim = dispute_entry(
        merchant_id=merchant_id,
        statement_id=statement.id,
        entry_id=first_line(merchant_id, statement),
        reason="too little",
        now=IN_DECEMBER,
    )
    answered = refuse_claim(
        merchant_id=merchant_id, claim_id=claim.id, answer="a tenth, as agreed", now=IN_DECEMBER
    )

    with pytest.raises(ClaimAnswered):
        refuse_claim(merchant_id=merchant_id, claim_id=claim.id, answer="again", now=IN_DECEMBER)

    assert (answered.state, answered.answer) == ("refused", "a tenth, as agreed")


def test_a_line_is_disputed_once(merchant_id: int) -> None:
    statement = closed(merchant_id)
    entry_id = first_line(merchant_id, statement)

    def dispute() -> None:
        dispute_entry(
            merchant_id=merchant_id,
            statement_id=statement.id,
            entry_id=entry_id,
            reason="too little",
            now=IN_DECEMBER,
        )

    dispute()
    with pytest.raises(AlreadyClaimed) as refused:
        dispute()
    assert refused.value.state == "open"
