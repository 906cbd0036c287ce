"""What differs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.reconciliation import contracts
from santong.reconciliation.models.files import LONGEST_CODE, StatementFile, StatementLine

_LIVE = Q(state__in=contracts.LIVE)


class DifferenceQuerySet(MerchantQuerySet["Difference"]):
    """Differences."""


class Difference(MerchantOwned):
    """Something that is not the same on both sides, and what becomes of it."""

    category = models.CharField(
        max_length=24, choices=[(each, each) for each in contracts.CATEGORIES]
    )
    state = models.CharField(
        max_length=12, choices=[(each, each) for each in contracts.DIFFERENCE_STATES]
    )
    account_code = models.CharField(max_length=LONGEST_CODE, default="", db_default="", blank=True)
    day = models.DateField()
    file = models.ForeignKey(
        StatementFile,
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    line = models.ForeignKey(
        StatementLine,
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    movement_id = models.BigIntegerField(null=True)
    fee_movement_id = models.BigIntegerField(null=True)
    document = models.CharField(max_length=60, default="", db_default="", blank=True)
    reference = models.CharField(max_length=contracts.LONGEST_REFERENCE, blank=True)
    their_reference = models.CharField(max_length=contracts.LONGEST_REFERENCE, blank=True)
    currency = models.CharField(max_length=3)
    theirs_minor = models.BigIntegerField()
    ours_minor = models.BigIntegerField()
    explanation = models.JSONField(default=dict)
    owner = models.CharField(max_length=120, default="", db_default="", blank=True)
    due_on = models.DateField(null=True)
    note = models.CharField(
        max_length=contracts.LONGEST_NOTE, default="", db_default="", blank=True
    )
    proposed_by = models.CharField(max_length=120, default="", db_default="", blank=True)
    booked_minor = models.BigIntegerField(default=0, db_default=0)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "line"],
                condition=_LIVE & Q(line__isnull=False),
                name="a_line_differs_in_one_way",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "movement_id"],
                condition=_LIVE & Q(movement_id__isnull=False),
                name="a_movement_differs_in_one_way",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "fee_movement_id"],
                condition=_LIVE & Q(fee_movement_id__isnull=False),
                name="a_fee_differs_in_one_way",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "document"],
                condition=_LIVE & Q(file__isnull=True),
                name="a_document_differs_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False)
                | Q(movement_id__isnull=False)
                | (Q(file__isnull=True) & ~Q(document="")),
                name="a_difference_is_about_something",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "file"], name="difference_by_file"),
            models.Index(fields=["merchant_id", "day"], name="difference_by_day"),
            models.Index(
                fields=["merchant_id", "account_code", "id"],
                condition=Q(state__in=["open", "waiting"]),
                name="difference_to_match_later",
            ),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state__in=contracts.TAKEN_UP),
                name="difference_to_work_on",
            ),
        ]

    def as_contract(self) -> contracts.Difference:
        names = contracts.Difference.__dataclass_fields__
        return contracts.Difference(**{name: getattr(self, name) for name in names})
