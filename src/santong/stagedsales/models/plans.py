"""What is offered in stages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.stagedsales import contracts
from santong.stagedsales.rules.terms import terms_from_json


class StagePlan(MerchantOwned):
    """A version of a plan. It never changes; the newest of a code is what is offered."""

    append_only = True

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    is_offered = models.BooleanField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    published_by = models.CharField(max_length=120)
    published_at = models.DateTimeField()

    objects = MerchantQuerySet["StagePlan"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code", "version"],
                name="a_version_of_a_stage_plan_is_published_once",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="versions_of_stage_plans_begin_with_one"
            ),
        ]

    def as_contract(self) -> contracts.StagePlan:
        return contracts.StagePlan(
            id=self.id,
            code=self.code,
            version=self.version,
            terms=terms_from_json(self.terms),
            is_offered=self.is_offered,
            reason=self.reason,
            published_by=self.published_by,
            published_at=self.published_at,
        )
