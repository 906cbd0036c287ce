"""The ledger: assets, accounts, transactions with their entries, lots and holds.

What is written in the same statement as the row that it names has no foreign key in the database:
to check it again would lock accounts that everybody writes to, and cost as much as the write.
"""

from __future__ import annotations

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Greatest

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.payments import contracts


class AssetQuerySet(MerchantQuerySet["Asset"]):
    """Assets."""


class Asset(MerchantOwned):
    """What is counted in whole numbers: points, experience, minor units of a currency."""

    append_only = True

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in contracts.ASSET_KINDS])
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001  points have none
    opened_at = models.DateTimeField()

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="one_asset_per_code"),
        ]

    def as_contract(self) -> contracts.Asset:
        return contracts.Asset(
            id=self.id,
            code=self.code,
            kind=contracts.ASSET_KINDS[contracts.ASSET_KINDS.index(self.kind)],
            currency=self.currency,
        )


class AccountQuerySet(MerchantQuerySet["Account"]):
    """Accounts."""


class Account(MerchantOwned):
    """One owner's account of an asset, with its balance where it keeps one.

    Balances change only by the ledger's statements, never by `save()`. No index names one, and
    pages are filled to 70 %: a posting rewrites the row in its page and touches no index.
    """

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    owner = models.CharField(max_length=contracts.LONGEST_OWNER)
    kept_as = models.CharField(max_length=10, choices=[(as_, as_) for as_ in contracts.KEPT_AS])
    posted = models.BigIntegerField(default=0, db_default=0)
    held = models.BigIntegerField(default=0, db_default=0)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "asset", "kind", "owner"],
                name="one_account_per_asset_kind_and_owner",
            ),
            models.CheckConstraint(
                condition=Q(held__gte=0) & Q(held__lte=Greatest(F("posted"), 0)),
                name="what_is_held_is_there",
            ),
            models.CheckConstraint(
                condition=~Q(kept_as__in=["lots", "balance"]) | Q(posted__gte=0),
                name="a_guarded_account_is_never_overdrawn",
            ),
            models.CheckConstraint(
                condition=~Q(kept_as="debt") | Q(posted__lte=0), name="a_debt_is_never_an_asset"
            ),
            models.CheckConstraint(
                condition=~Q(kept_as="sum") | Q(posted=0), name="a_sink_keeps_no_balance"
            ),
        ]


class TxnQuerySet(MerchantQuerySet["Txn"]):
    """Transactions."""


class Txn(MerchantOwned):
    """A transaction, once for its key. It is never edited: another one corrects it."""

    append_only = True

    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=contracts.LONGEST_KIND)
    reference = models.CharField(max_length=contracts.LONGEST_REFERENCE, default="", blank=True)
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    reverses = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    gives_back = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )

    objects = TxnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="a_transaction_is_posted_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "reverses"],
                condition=Q(reverses__isnull=False),
                name="a_transaction_is_reversed_once",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | Q(gives_back__isnull=True),
                name="a_correction_is_whole_or_in_part",
            ),
        ]
        indexes = [
            models.Index(
                fields=["gives_back"],
                condition=Q(gives_back__isnull=False),
                name="ledger_txn_given_back",
            )
        ]


class EntryQuerySet(MerchantQuerySet["Entry"]):
    """Entries."""


class Entry(MerchantOwned):
    """What one transaction did to one account. A balance is the sum of its entries.

    Triggers hold that every statement's entries sum to nothing for each transaction and asset, and
    that a transaction has entries when it commits.
    """

    append_only = True

    txn = models.ForeignKey(
        Txn, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="an_entry_changes_something"),
        ]
        indexes = [
            models.Index(fields=["txn"], name="ledger_entry_by_txn"),
            models.Index(fields=["account", "id"], name="ledger_entry_by_account"),
        ]


class LotQuerySet(MerchantQuerySet["Lot"]):
    """Lots."""


class Lot(MerchantOwned):
    """What came in by one entry, whose id it has, and what is left of it."""

    asset = models.ForeignKey(
        Asset, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    txn = models.ForeignKey(
        Txn, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    rest = models.BigIntegerField()
    held = models.BigIntegerField(default=0, db_default=0)
    expires_at = models.DateTimeField(null=True)
    # What indexes ask: it changes once in a lot's life, `rest` with every use.
    is_open = models.GeneratedField(
        expression=ExpressionWrapper(Q(rest__gt=0), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, held__gte=0)
                & Q(rest__gte=F("held"))
                & Q(rest__lte=F("amount")),
                name="a_lot_gives_no_more_than_came_in",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_at", "id"],
                condition=Q(is_open=True),
                name="ledger_lot_to_spend",
            ),
            models.Index(
                fields=["asset", "expires_at"],
                condition=Q(is_open=True, expires_at__isnull=False),
                name="ledger_lot_to_expire",
            ),
        ]


class LotUseQuerySet(MerchantQuerySet["LotUse"]):
    """Uses of lots."""


class LotUse(MerchantOwned):
    """What a transaction took from a lot, or (less than zero) put back into it."""

    append_only = True

    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    txn = models.ForeignKey(
        Txn, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()

    objects = LotUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="a_use_takes_something"),
        ]
        indexes = [models.Index(fields=["txn"], name="ledger_lot_use_by_txn")]


class HoldQuerySet(MerchantQuerySet["Hold"]):
    """Holds."""


class Hold(MerchantOwned):
    """So much of an account is kept for one purpose, until a moment."""

    source = models.CharField(max_length=contracts.LONGEST_SOURCE)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    request_hash = models.CharField(max_length=64)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.HOLD_STATES]
    )
    reference = models.CharField(max_length=contracts.LONGEST_REFERENCE, default="", blank=True)
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    expires_at = models.DateTimeField()
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    txn = models.ForeignKey(
        Txn, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    actor = models.CharField(max_length=120)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "key"], name="a_hold_is_taken_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_hold_keeps_something"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at__isnull=True)
                | Q(~Q(state="held"), ended_at__isnull=False),
                name="a_hold_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="captured", txn__isnull=False)
                | Q(~Q(state="captured"), txn__isnull=True),
                name="what_was_captured_was_posted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "expires_at"],
                condition=Q(state="held"),
                name="ledger_hold_to_expire",
            )
        ]


class HoldLotQuerySet(MerchantQuerySet["HoldLot"]):
    """Lots of holds."""


class HoldLot(MerchantOwned):
    """How much of a lot a hold keeps."""

    append_only = True

    hold = models.ForeignKey(
        Hold, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()

    objects = HoldLotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_hold_keeps_a_part_of_a_lot"),
        ]
        indexes = [models.Index(fields=["hold"], name="ledger_hold_lot_by_hold")]
