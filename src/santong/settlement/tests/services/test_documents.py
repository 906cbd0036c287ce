"""Documents that are no orders, and who did the work."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from santong.kernel.actors import Actor
from santong.kernel.errors import FieldInvalid
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff
from santong.settlement.contracts import Due, NewSaleLine, Rule, When
from santong.settlement.selectors.parties import parties_by_code
from santong.settlement.selectors.sales import is_shared, shared_sale
from santong.settlement.selectors.sight import parties_seen
from santong.settlement.services.name_installer import name_installer
from santong.settlement.services.open_installer import open_installer
from santong.settlement.services.record_acceptance import record_acceptance
from santong.settlement.services.release_due import release_due
from santong.settlement.services.reverse_shares import reverse_shares
from santong.settlement.services.share_document import share_document
from santong.settlement.tests.factories import (
    NOW,
    Shop,
    assert_sound,
    left_by_party,
    make_sale,
    make_shop,
    owed,
    publish,
)

DOCUMENT = "stagedsale:5-1"
ACCEPTED = Due(basis="acceptance", days=0)
DEALER = Rule(code="dealer", role="dealer", rate_bp=1_000, due=ACCEPTED)
INSTALLER = Rule(
    code="install",
    role="installer",
    rate_bp=8_000,
    due=ACCEPTED,
    when=When(categories=("安装服务",)),
)
DOOR = NewSaleLine(paid_minor=300_001, sku="DOOR", category="木门")
WORK = NewSaleLine(paid_minor=20_000, price_minor=25_000, category="安装服务")


def share(shop: Shop, *lines: NewSaleLine, rules_at: datetime = NOW) -> None:
    share_document(
        merchant_id=shop.merchant_id,
        document=DOCUMENT,
        storefront_id=merchants.storefront_by_code(
            merchant_id=shop.merchant_id, code=shop.storefront
        ).id,
        seller_location_id=shop.franchise,
        clerk="G1",
        currency="CNY",
        lines=lines or (DOOR, WORK),
        paid_at=NOW,
        rules_at=rules_at,
        now=NOW,
    )


def test_a_stage_is_shared_by_the_rules_of_its_signing(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, DEALER)
    publish(
        merchant_id,
        Rule(code="dealer", role="dealer", rate_bp=5_000),
        now=NOW + timedelta(days=30),
    )

    share(shop, rules_at=NOW + timedelta(days=1))

    sale = shared_sale(merchant_id=merchant_id, document=DOCUMENT)
    assert (sale.version, sale.paid_minor, sale.left_minor) == (1, 320_001, 320_001)
    assert left_by_party(sale) == {f"dealer:{shop.dealer}": 320_001}
    assert {each.due_at for each in sale.shares} == {None}
    assert_sound(merchant_id)


def test_a_document_is_shared_once(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, DEALER)

    share(shop)
    share(shop, NewSaleLine(paid_minor=1))

    assert shared_sale(merchant_id=merchant_id, document=DOCUMENT).paid_minor == 320_001
    assert_sound(merchant_id)


@pytest.mark.parametrize(
    ("lines", "pointer"),
    [
        ((DOOR, NewSaleLine(paid_minor=-1)), "/lines/1/paid_minor"),
        ((NewSaleLine(paid_minor=1, pieces=0),), "/lines/0/pieces"),
    ],
)
def test_a_line_that_cannot_be_is_named(
    merchant_id: int, lines: tuple[NewSaleLine, ...], pointer: str
) -> None:
    shop = make_shop(merchant_id)

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        share(shop, *lines)

    assert refused.value.pointer == pointer
    assert not is_shared(merchant_id=merchant_id, document=DOCUMENT)


def test_the_installers_share_is_nobodys_until_somebody_is_named(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, INSTALLER)
    share(shop)
    before = left_by_party(shared_sale(merchant_id=merchant_id, document=DOCUMENT))

    name_installer(merchant_id=merchant_id, document=DOCUMENT, installer="fit", now=NOW)
    first = left_by_party(shared_sale(merchant_id=merchant_id, document=DOCUMENT))
    name_installer(merchant_id=merchant_id, document=DOCUMENT, installer="fix", now=NOW)
    name_installer(merchant_id=merchant_id, document=DOCUMENT, installer="fix", now=NOW)

    dealer = f"dealer:{shop.dealer}"
    assert before == {dealer: 320_001}
    assert first == {dealer: 304_001, "installer:fit": 16_000}
    assert left_by_party(shared_sale(merchant_id=merchant_id, document=DOCUMENT)) == {
        dealer: 304_001,
        "installer:fix": 16_000,
    }
    assert owed(merchant_id, "installer:fit") == (0, 0)
    assert owed(merchant_id, "installer:fix") == (16_000, 0)
    assert_sound(merchant_id)


def test_acceptance_makes_all_of_a_stage_due_and_fixes_who_did_it(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, INSTALLER, rest_days=0)
    share(shop)
    name_installer(merchant_id=merchant_id, document=DOCUMENT, installer="fit", now=NOW)
    release_due(merchant_id=merchant_id, limit=100, now=NOW)
    assert owed(merchant_id, "installer:fit") == (16_000, 0)

    record_acceptance(merchant_id=merchant_id, document=DOCUMENT, accepted_at=NOW)
    name_installer(merchant_id=merchant_id, document=DOCUMENT, installer="fix", now=NOW)
    release_due(merchant_id=merchant_id, limit=100, now=NOW)

    assert owed(merchant_id, "installer:fit") == (0, 16_000)
    assert owed(merchant_id, "installer:fix") == (0, 0)
    assert owed(merchant_id, f"dealer:{shop.dealer}") == (0, 304_001)
    assert_sound(merchant_id)


def test_what_went_back_stays_back_when_the_installer_is_named(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, INSTALLER)
    share(shop)
    reverse_shares(
        merchant_id=merchant_id,
        document=DOCUMENT,
        key="refund:1",
        kind="refund",
        amount_minor=160_001,
        reason="scratched",
        now=NOW,
    )

    name_installer(merchant_id=merchant_id, document=DOCUMENT, installer="fit", now=NOW)

    left = left_by_party(shared_sale(merchant_id=merchant_id, document=DOCUMENT))
    assert sum(left.values()) == 160_000
    assert left["installer:fit"] == 8_000
    assert_sound(merchant_id)


def test_an_order_knows_its_installer_too(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, Rule(code="install", role="installer", fixed_minor=500))
    sale = make_sale(shop)

    name_installer(merchant_id=merchant_id, document=sale.document, installer="fit", now=NOW)

    shared = shared_sale(merchant_id=merchant_id, document=sale.document)
    assert left_by_party(shared)["installer:fit"] == 500
    assert_sound(merchant_id)


def test_who_works_for_a_provider_sees_its_books_and_no_others(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, INSTALLER)
    share(shop)
    boss, left = (make_staff(merchant_id, role="provider") for _ in range(2))
    open_installer(
        merchant_id=merchant_id, code="fit", name="安居安装", staff_ids=[left.id], now=NOW
    )

    party = open_installer(
        merchant_id=merchant_id, code="fit", name="安居安装", staff_ids=[boss.id], now=NOW
    )

    assert (party.code, party.name) == ("installer:fit", "安居安装")
    assert seen_by(merchant_id, boss.id) == frozenset({party.id})
    assert seen_by(merchant_id, left.id) == frozenset()
    assert len(parties_by_code(merchant_id=merchant_id, codes=["installer:fit"])) == 1


def test_a_clerk_who_works_for_a_provider_besides_does_not_see_everything(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    share(shop)
    clerk = make_staff(merchant_id, role="technician")

    merchants.grant_role(
        merchant_id=merchant_id, staff_id=clerk.id, role="clerk", location_id=shop.own, now=NOW
    )

    assert seen_by(merchant_id, clerk.id) == frozenset()


def seen_by(merchant_id: int, staff_id: int) -> frozenset[int] | None:
    actor = Actor(
        kind="staff", id=str(staff_id), name="王强", permissions=frozenset({"statements.view"})
    )
    return parties_seen(merchant_id=merchant_id, actor=actor)
