"""Sales and rules for tests: name what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from santong.catalog.tests.factories import make_sku
from santong.merchants.tests.factories import make_dealer, make_storefront
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT, make_payment
from santong.settlement import contracts
from santong.settlement.models import Party
from santong.settlement.selectors.invariants import check_invariants
from santong.settlement.selectors.ledger import balances_of_parties
from santong.settlement.services.freeze_shares import freeze_shares
from santong.settlement.services.publish_rules import publish_rules
from santong.stores.tests.factories import make_location

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LIST_MINOR = 20_000

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A storefront, a store of the merchant, one of a dealer, and two SKUs."""

    merchant_id: int
    storefront: str
    own: int
    own_code: str
    franchise: int
    franchise_code: str
    dealer: str
    skus: tuple[str, str]


def make_shop(merchant_id: int) -> Shop:
    """Everything that a sale needs."""
    number = next(_numbers)
    dealer = make_dealer(merchant_id, code=f"east-{number}")
    own = make_location(merchant_id=merchant_id, code=f"OWN{number}")
    franchise = make_location(
        merchant_id=merchant_id, code=f"FRA{number}", name="加盟店", dealer_id=dealer.id
    )
    return Shop(
        merchant_id=merchant_id,
        storefront=make_storefront(merchant_id, code=f"front-{number}").code,
        own=own.id,
        own_code=own.code,
        franchise=franchise.id,
        franchise_code=franchise.code,
        dealer=dealer.code,
        skus=(
            make_sku(merchant_id=merchant_id, code=f"A{number}", list_price_minor=LIST_MINOR).code,
            make_sku(merchant_id=merchant_id, code=f"B{number}", list_price_minor=LIST_MINOR).code,
        ),
    )


def make_order(
    shop: Shop,
    *,
    quantities: Sequence[int] = (1,),
    price_minor: int = 10_000,
    discount_minor: int = 0,
    freight_minor: int = 0,
    seller: str | None = None,
    guide: str | None = None,
    payments: int = 1,
    paid_at: datetime = NOW,
) -> orders.Order:
    """An order with a line for each quantity, paid in so many payments; none leaves it unpaid."""
    lines = tuple(
        orders.NewLine(sku_code=sku, quantity=quantity, unit_price_minor=price_minor)
        for sku, quantity in zip(shop.skus, quantities, strict=False)
    )
    total = sum(quantities) * price_minor - discount_minor + freight_minor
    placed, _ = orders.place_order(
        merchant_id=shop.merchant_id,
        order=orders.NewOrder(
            storefront_code=shop.storefront,
            external_number=f"S{next(_numbers)}",
            placed_at=paid_at,
            currency="CNY",
            lines=lines,
            recipient=RECIPIENT,
            discount_minor=discount_minor,
            freight_minor=freight_minor,
            seller_location_code=seller,
            guide_code=guide,
        ),
        now=paid_at,
    )
    for number in range(payments):
        share = total // payments + (total % payments if number == 0 else 0)
        placed = orders.record_payment(
            merchant_id=shop.merchant_id,
            order_id=placed.id,
            payment=replace(make_payment(amount_minor=share), paid_at=paid_at),
            now=paid_at,
        )
    return placed


def make_sale(shop: Shop, *, now: datetime = NOW, **given: Any) -> contracts.SharedSale:
    """A paid order, shared."""
    order = make_order(shop, **given)
    return freeze_shares(merchant_id=shop.merchant_id, order_id=order.id, now=now)


def publish(
    merchant_id: int,
    *rules: contracts.Rule,
    owners: tuple[contracts.OwnerTerms, ...] = (),
    rest_days: int = 7,
    now: datetime = NOW,
) -> contracts.RuleSet:
    """Rules in force from now on."""
    return publish_rules(
        merchant_id=merchant_id,
        terms=contracts.Terms(rules=rules, owners=owners, rest_due=contracts.Due(days=rest_days)),
        reason="test",
        now=now,
    )


def left_by_party(sale: contracts.SharedSale) -> dict[str, int]:
    """What is left of a sale for each party that has something."""
    found: dict[str, int] = {}
    for share in sale.shares:
        found[share.party_code] = found.get(share.party_code, 0) + share.left_minor
    return {party: minor for party, minor in found.items() if minor}


def owed(merchant_id: int, party: str) -> tuple[int, int]:
    """What the ledger says that a party is owed: not yet due, and due."""
    row = Party.objects.of_merchant(merchant_id).filter(code=party).first()
    if row is None:
        return 0, 0
    stand = balances_of_parties(merchant_id=merchant_id, party_ids=[row.id], currency="CNY")[row.id]
    return stand.pending_minor, stand.payable_minor


def assert_sound(merchant_id: int) -> None:
    """Nothing is wrong with the books."""
    assert check_invariants(merchant_id=merchant_id) == []
