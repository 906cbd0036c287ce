"""The message channel of TOP clients (TMC): which app may hear of a seller, and what waits."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.messaging.contracts import LONGEST_GROUP


class PermitQuerySet(MerchantQuerySet["Permit"]):
    """Permits."""


class Permit(MerchantOwned):
    """A seller lets an app hear of topics, in one of the app's groups."""

    app_key = models.CharField(max_length=50)
    group_name = models.CharField(max_length=LONGEST_GROUP, default="default")
    user_id = models.BigIntegerField()
    user_nick = models.CharField(max_length=120)
    since = models.DateTimeField()

    objects = PermitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key"], name="an_app_has_one_permit_of_a_seller"
            ),
        ]


class QueuedQuerySet(MerchantQuerySet["Queued"]):
    """Queued messages."""


class Queued(MerchantOwned):
    """A message that an app has not confirmed. It is given out when `due_at` has come."""

    visible_to_system = True

    permit = models.ForeignKey(Permit, models.CASCADE, related_name="+")
    app_key = models.CharField(max_length=50)
    group_name = models.CharField(max_length=LONGEST_GROUP)
    number = models.BigIntegerField()
    due_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    objects = QueuedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key", "number"],
                name="a_message_is_queued_once_for_an_app",
            ),
        ]
        indexes = [
            models.Index(fields=["app_key", "group_name", "due_at"], name="queued_and_due"),
        ]
