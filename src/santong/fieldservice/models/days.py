"""Technicians' time: what is held and booked of it, why, and plans for a day."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q, Value

from santong.fieldservice import contracts
from santong.fieldservice.models.people import Provider, Technician
from santong.fieldservice.models.visits import Visit
from santong.kernel.models import MerchantOwned, MerchantQuerySet

HOLDING = ("held", "booked")


class OnlyThis(Func):
    """A number as a range of itself: GiST compares ranges without any extension."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, number: str) -> None:
        super().__init__(F(number), F(number), Value("[]"))
        self.name = number


class BusyTime(Func):
    """The time that a slot blocks; its end is free again."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Slot(MerchantOwned):
    """Somebody's time for a visit, with its buffers. Held until an instant, booked, or released."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", db_index=False)
    technician = models.ForeignKey(Technician, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=[(s, s) for s in (*HOLDING, "released")])
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    objects = MerchantQuerySet["Slot"].as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="nobody_is_in_two_places_at_once",
                expressions=[
                    (OnlyThis("merchant_id"), RangeOperators.OVERLAPS),
                    (OnlyThis("technician_id"), RangeOperators.OVERLAPS),
                    (
                        BusyTime("busy_from", "busy_until", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=HOLDING),
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "visit", "state"],
                condition=Q(state__in=HOLDING),
                name="a_visit_holds_and_books_one_slot",
            ),
            models.CheckConstraint(
                condition=Q(busy_from__lte=F("starts_at"))
                & Q(starts_at__lt=F("ends_at"))
                & Q(ends_at__lte=F("busy_until")),
                name="a_slot_blocks_its_work_and_its_buffers",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False),
                name="a_hold_says_until_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "technician", "busy_from"],
                condition=Q(state__in=HOLDING),
                name="slots_of_a_technician",
            ),
            models.Index(
                fields=["merchant_id", "held_until"],
                condition=Q(state="held"),
                name="slots_that_are_held",
            ),
        ]

    def as_contract(self) -> contracts.Slot:
        return contracts.Slot(
            id=self.id,
            visit_id=self.visit_id,
            technician_id=self.technician_id,
            state=self.state,
            window=contracts.Window(starts_at=self.window_from, ends_at=self.window_until),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            busy_from=self.busy_from,
            busy_until=self.busy_until,
            held_until=self.held_until,
        )


class Decision(MerchantOwned):
    """Why this technician: what was asked, who could be sent, what each would have cost."""

    append_only = True

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    matrix = models.CharField(max_length=120)
    asked = models.JSONField()
    candidates = models.JSONField()
    offers = models.JSONField()
    chosen = models.ForeignKey(
        Technician, models.PROTECT, related_name="+", null=True, db_index=False
    )
    by_hand = models.BooleanField(default=False)

    objects = MerchantQuerySet["Decision"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["merchant_id", "visit"], name="decisions_of_a_visit")]


class DayPlan(MerchantOwned):
    """A proposal for a provider's day. Nothing changes before a person takes it."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    state = models.CharField(max_length=8, choices=[(s, s) for s in contracts.PLAN_STATES])
    before_minutes = models.PositiveIntegerField()
    after_minutes = models.PositiveIntegerField()
    moves = models.JSONField()
    left_out = models.JSONField(default=list)
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    ended_by = models.CharField(max_length=120, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=contracts.LONGEST_REASON, default="", blank=True)

    objects = MerchantQuerySet["DayPlan"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=contracts.PLAN_STATES), name="a_day_plans_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(after_minutes__lte=F("before_minutes")),
                name="a_plan_that_is_taken_makes_no_day_longer",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "provider", "on"],
                condition=Q(state="proposed"),
                name="of_a_providers_day_one_plan_is_proposed",
            ),
        ]
