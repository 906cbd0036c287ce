"""Cases, their lines, what was decided, and what was written about them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import F, Q

from santong.aftersales import contracts
from santong.aftersales.models.sealed import open_text
from santong.aftersales.rules.decide import facts_of_json, proposal_of_json
from santong.aftersales.rules.numbers import case_number
from santong.kernel.models import MerchantOwned, MerchantQuerySet

LONGEST_SIGNATURE = 120


def _choices(words: Sequence[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Case(MerchantOwned):
    """What a buyer asks for after the sale. Its row is locked before anything of it changes.

    `wanted` is what was asked for, `kind` what it is done as. `waits_for` says why a case that was
    decided waits for a person again.
    """

    key = models.CharField(max_length=contracts.LONGEST_KEY + 20)
    order_id = models.BigIntegerField()
    document = models.CharField(max_length=60)
    storefront_id = models.BigIntegerField()
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", null=True, db_index=False
    )
    member_id = models.BigIntegerField(null=True)
    wanted = models.CharField(max_length=12, choices=_choices(contracts.KINDS))
    kind = models.CharField(max_length=12, choices=_choices(contracts.KINDS))
    way_back = models.CharField(max_length=8, choices=_choices(contracts.WAYS))
    reason = models.CharField(max_length=20, choices=_choices(contracts.REASONS))
    state = models.CharField(max_length=16, choices=_choices(contracts.CASE_STATES))
    channel = models.CharField(max_length=10, choices=_choices(contracts.CHANNELS))
    currency = models.CharField(max_length=3)
    words_sealed = models.BinaryField(default=b"")
    needs_return = models.BooleanField(default=False)
    sends_at_once = models.BooleanField(default=False)
    refund_minor = models.BigIntegerField(default=0)
    # Whether a person has said how much goes back, instead of what the units are worth.
    fixes_refund = models.BooleanField(default=False)
    freight_minor = models.BigIntegerField(default=0)
    units = models.JSONField(default=list)
    collect_at = models.CharField(max_length=60, default="", blank=True)
    term_reference = models.CharField(max_length=80, default="", blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=LONGEST_SIGNATURE)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=LONGEST_SIGNATURE, default="", blank=True)
    decision_reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    waits_for = models.CharField(max_length=40, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["Case"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "key"], name="a_case_is_opened_once"),
            models.CheckConstraint(
                condition=Q(state__in=contracts.CASE_STATES), name="a_cases_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "cancelled"]) | Q(decided_at__isnull=False),
                name="nothing_moves_before_a_case_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(contracts.ENDED), ended_at__isnull=False)
                | Q(~Q(state__in=sorted(contracts.ENDED)), ended_at__isnull=True),
                name="a_case_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(refund_minor__gte=0, freight_minor__gte=0),
                name="a_case_gives_back_no_less_than_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "order_id"], name="cases_after_an_order"),
            models.Index(fields=["merchant_id", "state", "id"], name="cases_by_state"),
            models.Index(
                fields=["merchant_id", "location", "id"],
                condition=Q(location__isnull=False),
                name="cases_of_a_place",
            ),
            models.Index(
                fields=["merchant_id", "member_id"],
                condition=Q(member_id__isnull=False),
                name="cases_of_a_member",
            ),
        ]

    @property
    def number(self) -> str:
        """How people call it."""
        return case_number(self.id)

    @property
    def place(self) -> str:
        """What binds the buyer's words to this case."""
        return f"aftersales.words:{self.key}"

    def as_contract(self, *, lines: Sequence[contracts.CaseLine]) -> contracts.Case:
        return contracts.Case(
            id=self.id,
            number=self.number,
            order_id=self.order_id,
            document=self.document,
            storefront_id=self.storefront_id,
            location_id=self.location_id,
            member_id=self.member_id,
            kind=contracts.KINDS[contracts.KINDS.index(self.kind)],
            wanted=contracts.KINDS[contracts.KINDS.index(self.wanted)],
            way_back=contracts.WAYS[contracts.WAYS.index(self.way_back)],
            reason=contracts.REASONS[contracts.REASONS.index(self.reason)],
            state=contracts.CASE_STATES[contracts.CASE_STATES.index(self.state)],
            channel=contracts.CHANNELS[contracts.CHANNELS.index(self.channel)],
            currency=self.currency,
            needs_return=self.needs_return,
            sends_at_once=self.sends_at_once,
            refund_minor=self.refund_minor,
            freight_minor=self.freight_minor,
            term_reference=self.term_reference,
            opened_at=self.opened_at,
            opened_by=self.opened_by,
            decided_at=self.decided_at,
            decided_by=self.decided_by,
            decision_reason=self.decision_reason,
            answered_at=self.answered_at,
            ended_at=self.ended_at,
            why_ended=self.why_ended,
            waits_for=self.waits_for,
            lines=tuple(lines),
            words=open_text(
                merchant_id=self.merchant_id, sealed=bytes(self.words_sealed), place=self.place
            ),
        )


