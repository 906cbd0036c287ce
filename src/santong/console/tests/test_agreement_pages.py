"""Agreements at the desk: offered from an order, claimed, decided, proved."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from santong.agreements import public as agreements
from santong.agreements.tests.factories import claim, damage, make_accepted, make_with_paper
from santong.console.tests.desk import Desk, Shop, open_shop
from santong.evidence.tests.factories import make_photo
from santong.kernel import tenancy

LIST = "/console/agreements/"
ROW = {
    "t0_kind": "delivery_window",
    "t0_p_start": "2031-01-01",
    "t0_p_end": "2031-01-03",
    "t0_remedy": "compensate",
    "t0_basis": "share",
    "t0_value": "0.5",
    "t0_per": "day",
    "t0_cap": "100",
    "t0_bearer": "carrier",
    "t0_bearer_code": "SF",
}


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5)


@pytest.fixture
def office(shop: Shop) -> Desk:
    return shop.desk("head_office")


def test_terms_are_offered_from_an_orders_page_and_the_link_stays_on_their_page(
    shop: Shop, office: Desk
) -> None:
    order = shop.order()
    document = f"order:{order.id}"

    _, empty = office.open(f"/console/orders/{order.id}/")
    status, sent = office.send(
        f"{LIST}offer/send", document=document, offer_days="7", buyer_name="王小明", **ROW
    )
    _, again = office.open(f"/console/orders/{order.id}/")

    assert "Nothing is promised beside the goods." in empty
    assert status == 200
    assert "Address to send to the buyer" in sent
    assert "Delivered between 1 January 2031 and 3 January 2031." in sent
    assert "at the cost of carrier SF" in sent
    assert "Delivered between 1 January 2031" in again
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        (made,) = agreements.agreements_of(merchant_id=shop.world.merchant_id, document=document)
    assert made.terms[0].amount == agreements.Amount(basis="share", value=50, per="day")
    assert made.terms[0].cap_minor == 10_000


def test_a_refused_term_keeps_what_was_typed_and_says_which_field(office: Desk) -> None:
    status, shown = office.send(
        f"{LIST}offer/send",
        document="stagedsale:1",
        total="8000",
        offer_days="7",
        **{**ROW, "t0_p_end": "2031-01-09"},
    )

    assert status == 422
    assert "last day: a window has at most 3 days" in shown


def test_rows_are_added_and_left_out_without_being_sent(shop: Shop, office: Desk) -> None:
    _, more = office.send(f"{LIST}offer/send", document="stagedsale:1", more="1", add="gift", **ROW)
    _, less = office.send(f"{LIST}offer/send", document="stagedsale:1", drop="0", **ROW)

    assert "2. gift" in more
    assert "1. delivery" in more
    assert "No term yet: add one." in less
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        assert (
            agreements.agreements_of(merchant_id=shop.world.merchant_id, document="stagedsale:1")
            == []
        )


def test_a_proposal_becomes_a_template_and_a_template_an_offer(office: Desk) -> None:
    row = {
        "t0_kind": "damage",
        "t0_p_report_hours": "72",
        "t0_remedy": "replace",
        "t0_bearer": "merchant",
    }
    _, proposed = office.open(f"{LIST}templates/furniture/")

    status, published = office.send(
        f"{LIST}templates/furniture/publish", name="沙发", category="furniture", newest="0", **row
    )
    _, moved = office.send(
        f"{LIST}templates/furniture/publish", name="沙发", category="furniture", newest="0", **row
    )
    _, form = office.open(f"{LIST}offer/?document=stagedsale:1&template=furniture")

    assert "Publish the next version" in proposed
    assert status == 200
    assert "it is replaced free of charge" in published
    assert "newer terms" in moved
    assert "1. damage" in form


def test_a_claim_is_written_down_with_a_photo_and_decided(shop: Shop, office: Desk) -> None:
    merchant = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant):
        terms = (damage(number=1), damage(number=2, kind="missing", remedy="resend"))
        made = make_accepted(merchant, terms=terms)
    page = f"{LIST}{made.id}/"

    answer = office.client.post(
        f"{page}claims",
        {
            "key": "one",
            "term": "1",
            "said": "裂了",
            "photos": SimpleUploadedFile("a.jpg", make_photo()),
        },
        follow=True,
    )
    with tenancy.scope(merchant_id=merchant):
        (breach,) = agreements.agreement_by_id(merchant_id=merchant, agreement_id=made.id).breaches
    _, waiting = office.open(LIST)
    _, granted = office.send(f"{page}breaches/{breach.id}/grant", answer="换新")
    _, refused = office.send(f"{page}breaches/{breach.id}/reject", answer="不")
    _, done = office.send(f"{page}breaches/{breach.id}/remedy", made_good_by="case:7")

    assert answer.status_code == 200
    assert "裂了" in answer.content.decode()
    assert "waits for the shop's answer" in waiting
    assert "to be made good" in granted
    assert "decided before" in refused
    assert "made good" in done


def test_the_page_proves_it_and_says_what_was_changed(shop: Shop, office: Desk) -> None:
    merchant = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant):
        made = make_with_paper(merchant)
        claim(merchant, made, term=2)
    page = f"{LIST}{made.id}/"

    _, shown = office.open(page)
    paper = office.client.get(f"{page}agreement.pdf")
    record = office.client.get(f"{page}files/{made.record_id}")
    missing = office.client.get(f"{page}files/{made.record_id}9")

    assert "nothing has been changed since it was accepted" in shown
    assert made.link is not None
    assert made.link.hash in shown
    assert paper.content.startswith(b"%PDF-")
    assert record["Content-Type"] == "application/json"
    assert missing.status_code == 404


def test_settings_are_made_by_who_may_and_read_by_others(shop: Shop, office: Desk) -> None:
    values = {
        "max_window_days": "5",
        "offer_days": "3",
        "claim_days": "10",
        "decide_hours": "24",
        "needs_signature": "1",
    }

    _, saved = office.send(f"{LIST}templates/settings", **values)
    status, wrong = office.send(f"{LIST}templates/settings", **{**values, "offer_days": "0"})
    finance = shop.desk("finance")
    _, read = finance.open(f"{LIST}templates/")
    refused, _ = finance.send(f"{LIST}templates/settings", **values)

    assert "Holds from now on." in saved
    assert status == 422
    assert "Holds" not in wrong
    assert "Save" not in read
    assert refused == 403
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        found = agreements.settings_of(merchant_id=shop.world.merchant_id)
    assert found == agreements.Settings(
        max_window_days=5, offer_days=3, claim_days=10, decide_hours=24, needs_signature=True
    )


def test_who_may_not_see_agreements_does_not(shop: Shop) -> None:
    status, _ = shop.desk("warehouse").open(LIST)

    assert status == 403
