"""Units of an order's line as cases see them, and where their money is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.aftersales.models.cases import Case
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class LineUnits(MerchantOwned):
    """One line of an order: what arrived of it, what is in cases, what is settled.

    `in_cases` counts units that are in an open case, or for which a case has ended that leaves
    nothing with the buyer. `settled` units are off the sale, and `settled_minor` is what was paid
    back for them, granted meanwhile, or carried over to what replaced them.
    """

    order_id = models.BigIntegerField()
    order_line_id = models.BigIntegerField()
    arrived = models.PositiveIntegerField()
    in_cases = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    paid_minor = models.BigIntegerField()
    settled_minor = models.BigIntegerField(default=0)

    objects = MerchantQuerySet["LineUnits"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order_line_id"], name="a_line_is_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(arrived__gte=F("in_cases")), name="no_unit_is_in_two_cases"
            ),
            models.CheckConstraint(
                condition=Q(arrived__gte=F("settled")), name="no_unit_is_settled_twice"
            ),
            models.CheckConstraint(
                condition=Q(settled_minor__gte=0, paid_minor__gte=F("settled_minor")),
                name="no_more_goes_back_than_was_paid_for_a_line",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "order_id"], name="units_of_an_order")]


class CarriedValue(MerchantOwned):
    """Money that still lies with what was exchanged, and stands behind what replaced it.

    `root_line_id` is the line of `document` along which it came, `units` how many of its units.
    """

    order_id = models.BigIntegerField()
    order_line_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=60)
    root_line_id = models.BigIntegerField()
    units = models.PositiveIntegerField()
    settled = models.PositiveIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    settled_minor = models.BigIntegerField(default=0)

    objects = MerchantQuerySet["CarriedValue"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order_line_id", "case", "root_line_id"],
                name="money_is_carried_once",
            ),
            models.CheckConstraint(
                condition=Q(settled_minor__gte=0, amount_minor__gte=F("settled_minor")),
                name="no_more_goes_back_than_was_carried",
            ),
            models.CheckConstraint(
                condition=Q(units__gte=F("settled")), name="no_carried_unit_is_settled_twice"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "order_line_id"], name="carried_to_a_line"),
            models.Index(fields=["merchant_id", "case"], name="carried_by_a_case"),
        ]
