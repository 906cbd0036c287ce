"""The log of calls, and what they come to by minute. Either is kept by whom it concerns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.openplatform import contracts


class Call(MerchantOwned):
    """A call with masked bodies, in the tenant of the app's owner and in that of the seller."""

    app_key = models.CharField(max_length=contracts.LONGEST_APP_KEY)
    seller_id = models.BigIntegerField(null=True)
    method = models.CharField(max_length=contracts.LONGEST_METHOD)
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    code = models.CharField(max_length=60, default="", blank=True)
    sub_code = models.CharField(max_length=100, default="", blank=True)
    address = models.CharField(max_length=45, default="", blank=True)
    request_id = models.CharField(max_length=64, default="", blank=True)
    request = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)

    objects = MerchantQuerySet["Call"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["merchant_id", "app_key", "at"], name="calls_of_an_app")]

    def as_contract(self) -> contracts.Call:
        return contracts.Call(
            id=self.id,
            app_key=self.app_key,
            seller_id=self.seller_id,
            method=self.method,
            at=self.at,
            milliseconds=self.milliseconds,
            code=self.code,
            sub_code=self.sub_code,
            address=self.address,
            request_id=self.request_id,
            request=self.request,
            answer=self.answer,
        )


class CallCount(MerchantOwned):
    """How many calls of an app and method there were in a minute, and how they went."""

    app_key = models.CharField(max_length=contracts.LONGEST_APP_KEY)
    method = models.CharField(max_length=contracts.LONGEST_METHOD)
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    milliseconds = models.PositiveBigIntegerField()
    slowest_milliseconds = models.PositiveIntegerField()

    objects = MerchantQuerySet["CallCount"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key", "minute", "method"],
                name="calls_of_a_minute_are_counted_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(failures__lte=F("calls")), name="no_more_calls_fail_than_are_made"
            ),
        ]
