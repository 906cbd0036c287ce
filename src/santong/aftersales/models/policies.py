"""What is granted after the sale, in versions."""

from __future__ import annotations

from django.db import models

from santong.aftersales import contracts
from santong.aftersales.models.cases import LONGEST_SIGNATURE
from santong.aftersales.rules.policies import policy_of_json, warranty_of_json
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class PolicyVersion(MerchantOwned):
    """A version of the policy, or of the warranty; never changed."""

    append_only = True

    about = models.CharField(
        max_length=10, choices=[("policy", "policy"), ("warranty", "warranty")]
    )
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    published_by = models.CharField(max_length=LONGEST_SIGNATURE)
    published_at = models.DateTimeField()

    objects = MerchantQuerySet["PolicyVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "about", "version"], name="a_version_is_published_once"
            )
        ]

    def as_policy(self) -> contracts.Policy:
        return contracts.Policy(
            version=self.version,
            terms=policy_of_json(self.terms),
            reason=self.reason,
            published_by=self.published_by,
            published_at=self.published_at,
        )

    def as_warranty(self) -> contracts.Warranty:
        return contracts.Warranty(
            version=self.version,
            terms=warranty_of_json(self.terms),
            reason=self.reason,
            published_by=self.published_by,
            published_at=self.published_at,
        )
