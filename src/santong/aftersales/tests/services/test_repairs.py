"""What buyers brought is mended, for nothing under warranty, else for a price they accept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.aftersales import contracts, errors
from santong.aftersales.selectors.cases import case_by_id, repair_of
from santong.aftersales.selectors.claimable import claimable_of
from santong.aftersales.selectors.claims import claim_sums, claims_page
from santong.aftersales.services.go_on_claim import (
    grant_claim,
    open_claim,
    record_claim_money,
    refuse_claim,
    submit_claim,
)
from santong.aftersales.services.go_on_repair import (
    accept_quote,
    ask_for_payment,
    decline_quote,
    finish_repair,
    follow_payment,
    hand_back,
    quote_repair,
)
from santong.aftersales.services.publish_policy import publish_warranty
from santong.aftersales.services.visit_repair import (
    ask_for_visit,
    follow_arrival,
    follow_booking,
    follow_work,
)
from santong.aftersales.tests.factories import (
    LATER,
    NOW,
    Bought,
    accept,
    assert_sound,
    counted,
    make_bought,
    make_case,
    receive,
)
from santong.clocks import public as clocks
from santong.fieldservice.tests.factories import make_team
from santong.inventory import public as inventory
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.payments import public as payments
from santong.payments.tests.factories import make_collected
from santong.settlement import public as settlement
from santong.settlement.tests.factories import publish


def brought(bought: Bought, **given: Any) -> dict[str, Any]:
    """The item of an accepted repair is at the store; what names it for services."""
    case = make_case(bought, kind="repair", reason="defective", **given)
    receive(bought, accept(bought, case))
    return {"merchant_id": bought.merchant_id, "case_id": case.id, "now": LATER}


def state(about: dict[str, Any]) -> str:
    repair = repair_of(merchant_id=about["merchant_id"], case_id=about["case_id"])
    assert repair is not None
    return repair.state


def test_under_warranty_it_costs_nothing_and_stays_the_buyers(merchant_id: int) -> None:
    publish_warranty(
        merchant_id=merchant_id,
        terms=contracts.WarrantyTerms(months=12),
        reason="as the law asks",
        now=NOW - timedelta(days=9),
    )
    bought = make_bought(merchant_id)
    about = brought(bought)

    quote_repair(**about, quote_minor=0, diagnosis="a loose seam")
    finish_repair(**about, remark="sewn")
    hand_back(**about)

    case = case_by_id(merchant_id=merchant_id, case_id=about["case_id"])
    repair = repair_of(merchant_id=merchant_id, case_id=case.id)
    levels = inventory.levels_of(
        merchant_id=merchant_id,
        location_ids=[bought.store],
        sku_ids=[bought.order.lines[0].sku_id],
    )
    assert repair is not None
    assert (case.state, repair.state, repair.is_warranty) == ("done", "handed_back", True)
    assert sum(level.on_hand for level in levels) == 0
    assert counted(bought, bought.lines[0]) == (0, 0, 0)
    assert_sound(merchant_id)


def test_a_quote_is_accepted_and_paid_before_anything_is_mended(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    about = brought(bought)
    document = f"case:{about['case_id']}"

    quote_repair(**about, quote_minor=8_000, diagnosis="a new zip")
    accept_quote(**about)
    intent = ask_for_payment(**about, key="1", tenders=())
    with pytest.raises(errors.RepairPassed), transaction.atomic():
        finish_repair(**about, remark="done")
    before = state(about)
    make_collected(merchant_id=merchant_id, document=document, channel="till", amount=8_000)
    follow_payment(merchant_id=merchant_id, document=document, now=LATER)

    assert (intent.document, intent.amount_minor) == (document, 8_000)
    assert (before, state(about)) == ("to_be_paid", "repairing")


def test_a_repair_at_home_follows_its_visit_and_its_price_is_shared(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    technician = make_team(merchant_id)
    publish(merchant_id, settlement.Rule(code="work", role="installer", fixed_minor=5_000))
    case = accept(bought, make_case(bought, kind="repair", reason="defective", way_back="home"))
    about: dict[str, Any] = {"merchant_id": merchant_id, "case_id": case.id, "now": LATER}
    named: dict[str, Any] = {"merchant_id": merchant_id, "document": case.subject, "now": LATER}

    visit, again = (ask_for_visit(**about, service_type_code="install") for _ in range(2))
    follow_booking(**named, provider_code=technician.provider_code)
    follow_arrival(**named)
    quote_repair(**about, quote_minor=8_000, diagnosis="a new zip")
    accept_quote(**about)
    follow_work(**named)
    unpaid = state(about)
    make_collected(merchant_id=merchant_id, document=case.subject, channel="till", amount=8_000)
    follow_payment(**named)
    follow_work(**named)

    shared = settlement.shared_sale(merchant_id=merchant_id, document=case.subject)
    repair = repair_of(merchant_id=merchant_id, case_id=case.id)
    assert repair is not None
    assert (case.state, visit.id, visit.document) == ("working", again.id, case.subject)
    assert (unpaid, repair.state, repair.repairer) == ("to_be_paid", "handed_back", "provider")
    assert repair.repairer_code == technician.provider_code
    assert case_by_id(merchant_id=merchant_id, case_id=case.id).state == "done"
    installer = {each.party_code for each in shared.shares if each.role == "installer"}
    assert sum(each.left_minor for each in shared.shares if each.role == "installer") == 5_000
    assert (installer, shared.accepted_at) == ({f"installer:{technician.provider_code}"}, LATER)
    assert_sound(merchant_id)


def test_only_a_repair_is_done_at_home(merchant_id: int) -> None:
    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        make_case(make_bought(merchant_id), kind="return", way_back="home")

    assert refused.value.pointer == "/way_back"


def test_a_warranty_is_shown_with_its_end(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    sku_code = bought.order.lines[0].sku_code
    terms = contracts.WarrantyTerms(months=3, months_by_sku={sku_code: 12})
    publish_warranty(merchant_id=merchant_id, terms=terms, reason="new season", now=NOW)

    (line,) = claimable_of(merchant_id=merchant_id, order=bought.order)

    assert line.delivered_at is not None
    assert line.good_until == line.delivered_at.replace(year=line.delivered_at.year + 1)


def test_who_does_not_want_it_for_the_price_has_it_back_as_it_was(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    about = brought(bought)

    quote_repair(**about, quote_minor=8_000, diagnosis="a new zip")
    decline_quote(**about)
    hand_back(**about)

    assert case_by_id(merchant_id=merchant_id, case_id=about["case_id"]).state == "done"


def test_clocks_stop_when_what_was_waited_for_has_come(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = make_case(bought)
    waiting = clocks.clocks_of(merchant_id=merchant_id, subject=case.subject)

    receive(bought, accept(bought, case))

    found = clocks.clocks_of(merchant_id=merchant_id, subject=case.subject)
    assert [(each.term, each.state) for each in waiting] == [
        ("first_reply", "running"),
        ("decision", "running"),
    ]
    assert [(each.term, each.state) for each in found] == [
        ("first_reply", "stopped"),
        ("decision", "stopped"),
        ("refund", "running"),
    ]


def make_claim(merchant_id: int, *, key: str = "one", **given: Any) -> contracts.Claim:
    values: dict[str, Any] = {
        "party": "carrier",
        "party_code": "sf",
        "what": "parcel_lost",
        "amount_minor": 19_900,
        "currency": "CNY",
        "reason": "lost between two stations",
    }
    new = contracts.NewClaim(key=key, **{**values, **given})
    return open_claim(merchant_id=merchant_id, new=new, now=NOW)


def test_a_claim_is_refused_contested_granted_and_paid(merchant_id: int) -> None:
    claim = make_claim(merchant_id)
    about: dict[str, Any] = {"merchant_id": merchant_id, "claim_id": claim.id, "now": LATER}

    submit_claim(**about, reason="handed in")
    refuse_claim(**about, reason="no proof")
    submit_claim(**about, reason="with the photo")
    grant_claim(**about, granted_minor=15_000, reason="limit of liability")
    bank = make_collected(merchant_id=merchant_id, document="order:1", channel="bank", amount=1)
    paid = record_claim_money(
        **about, received_minor=15_000, document="SF-2026-11", account_code=bank
    )

    assert (claim.number, paid.state) == (f"K{claim.id:06}", "paid")
    moved = payments.movements_by_reference(
        merchant_id=merchant_id, account_code=bank, references=[claim.number]
    )
    assert [(each.amount_minor, each.kind) for each in moved[claim.number]] == [
        (15_000, "adjustment")
    ]
    claims = payments.AccountKey("money:CNY", "claims", "carrier:sf")
    assert payments.balances(merchant_id=merchant_id, accounts=[claims])[claims].posted == 15_000
    assert_sound(merchant_id)
    (total,) = claim_sums(merchant_id=merchant_id)
    assert (total.asked_minor, total.granted_minor, total.received_minor) == (
        19_900,
        15_000,
        15_000,
    )
    with pytest.raises(errors.ClaimPassed), transaction.atomic():
        submit_claim(**about, reason="again")


def test_money_of_a_claim_comes_to_an_account_that_is_there(merchant_id: int) -> None:
    about: dict[str, Any] = {
        "merchant_id": merchant_id,
        "claim_id": make_claim(merchant_id).id,
        "now": LATER,
    }
    submit_claim(**about, reason="handed in")

    with pytest.raises(NoSuch), transaction.atomic():
        record_claim_money(**about, received_minor=1, document="SF", account_code="nowhere")

    (claim,) = claims_page(merchant_id=merchant_id)
    assert (claim.state, claim.age_days(NOW + timedelta(days=9))) == ("submitted", 9)


def test_the_same_claim_is_opened_once(merchant_id: int) -> None:
    first, again = make_claim(merchant_id), make_claim(merchant_id)

    assert again.id == first.id
    with pytest.raises(errors.KeyTaken), transaction.atomic():
        make_claim(merchant_id, amount_minor=1)
