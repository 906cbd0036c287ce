"""Offers are drafted, published, revised and ended; who has joined keeps what they joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, VersionMoved
from santong.presales.errors import (
    InvalidOffer,
    LimitBelowTaken,
    NotOnOffer,
    OfferCodeTaken,
    OfferPassed,
)
from santong.presales.selectors.offers import offer_by_code, offer_by_id, offers_page
from santong.presales.services.draft_offer import draft_offer, revise_offer
from santong.presales.services.publish_offer import end_offer, publish_offer
from santong.presales.tests.factories import (
    BALANCE_UNTIL,
    LINE,
    NOW,
    again,
    assert_sound,
    make_deposit,
    make_offer,
    make_presale,
    make_shop,
    make_terms,
    told,
)


def draft(merchant_id: int, **given: Any) -> Any:
    values: dict[str, Any] = {
        "code": "coats",
        "storefront_code": "flagship",
        "terms": make_terms(),
        **given,
    }
    return draft_offer(merchant_id=merchant_id, now=NOW, **values)


def test_a_draft_is_joined_by_nobody_before_it_is_published(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = draft(merchant_id)

    with pytest.raises(NotOnOffer), transaction.atomic():
        make_presale(merchant_id, offer)
    for _ in range(2):
        publish_offer(merchant_id=merchant_id, offer_id=offer.id, now=NOW)

    assert make_presale(merchant_id, offer).state == "asked"
    assert len(told(merchant_id, "offer_published")) == 1
    assert offer_by_code(merchant_id=merchant_id, code="coats").state == "live"


def test_every_wrong_field_is_named_at_once(merchant_id: int) -> None:
    make_shop(merchant_id)
    wrong = make_terms(replace(LINE, sku_code="NONE"), limit_units=0)

    with pytest.raises(InvalidOffer) as refused:
        draft(merchant_id, terms=wrong)

    found = {each.pointer: each.reason for each in refused.value.errors}
    assert found == {"/limit_units": "out_of_range", "/lines/0/sku_code": "unknown"}


def test_an_earnest_above_a_fifth_is_refused_by_its_field(merchant_id: int) -> None:
    make_shop(merchant_id)
    line = replace(LINE, deposit_minor=30_000, worth_minor=30_000)

    with pytest.raises(InvalidOffer) as refused:
        draft(merchant_id, terms=make_terms(line))

    (problem,) = refused.value.errors
    assert (problem.pointer, problem.reason) == ("/lines/0/deposit_minor", "more_than_a_fifth")


def test_codes_are_taken_once(merchant_id: int) -> None:
    make_shop(merchant_id)
    draft(merchant_id)

    with pytest.raises(OfferCodeTaken), transaction.atomic():
        draft(merchant_id)
    with pytest.raises(FieldInvalid), transaction.atomic():
        draft(merchant_id, code="no code")
    with pytest.raises(NoSuch), transaction.atomic():
        draft(merchant_id, code="other", storefront_code="none")


def test_who_has_joined_keeps_the_version_that_they_joined(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    presale = make_deposit(merchant_id, offer)
    dearer = replace(LINE, price_minor=200_000)

    revised = revise_offer(
        merchant_id=merchant_id, offer_id=offer.id, version=1, terms=make_terms(dearer), now=NOW
    )
    later = make_presale(merchant_id, revised)

    assert (again(merchant_id, presale).version, again(merchant_id, presale).amounts) == (
        1,
        presale.amounts,
    )
    assert (later.version, later.amounts.price_minor) == (2, 200_000)
    assert len(told(merchant_id, "offer_published")) == 2
    assert_sound(merchant_id)


def test_the_limit_stays_above_what_is_taken(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    make_presale(merchant_id, offer, units=2)
    smaller = make_terms(limit_units=1)

    with pytest.raises(LimitBelowTaken):
        revise_offer(merchant_id=merchant_id, offer_id=offer.id, version=1, terms=smaller, now=NOW)


def test_an_ended_offer_is_over_for_newcomers_only(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    presale = make_presale(merchant_id, offer)

    for _ in range(2):
        end_offer(merchant_id=merchant_id, offer_id=offer.id, reason="sold enough", now=NOW)

    assert again(merchant_id, presale).state == "asked"
    with pytest.raises(NotOnOffer), transaction.atomic():
        make_presale(merchant_id, offer)
    with pytest.raises(OfferPassed), transaction.atomic():
        publish_offer(merchant_id=merchant_id, offer_id=offer.id, now=NOW)
    with pytest.raises(OfferPassed), transaction.atomic():
        revise_offer(
            merchant_id=merchant_id, offer_id=offer.id, version=1, terms=make_terms(), now=NOW
        )
    assert len(told(merchant_id, "offer_ended")) == 1


def test_what_is_over_is_not_published(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = draft(merchant_id)

    with pytest.raises(InvalidOffer):
        publish_offer(merchant_id=merchant_id, offer_id=offer.id, now=BALANCE_UNTIL)


def test_offers_are_listed_by_state_newest_first(merchant_id: int) -> None:
    make_shop(merchant_id)
    live = make_offer(merchant_id)
    drafted = draft(merchant_id)

    every = offers_page(merchant_id=merchant_id)
    drafts = offers_page(merchant_id=merchant_id, state="draft")

    assert [each.id for each in every] == [drafted.id, live.id]
    assert [each.id for each in drafts] == [drafted.id]
    assert offers_page(merchant_id=merchant_id, below_id=live.id) == []


def test_of_two_who_revise_what_both_have_read_one_is_refused(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        offer = make_offer(merchant)

    def revise() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return revise_offer(
                merchant_id=merchant, offer_id=offer.id, version=1, terms=make_terms(), now=NOW
            )

    answers = at_once(revise, revise)

    assert sum(isinstance(each, VersionMoved) for each in answers) == 1
    with tenancy.scope(merchant_id=merchant):
        assert offer_by_id(merchant_id=merchant, offer_id=offer.id).version == 2
