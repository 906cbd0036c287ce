"""Brands, dealers and storefronts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from santong.kernel import audit, crypto, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, VersionMoved
from santong.merchants import public as merchants
from santong.merchants.models import Dealer
from santong.merchants.tests.factories import make_brand, make_dealer, make_storefront


def test_a_storefront_is_found_by_its_code(merchant_id: int) -> None:
    made = make_storefront(merchant_id, code="tmall-chunxiao")

    found = merchants.storefront_by_code(merchant_id=merchant_id, code="tmall-chunxiao")

    assert found == made


def test_a_storefront_that_is_closed_is_closed_at_once_in_this_process(
    merchant: int, now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = make_storefront(merchant, code="h5")
        merchants.storefront_by_code(merchant_id=merchant, code="h5")

    with tenancy.scope(merchant_id=merchant):
        merchants.update_storefront(
            merchant_id=merchant, storefront_id=made.id, is_open=False, expected_version=1, now=now
        )
        inside = merchants.storefront_by_code(merchant_id=merchant, code="h5")
    with tenancy.scope(merchant_id=merchant):
        after = merchants.storefront_by_code(merchant_id=merchant, code="h5")

    assert (inside.is_open, after.is_open) == (False, False)


def test_storefronts_of_two_merchants_share_codes_and_nothing_else(
    new_merchant: Callable[..., int],
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    for merchant_id in (ours, theirs):
        with tenancy.scope(merchant_id=merchant_id):
            make_storefront(merchant_id, code="tmall")

    with tenancy.scope(merchant_id=ours):
        first = merchants.storefront_by_code(merchant_id=ours, code="tmall")
    with tenancy.scope(merchant_id=theirs):
        second = merchants.storefront_by_code(merchant_id=theirs, code="tmall")

    assert first.id != second.id


def test_an_unknown_storefront_is_not_found(merchant_id: int) -> None:
    with pytest.raises(NoSuch):
        merchants.storefront_by_code(merchant_id=merchant_id, code="nowhere")


@pytest.mark.parametrize("make", [make_brand, make_dealer, make_storefront])
def test_a_code_is_taken_once(merchant_id: int, make: Callable[..., Any]) -> None:
    make(merchant_id, code="twice")

    with pytest.raises(merchants.CodeTaken) as refused:
        make(merchant_id, code="twice")

    assert refused.value.key == "twice"


def test_of_two_who_take_a_code_at_once_one_has_it(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    def take() -> int:
        with tenancy.scope(merchant_id=merchant):
            return make_brand(merchant, code="spring").id

    answers = at_once(*[take] * 8)

    assert [type(answer) for answer in answers].count(int) == 1
    assert [type(answer) for answer in answers].count(merchants.CodeTaken) == 7


@pytest.mark.parametrize("code", ["", " ", "a b", "中文", "x" * 41, "-a", "a\n", "a/b"])
def test_a_code_is_letters_digits_and_little_else(
    merchant_id: int, now: datetime, code: str
) -> None:
    with pytest.raises(FieldInvalid):
        merchants.create_brand(
            merchant_id=merchant_id,
            code=code,
            name="春",
            now=now,
        )


def test_a_brand_is_renamed_once_for_each_who_saw_it(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        brand = make_brand(merchant)

    def rename(name: str) -> Callable[[], str]:
        def run() -> str:
            with tenancy.scope(merchant_id=merchant):
                return merchants.update_brand(
                    merchant_id=merchant,
                    brand_id=brand.id,
                    name=name,
                    expected_version=1,
                    now=now,
                ).name

        return run

    answers = at_once(*[rename(f"n{number}") for number in range(8)])

    with tenancy.scope(merchant_id=merchant):
        found = merchants.brand_by_id(merchant_id=merchant, brand_id=brand.id)
    assert [answer for answer in answers if isinstance(answer, str)] == [found.name]
    assert [type(answer) for answer in answers].count(VersionMoved) == 7
    assert found.version == 2


def test_what_is_not_given_stays(merchant_id: int, now: datetime) -> None:
    dealer = make_dealer(merchant_id, contact="沈先生 13800000000")

    changed = merchants.update_dealer(
        merchant_id=merchant_id,
        dealer_id=dealer.id,
        is_active=False,
        expected_version=1,
        now=now,
    )

    assert (changed.name, changed.contact) == (dealer.name, dealer.contact)
    assert not changed.is_active


def test_whom_to_call_at_a_dealers_is_sealed_at_rest(merchant_id: int, now: datetime) -> None:
    dealer = make_dealer(merchant_id, code="east", contact="沈先生 13800000000")

    row = Dealer.objects.get(id=dealer.id)

    assert b"13800000000" not in bytes(row.contact_sealed)
    assert dealer.contact == "沈先生 13800000000"
    trail = audit.trail_of(merchant_id=merchant_id, subject="dealer", subject_ids=[dealer.id])
    assert "13800000000" not in str(trail)
    with pytest.raises(InvalidTag):
        crypto.decrypt(
            merchant_id=merchant_id,
            sealed=bytes(row.contact_sealed),
            place="merchants.dealer:west",
        )


def test_a_contact_can_be_changed_and_removed(merchant_id: int, now: datetime) -> None:
    dealer = make_dealer(merchant_id, contact="沈先生")

    changed = merchants.update_dealer(
        merchant_id=merchant_id, dealer_id=dealer.id, contact="陆女士", expected_version=1, now=now
    )
    removed = merchants.update_dealer(
        merchant_id=merchant_id, dealer_id=dealer.id, contact="", expected_version=2, now=now
    )

    assert (changed.contact, removed.contact) == ("陆女士", "")


def test_a_storefront_has_a_known_channel(merchant_id: int) -> None:
    with pytest.raises(FieldInvalid):
        make_storefront(merchant_id, channel="telepathy")


def test_a_storefronts_brand_is_one_of_the_merchants(merchant_id: int, now: datetime) -> None:
    with pytest.raises(NoSuch):
        merchants.create_storefront(
            merchant_id=merchant_id, code="x", name="x", channel="h5", brand_id=10**9, now=now
        )


def test_opening_a_merchant_again_changes_nothing(merchant_id: int, now: datetime) -> None:
    before = merchants.merchant(merchant_id=merchant_id)

    again = merchants.open_merchant(
        merchant_id=merchant_id, code="other", name="other", currency="BRL", now=now
    )

    assert again == before


def test_a_merchant_in_order_has_no_findings(merchant_id: int) -> None:
    assert merchants.check_invariants(merchant_id=merchant_id) == []


def test_every_change_is_in_the_audit_trail(merchant_id: int, now: datetime) -> None:
    brand = make_brand(merchant_id, name="春")
    merchants.update_brand(
        merchant_id=merchant_id, brand_id=brand.id, name="秋", expected_version=1, now=now
    )

    created, changed = audit.trail_of(
        merchant_id=merchant_id, subject="brand", subject_ids=[brand.id]
    )

    assert created.action == "merchants.create_brand"
    assert (changed.before["name"], changed.after["name"]) == ("春", "秋")
