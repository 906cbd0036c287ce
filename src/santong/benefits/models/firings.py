"""Rules by event, and what they have done: for one member and one occasion at most once."""

from __future__ import annotations

from typing import get_args

from django.db import models
from django.db.models import Q

from santong.benefits.contracts import events as told
from santong.benefits.contracts.events import EVENTS
from santong.benefits.models.batches import Batch, Package
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class EventRuleQuerySet(MerchantQuerySet["EventRule"]):
    """Rules by event."""


class EventRule(MerchantOwned):
    """When this happens to a member, they are given this and told that."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    event = models.CharField(max_length=20, choices=[(event, event) for event in EVENTS])
    programme = models.ForeignKey(
        "membership.Programme", models.PROTECT, null=True, related_name="+"
    )
    to_tier = models.CharField(max_length=60, default="", blank=True)
    days_before = models.SmallIntegerField(default=0)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="+")
    message_template = models.CharField(max_length=60, default="", blank=True)
    message_channel = models.CharField(max_length=20, default="sms", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = EventRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_rule_has_its_own_code"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False)
                | Q(package__isnull=False)
                | Q(message_template__gt=""),
                name="a_rule_does_something",
            ),
            models.CheckConstraint(
                condition=Q(event__in=EVENTS), name="a_rule_waits_for_a_known_event"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "event"], name="rules_by_event")]

    def as_contract(self) -> told.EventRule:
        return told.EventRule(
            id=self.id,
            code=self.code,
            name=self.name,
            event=EVENTS[EVENTS.index(self.event)],
            programme_id=self.programme_id,
            to_tier=self.to_tier,
            days_before=self.days_before,
            batch_id=self.batch_id,
            package_id=self.package_id,
            message_template=self.message_template,
            message_channel=self.message_channel,
            is_active=self.is_active,
        )


class RuleFiringQuerySet(MerchantQuerySet["RuleFiring"]):
    """What rules have done."""


class RuleFiring(MerchantOwned):
    """A rule has done its work for one member on one occasion; it does not do so again."""

    append_only = True

    rule = models.ForeignKey(EventRule, models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(
        "membership.Member", models.PROTECT, related_name="+", db_index=False
    )
    occasion = models.CharField(max_length=80)
    outcome = models.CharField(
        max_length=12, choices=[(outcome, outcome) for outcome in ("given", "told", "refused")]
    )
    why = models.CharField(max_length=60, default="", blank=True)
    coupon_ids = models.JSONField(default=list)
    is_told = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = RuleFiringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "rule", "member", "occasion"],
                name="a_rule_acts_once_for_a_member_and_an_occasion",
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "member", "id"], name="firings_of_a_member")]

    def as_contract(self) -> told.Firing:
        outcomes: tuple[told.Outcome, ...] = get_args(told.Outcome)
        return told.Firing(
            id=self.id,
            rule_id=self.rule_id,
            member_id=self.member_id,
            occasion=self.occasion,
            outcome=outcomes[outcomes.index(self.outcome)],
            why=self.why,
            coupon_ids=tuple(self.coupon_ids),
            is_told=self.is_told,
            at=self.at,
        )
