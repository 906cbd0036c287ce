"""The books of the simulated tax office. Nothing but `providers/simulated.py` looks into them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet


class SimulatedInvoice(MerchantOwned):
    """An invoice as the simulated office knows it. `asks_left`: how often it says `working`.

    Before it is heard, only the line knows of it: somebody has tried, and nothing arrived.
    """

    reference = models.CharField(max_length=100)
    taxpayer_number = models.CharField(max_length=18)
    kind = models.CharField(max_length=4, choices=[("blue", "blue"), ("red", "red")])
    blue_number = models.CharField(max_length=20, default="", blank=True)
    number = models.CharField(max_length=20, default="", blank=True)
    why = models.CharField(max_length=200, default="", blank=True)
    total_minor = models.BigIntegerField(default=0)
    taken_back_minor = models.BigIntegerField(default=0)
    may_be_deducted = models.BooleanField(default=False)
    is_heard = models.BooleanField(default=False)
    tries = models.IntegerField(default=0)
    asks_left = models.IntegerField(default=0)
    issued_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["SimulatedInvoice"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="an_office_knows_a_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_minor__lte=F("total_minor")),
                name="an_office_takes_back_what_it_issued_at_most",
            ),
        ]


class SimulatedSlip(MerchantOwned):
    """A confirmation slip as the simulated office knows it."""

    reference = models.CharField(max_length=100)
    state = models.CharField(
        max_length=10,
        choices=[(state, state) for state in ("waiting", "confirmed", "denied", "expired")],
    )
    blue_number = models.CharField(max_length=20)
    total_minor = models.BigIntegerField()
    asks_left = models.IntegerField(default=0)

    objects = MerchantQuerySet["SimulatedSlip"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reference"], name="an_office_knows_a_slip_once"
            )
        ]
