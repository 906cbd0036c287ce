"""Alarms by mail: to whom, and what waits to be sent."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet


class MailAddressQuerySet(MerchantQuerySet["MailAddress"]):
    """Addresses."""


class MailAddress(MerchantOwned):
    """Somebody who wants alarms by mail. Sealed; `blind` finds equal ones, `masked` is shown."""

    sealed = models.BinaryField()
    blind = models.BinaryField(max_length=16)
    masked = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    objects = MailAddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "blind"], name="an_address_wants_alarms_once"
            ),
        ]


class MailQuerySet(MerchantQuerySet["Mail"]):
    """Mails."""


class Mail(MerchantOwned):
    """One alarm to one address, until it has left or was given up."""

    visible_to_system = True

    address = models.ForeignKey(MailAddress, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in ("waits", "sent", "dead")], default="waits"
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "address", "key"], name="an_alarm_is_mailed_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="mails_due")]
