"""A marketplace keeps its own share of what it collects, and gives it back with what went back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.tests.factories import make_collected
from santong.settlement.contracts import Due, Rule, SharedSale
from santong.settlement.jobs import let_marketplaces_keep_theirs
from santong.settlement.services.keep_shares import keep_shares
from santong.settlement.services.record_receipt import record_receipt
from santong.settlement.services.release_due import release_due
from santong.settlement.services.restore_shares import restore_shares
from santong.settlement.services.reverse_shares import reverse_shares
from santong.settlement.tests.factories import (
    NOW,
    Shop,
    assert_sound,
    make_sale,
    make_shop,
    owed,
    publish,
)

COMMISSION = Rule(code="market", role="marketplace", rate_bp=500, due=Due(days=0))


def make_due(shop: Shop, *, channel: str = "tmall", **given: Any) -> SharedSale:
    """A sale of 100.00 of which a marketplace is due 5.00, and where its money is."""
    sale = make_sale(shop, **given)
    merchant_id = shop.merchant_id
    if channel:
        make_collected(
            merchant_id=merchant_id, document=sale.document, channel=channel, amount=10_000
        )
    record_receipt(merchant_id=merchant_id, document=sale.document, received_at=NOW, now=NOW)
    release_due(merchant_id=merchant_id, limit=100, now=NOW)
    return sale


def at_channel(merchant_id: int, channel: str = "tmall") -> int:
    """What the books say lies at a channel."""
    key = payments.AccountKey("money:CNY", "at_provider", f"channel:{channel}:cny")
    return -payments.balances(merchant_id=merchant_id, accounts=[key])[key].posted


def keep(merchant_id: int) -> object:
    return let_marketplaces_keep_theirs(merchant_id=merchant_id, now=NOW)


def test_what_a_marketplace_is_due_it_has_kept(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, COMMISSION)
    make_due(shop)
    party = f"marketplace:{shop.storefront}"
    before = owed(merchant_id, party)

    kept = [keep(merchant_id), keep(merchant_id)]

    assert before == (0, 500)
    assert kept == [1, 0]
    assert owed(merchant_id, party) == (0, 0)
    assert at_channel(merchant_id) == 9_500
    assert_sound(merchant_id)
    assert payments.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_what_goes_back_to_the_buyer_it_gives_back_and_what_is_restored_it_keeps(
    merchant_id: int,
) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, COMMISSION)
    sale = make_due(shop)
    keep(merchant_id)
    about: dict[str, Any] = {"merchant_id": merchant_id, "document": sale.document, "now": NOW}

    reverse_shares(key="refund:1", kind="refund", amount_minor=4_000, reason="returned", **about)
    keep(merchant_id)
    reversed_at = at_channel(merchant_id)
    restore_shares(key="refund:1", reason="it did not go", **about)
    keep(merchant_id)

    assert reversed_at == 9_700
    assert at_channel(merchant_id) == 9_500
    assert owed(merchant_id, f"marketplace:{shop.storefront}") == (0, 0)
    assert_sound(merchant_id)
    assert payments.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_discount_that_a_marketplace_bears_it_pays_in(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    funded = Rule(
        code="funded",
        role="head_office",
        base="discount",
        rate_bp=10_000,
        bearer="marketplace",
        due=Due(days=0),
    )
    publish(merchant_id, COMMISSION, funded)
    make_due(shop, price_minor=12_000, discount_minor=2_000)

    kept = keep(merchant_id)

    assert kept == 2
    assert owed(merchant_id, f"marketplace:{shop.storefront}") == (0, 0)
    assert at_channel(merchant_id) == 10_000 - 500 + 2_000
    assert_sound(merchant_id)


def test_what_came_in_elsewhere_stays_owed(merchant_id: int) -> None:
    shop = make_shop(merchant_id)
    publish(merchant_id, COMMISSION)
    sale = make_due(shop, channel="")

    looked = keep_shares(merchant_id=merchant_id, after_id=0, limit=1, now=NOW)
    beyond = keep_shares(merchant_id=merchant_id, after_id=looked.after_id or 0, limit=1, now=NOW)

    assert (looked.kept, looked.after_id is None) == (0, False)
    assert (beyond.kept, beyond.after_id) == (0, None)
    assert owed(merchant_id, f"marketplace:{shop.storefront}") == (0, 500)
    assert sale.left_minor == 10_000


def test_two_who_settle_at_once_settle_once(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant)
        publish(merchant, COMMISSION)
        for _ in range(5):
            make_due(shop)

    def once() -> int:
        with tenancy.scope(merchant_id=merchant):
            return keep_shares(merchant_id=merchant, after_id=0, limit=100, now=NOW).kept

    kept = at_once(*[once] * 4)

    assert sum(kept) == 5
    with tenancy.scope(merchant_id=merchant):
        assert owed(merchant, f"marketplace:{shop.storefront}") == (0, 0)
        assert at_channel(merchant) == 47_500
        assert_sound(merchant)
