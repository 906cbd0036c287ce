"""A person is forgotten, and the chain is whole."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.agreements import public as agreements
from santong.agreements.models import ChainLink, ServiceAgreement
from santong.agreements.selectors.links import agreement_of_link, link_of
from santong.agreements.tests.factories import (
    NAME,
    NOW,
    claim,
    drawn_name,
    make_offer,
    make_with_paper,
)
from santong.customers import public as customers
from santong.evidence import public as evidence
from santong.evidence.tests.factories import make_photo

PERSON = customers.PersonRecord(
    person_ids=(1,),
    identifiers=(customers.Identifier(kind="phone", value="+8613800138000"),),
)


def test_an_export_has_terms_names_and_claims(merchant_id: int) -> None:
    made = make_with_paper(merchant_id)
    claim(merchant_id, made, term=2)

    found = agreements.export_person(merchant_id=merchant_id, person=PERSON)["agreements"]

    assert isinstance(found, list)
    (each,) = found
    assert (each["name"], each["phone"], each["claims"]) == (
        NAME,
        "13800138000",
        ["桌面有一道划痕"],
    )
    assert len(each["terms"]) == 2


def test_forgotten_nobody_is_named_and_nothing_has_changed(merchant_id: int) -> None:
    signed = agreements.Acceptance(how="signature", name=NAME, signature=drawn_name())
    before = make_with_paper(merchant_id)
    made = make_with_paper(merchant_id, acceptance=signed)
    photo = evidence.Upload(kind="photo", name="a.jpg", content=make_photo())
    claimed = claim(merchant_id, made, term=2, uploads=(photo,))
    offered = make_offer(merchant_id)
    stranger = make_with_paper(
        merchant_id, buyer=agreements.Buyer(name="李雷", phone="13900139000")
    )

    for _ in range(2):
        agreements.forget_person(merchant_id=merchant_id, person=PERSON, now=NOW)

    for each in (before, made, stranger):
        checked = agreements.verify_agreement(
            merchant_id=merchant_id, agreement_id=each.id, now=NOW
        )
        assert checked.findings == ()
        assert checked.is_erased == (each.id != stranger.id)
    assert agreements.check_invariants(merchant_id=merchant_id) == []
    assert ChainLink.objects.of_merchant(merchant_id).count() == 3
    row = ServiceAgreement.objects.get(id=made.id)
    assert row.buyer() == {"name": "", "phone": "", "accepted_name": "", "salt": ""}
    with pytest.raises(agreements.NoPaper), transaction.atomic():
        agreements.paper_of(merchant_id=merchant_id, agreement_id=made.id)
    for subject in (made.subject, claimed.subject):
        kept = evidence.of_subject(merchant_id=merchant_id, subject=subject)
        assert [each.id for each in kept if each.erased_at is None] in ([], [made.record_id])
    assert agreements.breach_by_id(merchant_id=merchant_id, breach_id=claimed.id).reason == ""
    with pytest.raises(agreements.LinkGone), transaction.atomic():
        agreement_of_link(link=link_of(token=offered.token))
    assert agreements.paper_of(merchant_id=merchant_id, agreement_id=stranger.id)
    assert agreements.export_person(merchant_id=merchant_id, person=PERSON) == {"agreements": []}
