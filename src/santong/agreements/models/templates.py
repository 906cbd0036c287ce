"""Terms that are offered again and again, and how a merchant makes agreements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.agreements import contracts
from santong.agreements.rules.written import terms_of
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Template(MerchantOwned):
    """Terms under a code. What it says stands in its versions."""

    code = models.CharField(max_length=40)
    category = models.CharField(max_length=12, choices=[(c, c) for c in contracts.CATEGORIES])
    newest = models.PositiveIntegerField(default=0)
    is_in_use = models.BooleanField(default=True)

    objects = MerchantQuerySet["Template"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_template_has_one_code"),
        ]


class TemplateVersion(MerchantOwned):
    """What a template said from an instant on. Never changed."""

    append_only = True

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    objects = MerchantQuerySet["TemplateVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "template", "number"], name="a_template_counts_its_versions"
            ),
        ]

    def as_contract(self, template: Template) -> contracts.Template:
        return contracts.Template(
            code=template.code,
            version=self.number,
            name=self.name,
            category=template.category,  # type: ignore[arg-type]  # one of the words
            terms=terms_of(self.terms),
            is_in_use=template.is_in_use,
            published_at=self.published_at,
            published_by=self.published_by,
        )


class AgreementSettings(MerchantOwned):
    """How a merchant makes agreements; without a row, as the contract's defaults say."""

    max_window_days = models.PositiveSmallIntegerField()
    offer_days = models.PositiveSmallIntegerField()
    claim_days = models.PositiveSmallIntegerField()
    decide_hours = models.PositiveSmallIntegerField()
    needs_signature = models.BooleanField()

    objects = MerchantQuerySet["AgreementSettings"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="agreements_have_one_setting"),
            models.CheckConstraint(
                condition=Q(max_window_days__gte=1, offer_days__gte=1, decide_hours__gte=1),
                name="agreements_give_time",
            ),
        ]

    def as_contract(self) -> contracts.Settings:
        return contracts.Settings(
            max_window_days=self.max_window_days,
            offer_days=self.offer_days,
            claim_days=self.claim_days,
            decide_hours=self.decide_hours,
            needs_signature=self.needs_signature,
        )
