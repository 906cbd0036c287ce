"""What persons have said about consent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.customers import contracts
from santong.customers.models.persons import Person
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class ConsentEvent(MerchantOwned):
    """The proof: somebody consented at a place to what they had read, or took it back."""

    append_only = True

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=12, choices=[(one, one) for one in contracts.PURPOSES])
    channel = models.CharField(
        max_length=12, choices=[(one, one) for one in contracts.CHANNELS], default="", blank=True
    )
    processor = models.CharField(max_length=contracts.LONGEST_CODE, default="", blank=True)
    is_granted = models.BooleanField()
    text_version = models.CharField(max_length=contracts.LONGEST_VERSION, default="", blank=True)
    text_hash = models.BinaryField(max_length=32)
    place = models.CharField(max_length=contracts.LONGEST_CODE)
    given_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = MerchantQuerySet["ConsentEvent"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_granted=False) | (~Q(text_version="") & ~Q(text_hash=b"")),
                name="whoever_consents_has_seen_a_text",
            ),
            models.CheckConstraint(
                condition=Q(purpose="sharing", channel="") & ~Q(processor="")
                | Q(purpose="analysis", channel="", processor="")
                | Q(purpose__in=["marketing", "service"], processor="") & ~Q(channel=""),
                name="a_consent_names_a_channel_or_a_processor",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "person", "purpose", "-given_at"],
                name="consents_of_a_person",
            )
        ]

    def as_contract(self) -> contracts.ConsentEvent:
        return contracts.ConsentEvent(
            id=self.id,
            person_id=self.person_id,
            topic=contracts.Topic(
                purpose=contracts.PURPOSES[contracts.PURPOSES.index(self.purpose)],
                channel=contracts.CHANNELS[contracts.CHANNELS.index(self.channel)],
                processor=self.processor,
            ),
            is_granted=self.is_granted,
            text_version=self.text_version,
            text_hash=bytes(self.text_hash).hex(),
            place=self.place,
            given_at=self.given_at,
            recorded_at=self.recorded_at,
            actor=self.actor,
        )
