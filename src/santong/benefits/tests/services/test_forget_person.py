"""Whoever asks gets all that was given to them, and whoever asks is forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.contracts import RedemptionLine
from santong.benefits.models import Coupon, SupplyRequest
from santong.benefits.selectors.supplies import supplier_codes
from santong.benefits.services.record_failure import record_failure
from santong.benefits.services.record_receipt import record_receipt
from santong.benefits.tests.factories import NOW, make_batch, make_coupon, new_key
from santong.benefits.tests.races import AtOnce, assert_sound, good, in_scope
from santong.benefits.tests.steps import back, hold, redeem, state_of
from santong.benefits.tests.supplies import make_supply
from santong.customers import public as customers
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.membership.tests.factories import make_member

PHONE = "13977665544"


def make_person(merchant_id: int) -> tuple[int, customers.PersonRecord]:
    """A member, and who they are in clear text."""
    resolved = customers.resolve(
        merchant_id=merchant_id,
        identifiers=[customers.Identifier("phone", PHONE)],
        profile=customers.Profile(name="欧阳静姝"),
        source="test",
        now=NOW,
    )
    member = make_member(merchant_id=merchant_id, person_id=resolved.person_id).member
    record = customers.PersonRecord(person_ids=(resolved.person_id,), identifiers=())
    return member.id, record


def delivered_coupon(merchant_id: int, member_id: int, *, receipt: str) -> benefits.Coupon:
    """A coupon for which a supplier has answered."""
    supply = make_supply(merchant_id=merchant_id, kind="api", product="film", adapter="simulated")
    batch = make_batch(merchant_id=merchant_id, kind="third_party_code", supply_id=supply.id)
    coupon = make_coupon(merchant_id=merchant_id, batch=batch, member_id=member_id)
    request = SupplyRequest.objects.of_merchant(merchant_id).get(coupon_id=coupon.id)
    if receipt:
        record_receipt(merchant_id=merchant_id, request_id=request.id, receipt=receipt, now=NOW)
    return coupon


def test_what_could_still_be_used_is_taken_back_and_what_was_used_stays(merchant_id: int) -> None:
    member_id, person = make_person(merchant_id)
    issued, held, frozen, used = (
        make_coupon(merchant_id=merchant_id, member_id=member_id) for _ in range(4)
    )
    others = make_coupon(merchant_id=merchant_id)
    hold(merchant_id, held)
    benefits.freeze(
        merchant_id=merchant_id, coupon_id=frozen.id, reason="test", key=new_key(), now=NOW
    )
    redeem(merchant_id, used)

    benefits.forget_person(merchant_id=merchant_id, person=person, now=NOW)

    states = [state_of(merchant_id, each) for each in (issued, held, frozen, used, others)]
    assert states == ["void", "void", "void", "redeemed", "issued"]
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_what_suppliers_wrote_is_destroyed_and_nobody_is_asked_again(merchant_id: int) -> None:
    member_id, person = make_person(merchant_id)
    delivered = delivered_coupon(merchant_id, member_id, receipt=f"for {PHONE}")
    asked = delivered_coupon(merchant_id, member_id, receipt="")
    waiting = SupplyRequest.objects.of_merchant(merchant_id).get(coupon_id=asked.id)
    record_failure(
        merchant_id=merchant_id, request_id=waiting.id, error=f"{PHONE} is unknown", now=NOW
    )
    noted = SupplyRequest.objects.get(id=waiting.id).error

    benefits.forget_person(merchant_id=merchant_id, person=person, now=NOW)

    rows = SupplyRequest.objects.of_merchant(merchant_id).order_by("id")
    assert noted == "… is unknown"
    assert [(row.state, row.receipt_sealed, row.error) for row in rows] == [
        ("done", None, ""),
        ("failed", None, ""),
    ]
    assert supplier_codes(merchant_id=merchant_id, coupon_ids=[delivered.id, asked.id]) == {}
    (shown, _) = benefits.wallet(merchant_id=merchant_id, member_id=member_id, now=NOW)
    assert shown.supplier_code is None


def test_a_copy_holds_coupons_their_steps_and_what_was_delivered(merchant_id: int) -> None:
    member_id, person = make_person(merchant_id)
    coupon = make_coupon(merchant_id=merchant_id, member_id=member_id)
    redeem(merchant_id, coupon, lines=[RedemptionLine(line="1", quantity=2)])
    back(merchant_id, coupon, {"1": 1})
    delivered_coupon(merchant_id, member_id, receipt="FILM-42")

    part: Any = benefits.export_person(merchant_id=merchant_id, person=person)

    used, delivered = json.loads(json.dumps(part))["coupons"]
    assert (used["batch"], used["kind"], used["state"]) == ("双十一券", "cash", "redeemed")
    assert used["issued_at"] == NOW.isoformat()
    assert used["valid_until"] == (NOW + timedelta(days=30)).isoformat()
    assert used["amount_minor"] == 500
    assert used["lines"] == [{"line": "1", "quantity": 2, "returned": 1}]
    assert [step["kind"] for step in used["steps"]] == ["issued", "redeemed", "returned_in_part"]
    assert delivered["supplier_code"] == "FILM-42"


@pytest.mark.parametrize("reason", [f"called {PHONE}", "欧阳静姝 asked", "a@example.com"])
@pytest.mark.parametrize("step", ["freeze", "void", "return", "give_back"])
def test_no_step_says_whose_coupon_it_is(merchant_id: int, step: str, reason: str) -> None:
    member_id, _ = make_person(merchant_id)
    coupon = make_coupon(merchant_id=merchant_id, member_id=member_id)
    about: dict[str, Any] = {
        "merchant_id": merchant_id,
        "coupon_id": coupon.id,
        "reason": reason,
        "key": new_key(),
        "now": NOW,
    }
    commands: dict[str, Any] = {
        "freeze": lambda: benefits.freeze(**about),
        "void": lambda: benefits.void(**about),
        "return": lambda: benefits.return_redemption(**about, quantity_by_line=None),
        "give_back": lambda: benefits.give_back(**about, holder="order:1"),
    }

    with pytest.raises(FieldInvalid), transaction.atomic():
        commands[step]()

    assert state_of(merchant_id, coupon) == "issued"
    assert len(benefits.events_of(merchant_id=merchant_id, coupon_id=coupon.id)) == 1


def test_a_coupon_is_used_or_forgotten_never_both(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        member_id, person = make_person(merchant)
        coupons = [make_coupon(merchant_id=merchant, member_id=member_id) for _ in range(6)]

    results = at_once(
        in_scope(merchant, benefits.forget_person, person=person),
        *[
            in_scope(merchant, benefits.redeem, coupon_id=coupon.id, channel="store", key=new_key())
            for coupon in coupons
        ],
    )

    used = len(good(results[1:]))
    assert good(results[:1]) == [None]
    with tenancy.scope(merchant_id=merchant):
        states = list(Coupon.objects.of_merchant(merchant).values_list("state", flat=True))
    assert sorted(states) == ["redeemed"] * used + ["void"] * (6 - used)
    assert_sound(merchant)
