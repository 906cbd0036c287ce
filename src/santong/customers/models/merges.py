"""Who turned out to be whom, and who did not."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from santong.customers import contracts
from santong.customers.models.persons import Person
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Merge(MerchantOwned):
    """The ledger: two persons turned out to be one. Both were the current ones at that time."""

    append_only = True

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, default="", blank=True)
    merged_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["Merge"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kept__lt=F("gone")), name="a_merge_keeps_the_older_person"
            )
        ]
        indexes = [
            models.Index(fields=["merchant_id", "kept"], name="merges_that_kept"),
            models.Index(fields=["merchant_id", "gone"], name="merges_that_ended"),
        ]

    def as_contract(self, *, undone_at: datetime | None) -> contracts.Merge:
        return contracts.Merge(
            id=self.id,
            kept_id=self.kept_id,
            gone_id=self.gone_id,
            why=self.why,
            reason=self.reason,
            merged_at=self.merged_at,
            undone_at=undone_at,
        )


class MergeUndo(MerchantOwned):
    """The ledger: a merge was a mistake."""

    append_only = True

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=500)
    undone_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["MergeUndo"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "merge"], name="a_merge_is_undone_once")
        ]


class Apart(MerchantOwned):
    """Two persons whom somebody has looked at and found to be two; nothing automatic joins them."""

    append_only = True

    first = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=20)
    decided_at = models.DateTimeField()

    objects = MerchantQuerySet["Apart"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "first", "second"], name="two_are_found_to_be_two_once"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="the_older_of_two_comes_first"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "second"], name="apart_by_second")]
