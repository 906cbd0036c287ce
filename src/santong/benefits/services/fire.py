"""A rule acts for a member, at most once on an occasion."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast

from django.db import transaction

from santong.benefits.contracts.events import EventRule, Outcome
from santong.benefits.errors import (
    BatchNotOpen,
    LimitReached,
    OutsideClaimWindow,
    SupplyMissing,
)
from santong.benefits.events import MessageDue
from santong.benefits.selectors.event_rules import has_fired
from santong.benefits.selectors.statements import run
from santong.benefits.services.claim import claim
from santong.benefits.services.give_package import give_package
from santong.customers import public as customers
from santong.kernel import outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import public as membership

# Whoever is second finds the first's row and says nothing.
_FIRED = Statement("""
INSERT INTO benefits_rulefiring (merchant_id, rule_id, member_id, occasion, outcome, why,
  coupon_ids, is_told, at)
VALUES (%(merchant)s::bigint, %(rule)s::bigint, %(member)s::bigint, %(occasion)s::text,
  %(outcome)s::text, %(why)s::text, %(coupons)s::jsonb, %(is_told)s::bool, %(now)s::timestamptz)
ON CONFLICT (merchant_id, rule_id, member_id, occasion) DO NOTHING
RETURNING id
""")
_REFUSALS = (BatchNotOpen, LimitReached, OutsideClaimWindow, SupplyMissing)
_MEMBERS = ("active", "dormant")


@all_or_nothing
def fire(
    *, merchant_id: int, rule: EventRule, member_id: int, occasion: str, now: datetime
) -> bool:
    """Give and tell a member what a rule says, once for this occasion; whether it was done now.

    What a limit stops is noted as refused, and not told. A message goes to those alone who have
    agreed to its channel. Who is no member any more is left out.

    Emits CouponIssued, MessageDue. Locks slots and counts of the batches that it gives of.
    """
    current = membership.current_member_ids(merchant_id=merchant_id, member_ids=[member_id])
    member_id = current.get(member_id, member_id)
    if has_fired(merchant_id=merchant_id, rule_id=rule.id, member_id=member_id, occasion=occasion):
        return False
    try:
        member = membership.member_by_id(merchant_id=merchant_id, member_id=member_id)
    except NoSuch:
        return False
    if member.state not in _MEMBERS:
        return False
    act = _Act(merchant_id, rule, member, occasion, now)
    coupon_ids, why = act.given()
    outcome: Outcome = "refused" if why else "given" if coupon_ids else "told"
    is_told = outcome != "refused" and act.may_tell()
    if not act.noted(outcome, why, coupon_ids, is_told=is_told):
        return False
    if is_told:
        outbox.publish(act.message(coupon_ids), now=now)
    return True


class _Act:
    """One rule for one member on one occasion."""

    def __init__(
        self,
        merchant_id: int,
        rule: EventRule,
        member: membership.Member,
        occasion: str,
        now: datetime,
    ) -> None:
        self.merchant_id, self.rule, self.member = merchant_id, rule, member
        self.occasion, self.now = occasion, now

    def given(self) -> tuple[list[int], str]:
        """The coupons that the rule gives, or why it gives none."""
        rule, key = self.rule, f"rule/{self.rule.id}/{self.member.id}/{self.occasion}"
        coupons = []
        try:
            with transaction.atomic():
                if rule.batch_id is not None:
                    coupons.append(
                        claim(
                            merchant_id=self.merchant_id,
                            batch_id=rule.batch_id,
                            member_id=self.member.id,
                            channel="rule",
                            key=key,
                            cause=f"rule:{rule.code}",
                            is_alone=False,
                            now=self.now,
                        )
                    )
                if rule.package_id is not None:
                    coupons += give_package(
                        merchant_id=self.merchant_id,
                        package_id=rule.package_id,
                        member_id=self.member.id,
                        channel="rule",
                        key=key,
                        cause=f"rule:{rule.code}",
                        now=self.now,
                    )
        except _REFUSALS as refused:
            return [], str(getattr(refused, "limit", refused.code))[:60]
        return [coupon.id for coupon in coupons], ""

    def may_tell(self) -> bool:
        """Whether there is something to tell, and the person has agreed to be told."""
        if not self.rule.message_template:
            return False
        allowed = customers.may_contact(
            merchant_id=self.merchant_id,
            person_ids=[self.member.person_id],
            purpose="marketing",
            channel=cast("customers.Channel", self.rule.message_channel),
            now=self.now,
        )
        return allowed.get(self.member.person_id, False)

    def noted(self, outcome: Outcome, why: str, coupon_ids: list[int], *, is_told: bool) -> bool:
        """Write that the rule has acted; False where it had."""
        rows = run(
            _FIRED,
            {
                "merchant": self.merchant_id,
                "rule": self.rule.id,
                "member": self.member.id,
                "occasion": self.occasion,
                "outcome": outcome,
                "why": why,
                "coupons": json.dumps(coupon_ids),
                "is_told": is_told,
                "now": self.now,
            },
        )
        return bool(rows)

    def message(self, coupon_ids: list[int]) -> MessageDue:
        return MessageDue(
            member_id=self.member.id,
            rule_id=self.rule.id,
            occasion=self.occasion,
            template=self.rule.message_template,
            channel=self.rule.message_channel,
            coupon_ids=tuple(coupon_ids),
        )
