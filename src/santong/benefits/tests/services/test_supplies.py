"""Third-party codes come from files or by asking, and are paid for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from santong.benefits import public as benefits
from santong.benefits.contracts.supplies import Reject
from santong.benefits.events import SupplyLow
from santong.benefits.jobs import ask_for_merchant
from santong.benefits.selectors.supplies import (
    codes_left,
    supplier_codes,
    supplier_statement,
    supply_by_id,
)
from santong.benefits.services.ask_suppliers import ask_suppliers
from santong.benefits.services.import_codes import import_codes
from santong.benefits.services.record_failure import TRIES_MAX, record_failure
from santong.benefits.services.record_invoice import record_invoice
from santong.benefits.services.record_receipt import record_receipt
from santong.benefits.services.watch_supplies import watch_supplies
from santong.benefits.suppliers.simulated import OUT_OF_STOCK, SimulatedSupplier
from santong.benefits.tests.factories import (
    ANOTHER,
    NOW,
    facts_told,
    make_batch,
    make_coupon,
    make_draft,
)
from santong.benefits.tests.races import AtOnce, claims, good
from santong.benefits.tests.steps import back, redeem
from santong.benefits.tests.supplies import bring, make_supply
from santong.kernel import tenancy

NOVEMBER = date(2026, 11, 1)
FILE = """code,expires_on
A-1,2027-01-31
A-2,

