"""Sales and their shares. What parties own changes by entries only, which are never rewritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.settlement import contracts
from santong.settlement.models.parties import Party
from santong.settlement.models.rule_sets import RuleSet


class Sale(MerchantOwned):
    """A document that was paid in full, with the terms that were in force then.

    `booked` counts the transactions that its shares made: each has the next number in its key.
    """

    document = models.CharField(max_length=contracts.LONGEST_DOCUMENT)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", null=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", null=True)
    sold = models.JSONField()
    currency = models.CharField(max_length=3)
    paid_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    paid_at = models.DateTimeField()
    frozen_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    booked = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["Sale"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "document"], name="a_document_is_shared_once"
            ),
            models.CheckConstraint(
                condition=Q(left_minor__gte=0, left_minor__lte=F("paid_minor")),
                name="what_is_left_of_a_sale_is_within_what_was_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "frozen_at"], name="sales_of_a_day_shared"),
        ]


class SaleLine(MerchantOwned):
    """A line of a sale with its frozen amounts; the freight is a line of its own."""

    append_only = True

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=[("goods", "goods"), ("freight", "freight")])
    order_line_id = models.BigIntegerField(null=True)
    sku = models.CharField(max_length=100, default="", blank=True)
    category = models.CharField(max_length=300, default="", blank=True)
    pieces = models.PositiveIntegerField()
    paid_minor = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    list_minor = models.BigIntegerField()

    objects = MerchantQuerySet["SaleLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "number"], name="lines_of_a_sale_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(pieces__gt=0, paid_minor__gte=0, price_minor__gte=0, list_minor__gte=0),
                name="a_line_of_a_sale_has_pieces_and_no_amount_below_zero",
            ),
        ]


class Part(MerchantOwned):
    """Pieces of a line that one place fills, or that nobody has filled yet (`key` is empty).

    A part whose pieces leave a place is superseded by one for that place and one for the rest.
    """

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(SaleLine, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=contracts.LONGEST_KEY, default="", blank=True)
    pieces = models.PositiveIntegerField()
    paid_minor = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    list_minor = models.BigIntegerField()
    filler = models.JSONField(null=True)
    state = models.CharField(max_length=12, choices=[(s, s) for s in contracts.PART_STATES])
    made_at = models.DateTimeField()

    objects = MerchantQuerySet["Part"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "line", "key"],
                condition=Q(state="open"),
                name="what_leaves_a_place_is_one_part",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.PART_STATES), name="a_parts_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "sale"], name="parts_of_a_sale")]


class Share(MerchantOwned):
    """What a party is owed of a part by one rule: as frozen, and what is left of it.

    What is left is within what was frozen, on its side of nothing. `kept_minor` is what a
    marketplace has kept of it already, out of money that it collected itself; none for others.
    """

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_index=False)
    part = models.ForeignKey(Part, models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveIntegerField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20)
    rule = models.CharField(max_length=contracts.LONGEST_CODE)
    base = models.CharField(max_length=10)
    base_minor = models.BigIntegerField()
    rate_bp = models.PositiveIntegerField()
    fixed_minor = models.BigIntegerField()
    bound = models.CharField(max_length=3, default="", blank=True)
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    due_basis = models.CharField(max_length=10)
    due_days = models.PositiveIntegerField()
    due_at = models.DateTimeField(null=True)
    is_due = models.BooleanField(default=False)
    kept_minor = models.BigIntegerField(null=True)

    objects = MerchantQuerySet["Share"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "part", "place"],
                name="a_share_stands_once_in_its_part",
            ),
            models.CheckConstraint(
                condition=Q(left_minor__gte=0, left_minor__lte=F("amount_minor"))
                | Q(left_minor__lte=0, left_minor__gte=F("amount_minor")),
                name="what_is_left_of_a_share_is_within_it",
            ),
            models.CheckConstraint(
                condition=Q(due_basis__in=contracts.DUE_BASES),
                name="a_share_is_due_after_something_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "due_at", "id"],
                condition=Q(is_due=False, due_at__isnull=False),
                name="shares_that_will_be_due",
            ),
            models.Index(
                fields=["merchant_id", "party", "due_at"],
                condition=Q(is_due=True, left_minor__gt=0),
                name="due_shares_of_a_party",
            ),
            models.Index(fields=["merchant_id", "party", "id"], name="shares_of_a_party"),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(is_due=True, kept_minor__isnull=False) & ~Q(left_minor=F("kept_minor")),
                name="shares_that_are_kept",
            ),
        ]


class Reversal(MerchantOwned):
    """Money that went back to the buyer; its shares went back with it, until it is restored."""

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    kind = models.CharField(max_length=8, choices=[(k, k) for k in contracts.REVERSAL_KINDS])
    amount_minor = models.BigIntegerField()
    amount_by_line = models.JSONField(default=dict)
    reason = models.CharField(max_length=contracts.LONGEST_REASON)
    at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True)
    bearer = models.ForeignKey(Party, models.PROTECT, related_name="+", null=True, db_index=False)

    objects = MerchantQuerySet["Reversal"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "sale", "key"], name="a_reversal_is_made_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_reversal_takes_something_back"
            ),
        ]


def by_line_of(rows: Iterable[Reversal]) -> tuple[dict[int, int], int]:
    """What reversals took back, by line number, and of no line in special."""
    of_line: dict[int, int] = defaultdict(int)
    of_none = 0
    for row in rows:
        if not row.amount_by_line:
            of_none += row.amount_minor
        for number, amount in row.amount_by_line.items():
            of_line[int(number)] += amount
    return of_line, of_none


class RefundedLines(MerchantOwned):
    """Which lines of a document a refund is for, said by whoever asked for it."""

    append_only = True

    document = models.CharField(max_length=60)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    amount_by_line = models.JSONField()

    objects = MerchantQuerySet["RefundedLines"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "document", "key"], name="a_refund_names_its_lines_once"
            )
        ]


class RefundBearer(MerchantOwned):
    """Who bears what a refund costs, said by whoever asked for it."""

    append_only = True

    document = models.CharField(max_length=60)
    key = models.CharField(max_length=contracts.LONGEST_KEY)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    objects = MerchantQuerySet["RefundBearer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "document", "key"], name="a_refund_has_one_bearer"
            )
        ]


class DueBatch(MerchantOwned):
    """Shares that became due together."""

    append_only = True

    shares = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = MerchantQuerySet["DueBatch"].as_manager()
