"""The books of parties, line by line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts
from santong.settlement.models.parties import Party
from santong.settlement.models.payouts import PayoutLine
from santong.settlement.models.sales import Sale, Share


class Entry(MerchantOwned):
    """What a party got (or gave, as less than nothing): what it is owed is the sum."""

    append_only = True

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in contracts.ENTRY_KINDS])
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", null=True, db_index=False)
    share = models.ForeignKey(Share, models.PROTECT, related_name="+", null=True, db_index=False)
    payout_line = models.ForeignKey(
        PayoutLine, models.PROTECT, related_name="+", null=True, db_index=False
    )
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["Entry"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=contracts.ENTRY_KINDS), name="an_entrys_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0), name="an_entry_of_a_party_changes_something"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "party", "at", "id"], name="entries_of_a_party"),
            models.Index(fields=["merchant_id", "sale"], name="entries_of_a_sale"),
        ]
