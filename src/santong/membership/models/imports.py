"""Which rows of a file have been taken in."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership.models.programmes import Programme


class ImportBatch(MerchantOwned):
    """Some rows of a file, taken in by one transaction: the same rows of a file only once."""

    append_only = True

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    # A hash of the file, and from which line on.
    file_hash = models.CharField(max_length=64)
    first_line = models.PositiveBigIntegerField()
    rows = models.PositiveIntegerField()
    members = models.PositiveIntegerField()
    new_members = models.PositiveIntegerField()
    points = models.BigIntegerField()
    experience = models.BigIntegerField()
    problems = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["ImportBatch"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "programme", "file_hash", "first_line"],
                name="rows_are_imported_once",
            )
        ]
