"""What applications have told of members: how they stand, and what became of a change."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet

LONGEST_APP_KEY: Final = 50
LONGEST_RECORD: Final = 60
LONGEST_ERROR: Final = 60


class ToldStandingQuerySet(MerchantQuerySet["ToldStanding"]):
    """What was told of how members stand."""


class ToldStanding(MerchantOwned):
    """The newest that an application has told of a member in one programme."""

    app_key = models.CharField(max_length=LONGEST_APP_KEY)
    programme_id = models.BigIntegerField()
    member_id = models.BigIntegerField()
    version = models.BigIntegerField()
    told_at = models.DateTimeField()

    objects = ToldStandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "member_id", "programme_id", "app_key"],
                name="an_application_has_told_of_a_member_once",
            ),
            models.CheckConstraint(condition=Q(version__gte=0), name="a_told_version_counts_up"),
        ]


class PointAnswerQuerySet(MerchantQuerySet["PointAnswer"]):
    """Answers to changes of points."""


class PointAnswer(MerchantOwned):
    """What an application says became of a change of points that it was told of."""

    append_only = True

    app_key = models.CharField(max_length=LONGEST_APP_KEY)
    record_id = models.CharField(max_length=LONGEST_RECORD)
    is_done = models.BooleanField()
    error_code = models.CharField(max_length=LONGEST_ERROR, default="", blank=True)
    at = models.DateTimeField()

    objects = PointAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "record_id", "app_key"],
                name="a_change_of_points_is_answered_once_by_an_application",
            ),
            models.CheckConstraint(
                condition=Q(is_done=False) | Q(error_code=""),
                name="what_is_done_has_no_error",
            ),
        ]
