"""What was said: the log, the numbers that make a message the same one, and parts that wait."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.qimen import contracts
from santong.qimen.models.systems import Contract


class MessageQuerySet(MerchantQuerySet["Message"]):
    """Messages."""


class Message(MerchantOwned):
    """One message, in or out. What is shown names nobody; the whole is sealed, for a month."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(
        max_length=3, choices=[(each, each) for each in contracts.DIRECTIONS]
    )
    method = models.CharField(max_length=60)
    number = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(
        max_length=8, choices=[(each, each) for each in contracts.MESSAGE_STATES]
    )
    code = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    shown = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(default=0)
    request_id = models.CharField(max_length=64, default="", blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["merchant_id", "contract", "id"], name="qimen_messages_of"),
            models.Index(fields=["merchant_id", "at"], name="qimen_messages_by_age"),
        ]


class TakenNumberQuerySet(MerchantQuerySet["TakenNumber"]):
    """Numbers."""


class TakenNumber(MerchantOwned):
    """A number under which something was said and done once, and what was answered."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=260)
    digest = models.BinaryField(max_length=32)
    answer = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    objects = TakenNumberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "kind", "number"],
                name="a_number_of_a_message_is_taken_once",
            ),
        ]


class MessagePartQuerySet(MerchantQuerySet["MessagePart"]):
    """Parts."""


class MessagePart(MerchantOwned):
    """Part of a document that comes in several messages, until all of it is there."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=120)
    # The page's number; of lines that only have to add up, what the part says.
    place = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32)
    lines = models.PositiveIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    objects = MessagePartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "contract", "kind", "number", "place"],
                name="a_part_of_a_document_is_kept_once",
            ),
        ]
