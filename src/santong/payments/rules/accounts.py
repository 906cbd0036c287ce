"""Which accounts assets of a kind have, and how each keeps its balance."""

from __future__ import annotations

from collections.abc import Mapping

from santong.kernel.errors import FieldInvalid
from santong.payments.contracts import (
    LONGEST_OWNER,
    AccountKey,
    AssetKind,
    KeptAs,
)
from santong.payments.errors import NoSuchAccount

# Everybody writes to a sink. A balance in its row would be the one row that all postings wait for,
# so it keeps none: it is the sum of its entries.
_SINKS: Mapping[str, KeptAs] = dict.fromkeys(
    ("issued", "redeemed", "expired", "clawback", "adjustment", "transfer", "opening"), "sum"
)
_MONEY_SINKS: Mapping[str, KeptAs] = dict.fromkeys(
    ("received", "redeemed", "refunded", "expired", "income", "adjustment", "opening"), "sum"
)
# Money of a merchant, in a currency. What somebody is owed is more than nothing: `document` (what
# came in for an order and has not gone back), `pending` and `payable` (of a party of a split, not
# yet due and due; a refund may come after the payout, so they may fall below nothing). Where the
# money is, is less than nothing: `at_provider` of a payment account; what is on its way out is
# `in_transit`. `shared` stands against what parties are owed, per document; `fees`, `bonus_cost`,
# `compensation` (what buyers are owed beyond their money) and `difference` are costs, `claims` is
# what carriers and suppliers have made good of them,
# `stored_value` is what cards are worth, `disputed` what a provider has taken back until somebody
# decides.
_MONEY_PLACES: Mapping[str, KeptAs] = dict.fromkeys(
    (
        "at_provider",
        "in_transit",
        "paid_out",
        "shared",
        "fees",
        "bonus_cost",
        "compensation",
        "claims",
        "stored_value",
        "disputed",
        "difference",
    ),
    "sum",
)

ACCOUNTS: Mapping[AssetKind, Mapping[str, KeptAs]] = {
    "points": {"pending": "balance", "available": "lots", "debt": "debt", **_SINKS},
    "experience": {"earned": "balance", "issued": "sum", "adjustment": "sum", "opening": "sum"},
    "prepaid_principal": {"available": "balance", **_MONEY_SINKS},
    "prepaid_bonus": {"available": "lots", **_MONEY_SINKS},
    "deposit": {"available": "balance", **_MONEY_SINKS},
    "coupon_money": {"available": "lots", **_MONEY_SINKS},
    "money": {
        "available": "balance",
        "document": "balance",
        "pending": "either",
        "payable": "either",
        **_MONEY_SINKS,
        **_MONEY_PLACES,
    },
}
WITH_CURRENCY: frozenset[AssetKind] = frozenset(
    {"prepaid_principal", "prepaid_bonus", "deposit", "coupon_money", "money"}
)
# Every document has accounts of its own, which its first posting finds missing.
BY_DOCUMENT = frozenset({"document", "shared"})
# Where what has expired of a lot goes.
EXPIRED = "expired"
POOL = "pool"


def kept_as(account: AccountKey, *, asset_kind: AssetKind) -> KeptAs:
    """How an account keeps its balance. Raises NoSuchAccount, FieldInvalid."""
    found = ACCOUNTS[asset_kind].get(account.kind)
    if found is None:
        raise NoSuchAccount(asset=account.asset, kind=account.kind)
    if not 0 < len(account.owner) <= LONGEST_OWNER or "\0" in account.owner:
        raise FieldInvalid(pointer="/owner", reason=f"1 to {LONGEST_OWNER} characters")
    return found


def check_currency(*, kind: AssetKind, currency: str | None) -> None:
    """Money has a currency, points have none. Raises FieldInvalid."""
    if (kind in WITH_CURRENCY) != (currency is not None):
        raise FieldInvalid(pointer="/currency", reason="money has one, nothing else has")
    if currency is not None and not (len(currency) == 3 and currency.isupper()):  # noqa: PLR2004
        raise FieldInvalid(pointer="/currency", reason="three capital letters")
