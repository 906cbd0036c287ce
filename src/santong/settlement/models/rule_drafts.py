"""Rules of sharing that one person proposes, and whether one person is enough."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts
from santong.settlement.models.rule_sets import RuleSet
from santong.settlement.rules.terms import terms_from_json


class RuleDraft(MerchantOwned):
    """The next version of the rules, drafted by one person and published by another.

    `revision` counts its changes: who publishes says which of them was looked at.
    """

    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.DRAFT_STATES])
    revision = models.PositiveIntegerField(default=1)
    base_version = models.PositiveIntegerField()
    terms = models.JSONField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    valid_from = models.DateTimeField(null=True)
    drafted_by = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_by = models.CharField(max_length=120, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", null=True)

    objects = MerchantQuerySet["RuleDraft"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=contracts.DRAFT_STATES), name="a_rule_drafts_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "declined"]) | ~Q(ended_by=F("drafted_by")),
                name="who_drafts_rules_does_not_decide_on_them",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(ended_by=F("drafted_by")),
                name="a_rule_draft_is_withdrawn_by_its_drafter",
            ),
            models.CheckConstraint(
                condition=(Q(state="draft") & Q(ended_by="", ended_at__isnull=True))
                | (~Q(state="draft") & ~Q(ended_by="") & Q(ended_at__isnull=False)),
                name="a_rule_draft_that_ended_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="published", rule_set__isnull=False)
                | (~Q(state="published") & Q(rule_set__isnull=True)),
                name="a_published_rule_draft_has_its_version",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "base_version"],
                condition=Q(state="published"),
                name="of_rule_drafts_of_one_version_one_is_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(state="draft"),
                name="rule_drafts_that_wait",
            ),
        ]

    def as_contract(self, *, newest_version: int) -> contracts.RuleDraft:
        return contracts.RuleDraft(
            id=self.id,
            state=self.state,  # type: ignore[arg-type]  # one of the words of the type
            revision=self.revision,
            base_version=self.base_version,
            newest_version=newest_version,
            terms=terms_from_json(self.terms),
            reason=self.reason,
            valid_from=self.valid_from,
            drafted_by=self.drafted_by,
            drafted_at=self.drafted_at,
            changed_at=self.changed_at,
            ended_by=self.ended_by,
            ended_at=self.ended_at,
            ended_why=self.ended_why,
            rule_set_id=self.rule_set_id,
        )


class RulePolicy(MerchantOwned):
    """Whether one person may publish rules alone; without a row it takes two."""

    may_publish_alone = models.BooleanField(default=False)
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["RulePolicy"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], name="a_merchant_has_one_policy_of_rules"
            ),
        ]

    def as_contract(self) -> contracts.RulePolicy:
        return contracts.RulePolicy(
            may_publish_alone=self.may_publish_alone,
            reason=self.reason,
            changed_by=self.changed_by,
            changed_at=self.changed_at,
        )
