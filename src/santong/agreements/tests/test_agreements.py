"""From a draft to what holds: offered, accepted, superseded, given up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from santong.agreements import contracts
from santong.agreements import public as agreements
from santong.agreements.events import AgreementAccepted, AgreementEnded, AgreementOffered
from santong.agreements.models import ChainLink, ServiceAgreement
from santong.agreements.rules.links import GENESIS, hash_of
from santong.agreements.selectors.links import agreement_of_link, link_of, token_of
from santong.agreements.services.cancel import expire
from santong.agreements.tests.factories import (
    ACCEPTED,
    NAME,
    NOW,
    damage,
    drawn_name,
    make_accepted,
    make_offer,
    new_agreement,
    window,
)
from santong.evidence import public as evidence
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.orders.tests.factories import make_paid_order, make_shop
from santong.payments.tests.factories import facts_told

OTHER = replace(ACCEPTED, name="李雷")


def state_of(merchant_id: int, agreement_id: int) -> str:
    return agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=agreement_id).state


def test_an_offer_opens_by_its_link_which_is_kept_nowhere(merchant_id: int) -> None:
    offered = make_offer(merchant_id)

    found = agreement_of_link(link=link_of(token=offered.token))

    assert found == offered.agreement
    assert token_of(merchant_id=merchant_id, agreement=found) == offered.token
    assert (found.state, found.version, found.number) == ("offered", 1, 1)
    assert found.expires_at == NOW + timedelta(days=7)
    row = ServiceAgreement.objects.filter(id=found.id).values().get()
    assert offered.token not in str(row)
    assert NAME not in str(row)
    assert [
        each.document for each in facts_told(merchant_id=merchant_id, kind=AgreementOffered)
    ] == [found.document]


def test_a_draft_has_no_page(merchant_id: int) -> None:
    draft = agreements.draft(merchant_id=merchant_id, new=new_agreement(), now=NOW)
    token = token_of(merchant_id=merchant_id, agreement=draft)

    assert agreements.link_path(merchant_id=merchant_id, agreement=draft) == ""
    with pytest.raises(agreements.LinkGone):
        agreement_of_link(link=link_of(token=token))


def test_a_renewed_link_closes_the_one_before(merchant_id: int) -> None:
    first = make_offer(merchant_id)

    again = agreements.renew_link(merchant_id=merchant_id, agreement_id=first.agreement.id, now=NOW)

    with pytest.raises(agreements.LinkGone):
        agreement_of_link(link=link_of(token=first.token))
    assert agreement_of_link(link=link_of(token=again.token)) == again.agreement


def test_acceptance_freezes_terms_in_the_chain_and_names_nobody(merchant_id: int) -> None:
    accepted = make_accepted(merchant_id)

    link = ChainLink.objects.get(agreement_id=accepted.id)
    record = json.loads(link.record)
    assert accepted.state == "accepted"
    assert accepted.accepted_name == "王**"
    assert (link.number, link.prev_hash, link.hash) == (1, GENESIS, hash_of(link.record.encode()))
    assert record["terms"][0]["params"] == {"start": "2026-11-13", "end": "2026-11-15"}
    assert record["sentences"]["zh-hans"][0].startswith("2026 年 11 月 13 日至 11 月 15 日之间送达")
    assert record["accepted"]["address_family"] == "ipv4"
    assert NAME not in link.record
    assert "203.0.113" not in link.record
    (told,) = facts_told(merchant_id=merchant_id, kind=AgreementAccepted)
    assert (told.hash, told.link_number) == (link.hash, 1)
    trail = audit.trail_of(merchant_id=merchant_id, subject="agreement", subject_ids=[accepted.id])
    assert [each.action for each in trail] == ["agreements.offer", "agreements.accept"]


def test_each_link_names_the_one_before(merchant_id: int) -> None:
    made = [make_accepted(merchant_id) for _ in range(4)]

    links = [each.link for each in made if each.link]

    assert [each.number for each in links] == [1, 2, 3, 4]
    assert [each.prev_hash for each in links[1:]] == [each.hash for each in links[:-1]]
    assert agreements.check_invariants(merchant_id=merchant_id) == []


def test_accepted_twice_in_one_name_is_accepted_once(merchant_id: int) -> None:
    accepted = make_accepted(merchant_id)

    again = agreements.accept(
        merchant_id=merchant_id,
        agreement_id=accepted.id,
        acceptance=ACCEPTED,
        now=NOW + timedelta(hours=1),
    )

    assert again == accepted
    with pytest.raises(agreements.AlreadyAccepted), transaction.atomic():
        agreements.accept(
            merchant_id=merchant_id, agreement_id=accepted.id, acceptance=OTHER, now=NOW
        )


def test_what_was_accepted_holds_until_the_newer_one_is(merchant_id: int) -> None:
    first = make_accepted(merchant_id)

    newer = agreements.supersede(
        merchant_id=merchant_id,
        agreement_id=first.id,
        terms=(window("2026-11-20", "2026-11-21"),),
        now=NOW,
    ).agreement
    held = agreements.terms_in_force(merchant_id=merchant_id, document=first.document)
    accepted = agreements.accept(
        merchant_id=merchant_id, agreement_id=newer.id, acceptance=ACCEPTED, now=NOW
    )

    assert held == first.terms
    assert (accepted.version, accepted.supersedes_id) == (2, first.id)
    before = agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=first.id)
    assert (before.state, before.superseded_by_id, before.terms) == (
        "superseded",
        newer.id,
        first.terms,
    )
    now_held = agreements.terms_in_force(merchant_id=merchant_id, document=first.document)
    assert now_held == accepted.terms
    assert first.link is not None
    record = json.loads(ChainLink.objects.get(agreement_id=newer.id).record)
    assert record["supersedes"] == first.link.hash


def test_another_offer_takes_the_place_of_the_open_one(merchant_id: int) -> None:
    first = make_offer(merchant_id).agreement

    second = make_offer(merchant_id, document=first.document, terms=(damage(),)).agreement

    assert state_of(merchant_id, first.id) == "superseded"
    assert (second.version, second.state) == (2, "offered")
    with pytest.raises(agreements.AgreementPassed), transaction.atomic():
        agreements.accept(
            merchant_id=merchant_id, agreement_id=first.id, acceptance=ACCEPTED, now=NOW
        )


def test_an_offer_expires_by_the_clock_and_at_the_instant(merchant_id: int) -> None:
    offered = make_offer(merchant_id, terms=(damage(),)).agreement
    over = NOW + timedelta(days=7)

    with pytest.raises(agreements.OfferOver), transaction.atomic():
        agreements.accept(
            merchant_id=merchant_id, agreement_id=offered.id, acceptance=ACCEPTED, now=over
        )
    ended = expire(merchant_id=merchant_id, now=over)

    assert ended == 1
    found = agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=offered.id)
    assert (found.state, found.end_reason) == ("cancelled", "the offer expired")
    assert [each.state for each in facts_told(merchant_id=merchant_id, kind=AgreementEnded)] == [
        "cancelled"
    ]
    assert expire(merchant_id=merchant_id, now=over) == 0


def test_a_window_that_is_over_cannot_be_accepted(merchant_id: int) -> None:
    offered = make_offer(merchant_id).agreement

    with pytest.raises(agreements.OfferOver), transaction.atomic():
        agreements.accept(
            merchant_id=merchant_id,
            agreement_id=offered.id,
            acceptance=ACCEPTED,
            now=NOW + timedelta(days=5),
        )


def test_a_draft_is_revised_and_then_offered(merchant_id: int) -> None:
    drafted = agreements.draft(merchant_id=merchant_id, new=new_agreement(), now=NOW)

    agreements.revise(merchant_id=merchant_id, agreement_id=drafted.id, terms=(damage(),), now=NOW)
    offered = agreements.offer_draft(
        merchant_id=merchant_id, agreement_id=drafted.id, now=NOW
    ).agreement

    assert [term.kind for term in offered.terms] == ["damage"]
    assert offered.terms[0].number == 1
    with pytest.raises(agreements.AgreementPassed), transaction.atomic():
        agreements.revise(
            merchant_id=merchant_id, agreement_id=drafted.id, terms=(damage(),), now=NOW
        )


def test_an_order_says_itself_what_it_comes_to(merchant_id: int) -> None:
    make_shop(merchant_id)
    order = make_paid_order(merchant_id)

    offered = make_offer(merchant_id, document=f"order:{order.id}", total_minor=1).agreement

    assert offered.total_minor == order.total_minor


@pytest.mark.parametrize("document", ["order:abc", "stagedsale", "Sale:1", "order:1:2"])
def test_a_document_that_is_none_is_refused(merchant_id: int, document: str) -> None:
    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        make_offer(merchant_id, document=document)

    assert refused.value.pointer == "/document"


def test_a_signature_is_asked_for_where_the_merchant_asks(merchant_id: int) -> None:
    agreements.set_settings(
        merchant_id=merchant_id, settings=contracts.Settings(needs_signature=True), now=NOW
    )
    offered = make_offer(merchant_id).agreement

    with pytest.raises(agreements.SignatureMissing), transaction.atomic():
        agreements.accept(
            merchant_id=merchant_id, agreement_id=offered.id, acceptance=ACCEPTED, now=NOW
        )
    signed = replace(ACCEPTED, how="signature", signature=drawn_name())
    found = agreements.accept(
        merchant_id=merchant_id, agreement_id=offered.id, acceptance=signed, now=NOW
    )

    (kept,) = evidence.of_subject(merchant_id=merchant_id, subject=found.subject)
    assert (kept.kind, kept.id) == ("signature", found.signature_id)
    assert json.loads(ChainLink.objects.get(agreement_id=found.id).record)["files"] == [kept.sha256]


def test_given_up_it_promises_nothing(merchant_id: int) -> None:
    accepted = make_accepted(merchant_id)

    agreements.cancel(merchant_id=merchant_id, agreement_id=accepted.id, reason="客户取消", now=NOW)

    assert state_of(merchant_id, accepted.id) == "cancelled"
    assert agreements.terms_in_force(merchant_id=merchant_id, document=accepted.document) == ()
    with pytest.raises(agreements.AgreementPassed), transaction.atomic():
        agreements.cancel(merchant_id=merchant_id, agreement_id=accepted.id, reason="x", now=NOW)


def test_a_template_counts_its_versions_and_an_offer_keeps_its_own(merchant_id: int) -> None:
    first = agreements.publish_template(
        merchant_id=merchant_id,
        code="sofa",
        name="沙发送装",
        category="furniture",
        terms=agreements.PROPOSALS["furniture"].terms,
        newest=0,
        now=NOW,
    )
    with pytest.raises(agreements.TemplateMoved), transaction.atomic():
        agreements.publish_template(
            merchant_id=merchant_id,
            code="sofa",
            name="沙发送装",
            category="furniture",
            terms=(damage(),),
            newest=0,
            now=NOW,
        )
    second = agreements.publish_template(
        merchant_id=merchant_id,
        code="sofa",
        name="沙发送装",
        category="furniture",
        terms=(damage(),),
        newest=1,
        now=NOW,
    )

    assert (first.version, second.version) == (1, 2)
    assert agreements.templates(merchant_id=merchant_id) == [second]
    kept = agreements.template_by_code(merchant_id=merchant_id, code="sofa", version=1)
    assert kept.terms == first.terms
    offered = agreements.on_day(terms=first.terms, day=NOW.date())
    assert offered[0].params == {"start": "2026-11-26", "end": "2026-11-28"}
