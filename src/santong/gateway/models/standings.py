"""What an older CRM has of members, as far as it has told us."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.gateway.models.connections import Connection
from santong.kernel.models import MerchantOwned, MerchantQuerySet

LONGEST_LEVEL = 40


class StandingBehindQuerySet(MerchantQuerySet["StandingBehind"]):
    """Standings."""


class StandingBehind(MerchantOwned):
    """How a member stands in an older CRM: what it told last, and what it has taken over since.

    What it tells later differs by what happened there: that much is taken over here, once for each
    `sequence`. It is asked again and again, one question at a time.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", db_index=False)
    member_id = models.BigIntegerField()
    programme_code = models.CharField(max_length=60)
    points = models.BigIntegerField(default=0)
    level = models.CharField(max_length=LONGEST_LEVEL, default="", blank=True)
    sequence = models.BigIntegerField(default=0)
    asked = models.BigIntegerField(default=0)
    answered = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()

    objects = StandingBehindQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "member_id"],
                name="a_member_stands_once_in_an_older_crm",
            ),
            models.CheckConstraint(
                condition=Q(asked__lte=F("answered") + 1, answered__lte=F("asked")),
                name="one_question_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "asked_at"],
                condition=Q(asked=F("answered")),
                name="standings_to_ask_for",
            ),
            models.Index(fields=["merchant_id", "member_id"], name="standings_of"),
        ]