class CaseLine(MerchantOwned):
    """So many units of one line of the order, and how they came back.

    `settled` units are off the sale: paid back, or their money stands behind what replaced them.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="lines", db_index=False)
    order_line_id = models.BigIntegerField()
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", db_index=False)
    sku_code = models.CharField(max_length=60)
    sku_name = models.CharField(max_length=320)
    quantity = models.PositiveIntegerField()
    value_minor = models.BigIntegerField()
    sellable = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["CaseLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "case", "order_line_id"], name="a_case_names_a_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_case_is_about_units"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("sellable") + F("damaged")),
                name="no_more_comes_back_than_a_case_is_about",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("settled")),
                name="no_more_is_settled_than_a_case_is_about",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "order_line_id"], name="case_lines_of_a_line")
        ]

    def as_contract(self) -> contracts.CaseLine:
        return contracts.CaseLine(
            id=self.id,
            order_line_id=self.order_line_id,
            sku_id=self.sku_id,
            sku_code=self.sku_code,
            sku_name=self.sku_name,
            quantity=self.quantity,
            value_minor=self.value_minor,
            sellable=self.sellable,
            damaged=self.damaged,
        )


class Decision(MerchantOwned):
    """What was proposed on which facts, and what was decided; never changed."""

    append_only = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    proposal = models.JSONField()
    rules_version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=_choices(["accept", "refuse"]))
    overruled = models.JSONField(default=list)
    reason = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)
    decided_by = models.CharField(max_length=LONGEST_SIGNATURE)
    decided_at = models.DateTimeField()

    objects = MerchantQuerySet["Decision"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "case", "number"], name="a_decision_of_a_case_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(overruled=[]) | ~Q(reason=""), name="who_decides_otherwise_says_why"
            ),
        ]

    def as_contract(self) -> contracts.Decision:
        return contracts.Decision(
            id=self.id,
            case_id=self.case_id,
            facts=facts_of_json(self.facts),
            proposal=proposal_of_json(self.proposal),
            rules_version=self.rules_version,
            verdict="accept" if self.verdict == "accept" else "refuse",
            overruled=tuple(self.overruled),
            reason=self.reason,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
        )


class CaseMessage(MerchantOwned):
    """What the buyer or the house wrote about a case, sealed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    by_buyer = models.BooleanField()
    by = models.CharField(max_length=LONGEST_SIGNATURE)
    text_sealed = models.BinaryField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["CaseMessage"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "case", "key"], name="a_message_is_written_once"
            )
        ]

    @property
    def place(self) -> str:
        """What binds the text to this message."""
        return f"aftersales.message:{self.case_id}:{self.key}"

    def as_contract(self) -> contracts.Message:
        return contracts.Message(
            id=self.id,
            by_buyer=self.by_buyer,
            by=self.by,
            text=open_text(
                merchant_id=self.merchant_id, sealed=bytes(self.text_sealed), place=self.place
            ),
            at=self.at,
        )
