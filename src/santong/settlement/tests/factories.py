"""Sales and rules for tests: name what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from santong.catalog.tests.factories import make_sku
from santong.kernel import tenancy
from santong.kernel.facts import subscribers, type_of
from santong.merchants.tests.factories import make_dealer, make_storefront
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT, make_payment
from santong.payments import public as payments
from santong.payments.events import TransferEnded
from santong.payments.tests.factories import end_transfer, facts_told
from santong.settlement import contracts
from santong.settlement.models import Party
from santong.settlement.selectors.invariants import check_invariants
from santong.settlement.selectors.ledger import balances_of_parties
from santong.settlement.selectors.payouts import payout_lines_page
from santong.settlement.selectors.rule_drafts import newest_version
from santong.settlement.selectors.sales import shared_sale
from santong.settlement.services.approve_payouts import approve_payouts
from santong.settlement.services.draft_payouts import draft_payouts
from santong.settlement.services.draft_rules import draft_rules
from santong.settlement.services.freeze_shares import freeze_shares
from santong.settlement.services.name_receiver import name_receiver
from santong.settlement.services.publish_rules import publish_rules
from santong.settlement.services.record_receipt import record_receipt
from santong.settlement.services.release_due import release_due
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
    freeze_shares(merchant_id=shop.merchant_id, order_id=order.id, now=now)
    return shared_sale(merchant_id=shop.merchant_id, document=f"order:{order.id}")


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
        terms=contracts.SharingTerms(
            rules=rules, owners=owners, rest_due=contracts.Due(days=rest_days)
        ),
        reason="test",
        now=now,
    )


def make_draft(
    merchant_id: int,
    *rules: contracts.Rule,
    by: int = 1,
    base_version: int | None = None,
    reason: str = "spring",
    valid_from: datetime | None = None,
    now: datetime = NOW,
) -> contracts.RuleDraft:
    """Rules that somebody proposes instead of the newest."""
    newest = newest_version(merchant_id=merchant_id)
    with somebody(by):
        return draft_rules(
            merchant_id=merchant_id,
            base_version=newest if base_version is None else base_version,
            terms=contracts.SharingTerms(rules=rules),
            reason=reason,
            valid_from=valid_from,
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


@contextmanager
def somebody(number: int) -> Iterator[None]:
    """Another person goes on in the open scope."""
    with tenancy.acting_as(tenancy.Actor(kind="staff", id=str(number), name="李梅")):
        yield


def make_account(merchant_id: int) -> str:
    """The code of a payment account that parties can be paid from."""
    return payments.open_payment_account(
        merchant_id=merchant_id,
        code="simulated",
        provider="simulated",
        method="wechat_pay",
        name="收款账户",
        currency="CNY",
        now=NOW,
    ).code


def party_id_of(merchant_id: int, code: str) -> int:
    return Party.objects.of_merchant(merchant_id).get(code=code).id


def can_be_paid(merchant_id: int, *codes: str) -> None:
    """Parties are known at the payment account."""
    account = make_account(merchant_id)
    for code in codes:
        name_receiver(
            merchant_id=merchant_id,
            party_id=party_id_of(merchant_id, code),
            account_code=account,
            receiver=f"openid-{code}",
            reason="contract",
            now=NOW,
        )


def owe_clerk(
    shop: Shop, *, guide: str = "G1", now: datetime = NOW, **given: Any
) -> contracts.SharedSale:
    """A clerk is owed a tenth of a sale, due at once; rules for that are in force."""
    sale = make_sale(shop, guide=guide, paid_at=now, now=now, **given)
    record_receipt(merchant_id=shop.merchant_id, document=sale.document, received_at=now, now=now)
    release_due(merchant_id=shop.merchant_id, limit=1_000, now=now)
    return sale


def make_clerks(merchant_id: int, *guides: str) -> Shop:
    """A shop whose clerks get a tenth at once; each is owed ten yuan that can be paid out."""
    shop = make_shop(merchant_id)
    publish(
        merchant_id,
        contracts.Rule(code="clerk", role="clerk", rate_bp=1_000, due=contracts.Due(days=0)),
    )
    for guide in guides:
        owe_clerk(shop, guide=guide)
    can_be_paid(merchant_id, *(f"clerk:{guide}" for guide in guides))
    return shop


def make_run(
    merchant_id: int,
    *,
    minimum_minor: int = 1,
    limits: contracts.PayoutLimits | None = None,
    way: contracts.PayoutWay = "account",
    now: datetime = NOW,
) -> contracts.PayoutRun:
    """A payout that one person drafted and another approved."""
    with somebody(1):
        run = draft_payouts(
            merchant_id=merchant_id,
            account_code=make_account(merchant_id),
            currency="CNY",
            minimum_minor=minimum_minor,
            limits=limits or contracts.PayoutLimits(),
            way=way,
            now=now,
        )
    with somebody(2):
        return approve_payouts(merchant_id=merchant_id, run_id=run.id, now=now)


def lines_of(merchant_id: int, run: contracts.PayoutRun) -> list[contracts.PayoutLine]:
    """A run's lines, in the order in which they were planned."""
    found = payout_lines_page(merchant_id=merchant_id, run_id=run.id, limit=200)
    return sorted(found, key=lambda line: line.id)


def tell(merchant_id: int, line: contracts.PayoutLine, state: Any, *, why: str = "") -> None:
    """The provider says how a line's transfer ended, and settlement hears it."""
    assert line.transfer_id is not None
    end_transfer(
        merchant_id=merchant_id, transfer_id=line.transfer_id, state=state, why=why, now=NOW
    )
    told = facts_told(merchant_id=merchant_id, kind=TransferEnded)
    for fact in told:
        if fact.transfer_id == line.transfer_id:
            hear(fact, merchant_id=merchant_id)


def hear(fact: Any, *, merchant_id: int, now: datetime = NOW) -> None:
    """Let settlement hear a fact, as the relay does."""
    subscribers()["settlement"][type_of(fact).name](fact, merchant_id=merchant_id, now=now)
