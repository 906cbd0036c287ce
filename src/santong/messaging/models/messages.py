"""The log of a merchant's messages, and who wants which."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.messaging import contracts
from santong.messaging.models.channel import Permit
from santong.messaging.models.endpoints import Endpoint


class LogQuerySet(MerchantQuerySet["Log"]):
    """Logs."""


class Log(MerchantOwned):
    """How far a merchant's log is written. Whoever writes a message holds this row until it ends.

    So numbers are those of commits: a reader who has seen a number will never see a smaller one.
    """

    visible_to_system = True

    last_number = models.BigIntegerField(default=0)

    objects = LogQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="a_merchant_has_one_message_log"),
            models.CheckConstraint(
                condition=Q(last_number__gte=0), name="message_numbers_are_counted_up"
            ),
        ]


class MessageQuerySet(MerchantQuerySet["Message"]):
    """Messages."""


class Message(MerchantOwned):
    """What is told outside, written because somebody wants it. Forgotten after 30 days."""

    number = models.BigIntegerField()
    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=120)
    content = models.JSONField()
    at = models.DateTimeField()
    publisher = models.CharField(max_length=50, default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number"], name="a_message_has_its_number_alone"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "at"], name="messages_by_time")]

    def as_contract(self) -> contracts.Message:
        return contracts.Message(
            number=self.number,
            topic=self.topic,
            key=self.key,
            content=self.content,
            at=self.at,
        )


class SubscriptionQuerySet(MerchantQuerySet["Subscription"]):
    """Subscriptions."""


class Subscription(MerchantOwned):
    """A topic that an endpoint or an app wants to hear of."""

    topic = models.CharField(max_length=100)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="+", null=True)
    permit = models.ForeignKey(Permit, models.CASCADE, related_name="+", null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "topic", "endpoint"],
                condition=Q(endpoint__isnull=False),
                name="an_endpoint_wants_a_topic_once",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "topic", "permit"],
                condition=Q(permit__isnull=False),
                name="an_app_is_permitted_a_topic_once",
            ),
            models.CheckConstraint(
                condition=Q(endpoint__isnull=False, permit__isnull=True)
                | Q(endpoint__isnull=True, permit__isnull=False),
                name="a_subscription_is_of_an_endpoint_or_an_app",
            ),
        ]
