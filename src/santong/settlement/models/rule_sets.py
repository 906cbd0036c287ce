"""The terms that sales are shared by."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts
from santong.settlement.rules.terms import terms_from_json


class RuleSet(MerchantOwned):
    """A version of the terms, never changed: a sale keeps the one that was in force when paid."""

    append_only = True

    version = models.PositiveIntegerField()
    terms = models.JSONField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    valid_from = models.DateTimeField()
    drafted_by = models.CharField(max_length=120, default="", db_default="", blank=True)
    published_by = models.CharField(max_length=120)
    published_at = models.DateTimeField()

    objects = MerchantQuerySet["RuleSet"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "version"], name="a_version_of_rules_is_published_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__gte=models.F("published_at")),
                name="rules_are_not_in_force_before_they_are_published",
            ),
            models.CheckConstraint(
                condition=~models.Q(drafted_by=models.F("published_by")),
                name="who_drafts_rules_does_not_publish_them",
            ),
        ]

    def as_contract(self) -> contracts.RuleSet:
        return contracts.RuleSet(
            id=self.id,
            version=self.version,
            terms=terms_from_json(self.terms),
            reason=self.reason,
            valid_from=self.valid_from,
            drafted_by=self.drafted_by,
            published_by=self.published_by,
            published_at=self.published_at,
        )