A-1,2027-01-31
,2027-01-31
A-3,tomorrow
A-4
"""


def test_a_file_of_codes_is_taken_and_its_faults_are_told(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id)
    bring(merchant_id, supply, ["A-2"])

    report = import_codes(
        merchant_id=merchant_id,
        supply_id=supply.id,
        content=FILE.encode("utf-8-sig"),
        file_name="november.csv",
        key="november",
        now=NOW,
    )

    assert (report.taken, report.duplicates) == (2, 1)
    assert report.rejects == (
        Reject(line=5, column=1, reason="stands in line 2 already"),
        Reject(line=6, column=1, reason="is empty"),
        Reject(line=7, column=2, reason="not a date"),
    )
    assert codes_left(merchant_id=merchant_id, supply_id=supply.id, now=NOW) == 3
    after = datetime(2027, 1, 31, 16, tzinfo=UTC)
    assert codes_left(merchant_id=merchant_id, supply_id=supply.id, now=after) == 2


def test_the_same_file_is_taken_once(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id)

    first = bring(merchant_id, supply, ["A", "B"], key="file")
    again = bring(merchant_id, supply, ["A", "B"], key="file")
    with pytest.raises(benefits.KeyTaken), transaction.atomic():
        bring(merchant_id, supply, ["A", "C"], key="file")

    assert (first.is_new, again.is_new, again.taken) == (True, False, 2)
    assert supply_by_id(merchant_id=merchant_id, supply_id=supply.id).imported == 2


@pytest.mark.parametrize(
    "content", [b"", b"number\nA", b'code\n"A', b"\xff\xff\xff", b"code\nA\0B"]
)
def test_what_is_no_file_of_codes_is_refused(merchant_id: int, content: bytes) -> None:
    supply = make_supply(merchant_id=merchant_id)

    with pytest.raises(benefits.ImportRefused), transaction.atomic():
        import_codes(
            merchant_id=merchant_id,
            supply_id=supply.id,
            content=content,
            file_name="x",
            key="x",
            now=NOW,
        )


def test_codes_are_sealed_and_shown_to_their_member_alone(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id)
    bring(merchant_id, supply, ["SECRET-ONE"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sealed, 'escape') FROM benefits_supplycode")
        stored = cursor.fetchall()
    batch = make_batch(
        merchant_id=merchant_id, kind="third_party_code", total=1, supply_id=supply.id
    )
    before = supplier_codes(merchant_id=merchant_id, coupon_ids=[1, 2, 3])

    coupon = make_coupon(merchant_id=merchant_id, batch=batch, member_id=17)

    (entry,) = benefits.wallet(merchant_id=merchant_id, member_id=17, now=NOW)
    assert all("SECRET" not in text for (text,) in stored)
    assert before == {}
    assert (entry.coupon_id, entry.supplier_code) == (coupon.id, "SECRET-ONE")


def test_a_batch_begins_only_with_a_code_for_each_of_its_coupons(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=5)
    named = {"kind": "third_party_code", "supply_id": supply.id}
    first = make_batch(merchant_id=merchant_id, total=3, **named)

    for total in (3, None):
        with pytest.raises(benefits.SupplyMissing), transaction.atomic():
            make_batch(merchant_id=merchant_id, total=total, **named)
    make_coupon(merchant_id=merchant_id, batch=first)
    benefits.end_batch(merchant_id=merchant_id, batch_id=first.id, now=NOW)
    make_batch(merchant_id=merchant_id, total=4, **named)

    assert supply_by_id(merchant_id=merchant_id, supply_id=supply.id).committed == 5
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_contract_that_is_over_supplies_nothing(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=5, contract_until=NOW)

    with pytest.raises(benefits.SupplyMissing), transaction.atomic():
        make_batch(merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=1)


def test_codes_are_issued_to_many_one_each(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=10)
    batch = make_batch(
        merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=10
    )
    run = benefits.issue(
        merchant_id=merchant_id,
        batch_id=batch.id,
        member_ids=range(17, 25),
        channel="console",
        key="many",
        now=NOW,
    )

    done = benefits.continue_issue(merchant_id=merchant_id, run_id=run.run_id, now=NOW)

    shown = [
        entry.supplier_code
        for member_id in range(17, 25)
        for entry in benefits.wallet(merchant_id=merchant_id, member_id=member_id, now=NOW)
    ]
    assert (done.issued, len(set(shown)), None in shown) == (8, 8, False)
    assert codes_left(merchant_id=merchant_id, supply_id=supply.id, now=NOW) == 2


def test_no_code_is_given_twice(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        supply = make_supply(merchant_id=merchant, codes=40)
        batch = make_batch(
            merchant_id=merchant, kind="third_party_code", supply_id=supply.id, total=40
        )

    results = at_once(*[claims(merchant, batch, 6) for _ in range(12)])

    assert sum(sum(got) for got in good(results)) == 40
    with tenancy.scope(merchant_id=merchant):
        assert codes_left(merchant_id=merchant, supply_id=supply.id, now=NOW) == 0
        assert benefits.check_invariants(merchant_id=merchant, now=NOW) == []


def test_two_batches_never_set_aside_one_code(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        supply = make_supply(merchant_id=merchant, codes=10)
        drafts = [
            make_draft(merchant_id=merchant, kind="third_party_code", supply_id=supply.id, total=4)
            for _ in range(4)
        ]
    with tenancy.scope(merchant_id=merchant, actor=ANOTHER):
        for draft in drafts:
            benefits.approve_batch(merchant_id=merchant, batch_id=draft.id, now=NOW)

    def begin(batch_id: int) -> object:
        with tenancy.scope(merchant_id=merchant):
            return benefits.activate_batch(merchant_id=merchant, batch_id=batch_id, now=NOW)

    results = at_once(*[lambda draft=draft: begin(draft.id) for draft in drafts])

    refused = [each for each in results if isinstance(each, benefits.SupplyMissing)]
    assert len(refused) == 2
    assert len([each for each in results if not isinstance(each, Exception)]) == 2


def test_the_alarm_goes_once_until_more_codes_come(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=3, alarm_below=3)
    batch = make_batch(
        merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=3
    )
    quiet = watch_supplies(merchant_id=merchant_id, now=NOW)
    make_coupon(merchant_id=merchant_id, batch=batch)

    told = [watch_supplies(merchant_id=merchant_id, now=NOW) for _ in range(2)]
    bring(merchant_id, supply, ["one-more"])
    after = watch_supplies(merchant_id=merchant_id, now=NOW)

    assert (quiet, told, after) == (0, [1, 0], 0)
    assert facts_told(merchant_id=merchant_id, kind=SupplyLow) == [
        SupplyLow(supply_id=supply.id, left=2, alarm_below=3)
    ]


def test_an_alarm_that_is_set_anew_rings_anew(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=2, alarm_below=3)
    first = watch_supplies(merchant_id=merchant_id, now=NOW)
    benefits.change_supply(
        merchant_id=merchant_id,
        supply_id=supply.id,
        name=supply.name,
        contract_number="2027-1",
        contract_until=None,
        alarm_below=10,
        reason="Christmas",
        now=NOW,
    )

    told = [watch_supplies(merchant_id=merchant_id, now=NOW) for _ in range(2)]

    assert (first, told) == (1, [1, 0])
    facts = facts_told(merchant_id=merchant_id, kind=SupplyLow)
    assert [each.alarm_below for each in facts] == [3, 10]


def asked_batch(merchant_id: int, *, product: str = "video-month") -> benefits.Batch:
    supply = make_supply(
        merchant_id=merchant_id, kind="api", adapter="simulated", product=product, cost_minor=700
    )
    return make_batch(
        merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=40
    )


def test_a_supplier_is_asked_until_it_delivers_and_once(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        batch = asked_batch(merchant)
        for member_id in range(17, 57):
            make_coupon(merchant_id=merchant, batch=batch, member_id=member_id)

    delivered = [
        ask_for_merchant(merchant_id=merchant, now=NOW + timedelta(hours=hour))
        for hour in range(TRIES_MAX)
    ]

    with tenancy.scope(merchant_id=merchant):
        entries = [
            benefits.wallet(merchant_id=merchant, member_id=member_id, now=NOW)[0]
            for member_id in range(17, 57)
        ]
    assert sum(delivered) == 40
    assert delivered[0] < 40
    assert len({entry.supplier_code for entry in entries}) == 40
    assert all(str(entry.supplier_code).startswith("SIM-") for entry in entries)


def test_a_supplier_that_never_delivers_leaves_the_coupon_void(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        coupon = make_coupon(
            merchant_id=merchant, batch=asked_batch(merchant, product=OUT_OF_STOCK), member_id=17
        )

    for hour in range(TRIES_MAX + 2):
        ask_for_merchant(merchant_id=merchant, now=NOW + timedelta(hours=2 * hour))

    with tenancy.scope(merchant_id=merchant):
        found = benefits.coupon_by_id(merchant_id=merchant, coupon_id=coupon.id)
        assert found.state == "void"
        assert benefits.check_invariants(merchant_id=merchant, now=NOW) == []


def test_a_request_has_one_asker_and_one_answer(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_coupon(merchant_id=merchant, batch=asked_batch(merchant))

    def ask() -> list[object]:
        with tenancy.scope(merchant_id=merchant):
            return list(ask_suppliers(merchant_id=merchant, now=NOW))

    asks = [each for found in at_once(ask, ask, ask) for each in found]
    (request_id,) = {each.request_id for each in asks}

    def answer() -> bool:
        with tenancy.scope(merchant_id=merchant):
            return record_receipt(
                merchant_id=merchant, request_id=request_id, receipt="R-1", now=NOW
            )

    def fail() -> bool:
        with tenancy.scope(merchant_id=merchant):
            return record_failure(
                merchant_id=merchant, request_id=request_id, error="late", now=NOW
            )

    answers = at_once(answer, answer, fail)

    assert len(asks) == 1
    assert sorted(answers[:2]) == [False, True]
    assert answers[2] is False


def test_the_simulated_supplier_gives_one_code_for_a_key() -> None:
    supplier = SimulatedSupplier()

    codes = {supplier.deliver(key="k", product="p", attempt=attempt) for attempt in range(40, 50)}

    assert len(codes) == 1


def test_what_is_granted_is_owed_to_the_supplier(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=5, cost_minor=990)
    batch = make_batch(
        merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=5
    )
    for _ in range(3):
        make_coupon(merchant_id=merchant_id, batch=batch)
    assert supply.supplier_id is not None

    owed = supplier_statement(
        merchant_id=merchant_id, supplier_id=supply.supplier_id, month=NOVEMBER
    )

    assert owed.amount_minor == 2_970
    assert [(line.supply_id, line.charged, line.returned) for line in owed.lines] == [
        (supply.id, 3, 0)
    ]


def test_what_is_redeemed_is_owed_and_what_comes_back_is_not(merchant_id: int) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=5, cost_minor=990, charged_when="redeemed")
    batch = make_batch(
        merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=5
    )
    one, other, _ = (make_coupon(merchant_id=merchant_id, batch=batch) for _ in range(3))
    assert supply.supplier_id is not None

    redeem(merchant_id, one)
    redeem(merchant_id, other)
    back(merchant_id, other)
    redeem(merchant_id, other)
    back(merchant_id, other)
    owed = supplier_statement(
        merchant_id=merchant_id, supplier_id=supply.supplier_id, month=NOVEMBER
    )

    assert owed.amount_minor == 990
    assert [(line.charged, line.returned) for line in owed.lines] == [(3, 2)]


@pytest.mark.parametrize(("asked", "state"), [(2_970, "matched"), (2_971, "differs")])
def test_an_invoice_matches_to_the_last_minor_unit(
    merchant_id: int, asked: int, state: str
) -> None:
    supply = make_supply(merchant_id=merchant_id, codes=5, cost_minor=990)
    batch = make_batch(
        merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id, total=5
    )
    for _ in range(3):
        make_coupon(merchant_id=merchant_id, batch=batch)
    assert supply.supplier_id is not None

    invoices = [
        record_invoice(
            merchant_id=merchant_id,
            supplier_id=supply.supplier_id,
            number="INV-11",
            month=NOVEMBER,
            amount_minor=asked,
            now=NOW,
        )
        for _ in range(2)
    ]

    assert [(each.state, each.counted_minor, each.is_new) for each in invoices] == [
        (state, 2_970, True),
        (state, 2_970, False),
    ]
