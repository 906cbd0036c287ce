"""Visits, the links that open them, and their parts."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.db import models
from django.db.models import F, Q

from santong.fieldservice import contracts
from santong.fieldservice.models.people import Provider, ServiceType, Technician
from santong.fieldservice.rules.masking import masked
from santong.kernel import crypto
from santong.kernel.models import MerchantOwned, MerchantQuerySet


def sealing_place(key: str) -> str:
    """What binds a sealed contact to its visit: known before the visit has an id."""
    return f"fieldservice.contact:{key}"


class Visit(MerchantOwned):
    """What somebody does at a buyer's. Contact and place are sealed; the point is a rough one."""

    key = models.CharField(max_length=120)
    document = models.CharField(max_length=80)
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.STATES])
    contact_sealed = models.BinaryField()
    phone_index = models.BinaryField(max_length=16, null=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    district = models.CharField(max_length=120, default="", blank=True)
    waits_for_goods = models.BooleanField(default=False)
    seller_location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", null=True
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="+", null=True, db_index=False
    )
    technician = models.ForeignKey(
        Technician, models.PROTECT, related_name="+", null=True, db_index=False
    )
    window_from = models.DateTimeField(null=True)
    window_until = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    follows = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    follow_reason = models.CharField(max_length=20, default="", blank=True)
    requested_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    checked_in_by = models.CharField(max_length=10, default="", blank=True)
    checked_in_metres = models.PositiveIntegerField(null=True)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=12, default="", blank=True)
    buyer_reported_at = models.DateTimeField(null=True)
    technician_reported_at = models.DateTimeField(null=True)
    missed_by = models.CharField(max_length=12, default="", blank=True)
    cancelled_by = models.CharField(max_length=12, default="", blank=True)
    is_late = models.BooleanField(default=False)
    fee_minor = models.PositiveBigIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    link_round = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    objects = MerchantQuerySet["Visit"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"], name="a_visit_is_requested_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.STATES), name="a_visits_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "offered", "missed", "cancelled"])
                | Q(
                    technician__isnull=False,
                    provider__isnull=False,
                    window_from__isnull=False,
                    starts_at__isnull=False,
                ),
                name="a_booked_visit_says_who_comes_and_when",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(
                    starts_at__gte=F("window_from"),
                    starts_at__lte=F("window_until"),
                    ends_at__gt=F("starts_at"),
                ),
                name="work_begins_within_the_promised_window",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(accepted_by__in=contracts.ACCEPTED_BY, accepted_at__isnull=False),
                name="an_accepted_visit_says_by_what",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(missed_by__in=contracts.SIDES),
                name="a_missed_visit_says_who_was_not_there",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "document"], name="visits_of_a_document"),
            models.Index(
                fields=["merchant_id", "provider", "starts_at"], name="visits_of_a_provider"
            ),
            models.Index(
                fields=["merchant_id", "technician", "starts_at"], name="visits_of_a_technician"
            ),
            models.Index(fields=["merchant_id", "phone_index"], name="visits_by_telephone"),
            models.Index(
                fields=["merchant_id", "state", "id"],
                condition=~Q(state__in=["accepted", "missed", "cancelled"]),
                name="visits_that_are_open",
            ),
        ]

    @property
    def point(self) -> contracts.Point:
        return contracts.Point(self.latitude, self.longitude)

    def seal(self, contact: contracts.Contact, place: contracts.Place) -> None:
        """Keep whom and where; nothing of it can be read without the merchant's key."""
        self.contact_sealed = crypto.encrypt(
            merchant_id=self.merchant_id,
            plain=json.dumps({"contact": asdict(contact), "place": asdict(place)}).encode(),
            place=sealing_place(self.key),
        )

    def contact(self) -> contracts.RevealedContact:
        """Whom and where, in clear text."""
        plain = json.loads(
            crypto.decrypt(
                merchant_id=self.merchant_id,
                sealed=bytes(self.contact_sealed),
                place=sealing_place(self.key),
            )
        )
        return contracts.RevealedContact(
            contact=contracts.Contact(**plain["contact"]), place=contracts.Place(**plain["place"])
        )

    def window(self) -> contracts.Window | None:
        if self.window_from is None or self.window_until is None:
            return None
        return contracts.Window(starts_at=self.window_from, ends_at=self.window_until)

    def as_contract(self) -> contracts.Visit:
        """As others see it; the rows it points at come with `select_related`."""
        known = self.contact()
        return contracts.Visit(
            id=self.id,
            document=self.document,
            service_type_id=self.service_type_id,
            service_type=self.service_type.code,
            service_name=self.service_type.name,
            state=self.state,  # type: ignore[arg-type]  # one of the words of the type
            contact=masked(known.contact, known.place),
            latitude=self.latitude,
            longitude=self.longitude,
            waits_for_goods=self.waits_for_goods,
            seller_location_id=self.seller_location_id,
            provider_id=self.provider_id,
            provider_code=self.provider.code if self.provider else "",
            technician_id=self.technician_id,
            technician_name=self.technician.name if self.technician else "",
            window=self.window(),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            follows_id=self.follows_id,
            follow_reason=self.follow_reason,
            requested_at=self.requested_at,
            booked_at=self.booked_at,
            arrived_at=self.arrived_at,
            checked_in_by=self.checked_in_by,
            done_at=self.done_at,
            accepted_at=self.accepted_at,
            accepted_by=self.accepted_by,
            buyer_reported_at=self.buyer_reported_at,
            missed_by=self.missed_by,
            cancelled_by=self.cancelled_by,
            is_late=self.is_late,
            fee_minor=self.fee_minor,
            sequence=self.sequence,
            version=self.version,
        )


class VisitPart(MerchantOwned):
    """A part that was used, or that has to be there first: a SKU's code, and how many."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=[(k, k) for k in contracts.PART_KINDS])
    sku_code = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    is_there = models.BooleanField(default=False)

    objects = MerchantQuerySet["VisitPart"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "visit", "kind", "sku_code"],
                name="a_part_of_a_visit_stands_there_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=contracts.PART_KINDS, quantity__gte=1),
                name="a_part_is_used_or_needed_and_counted",
            ),
        ]

    def as_contract(self) -> contracts.Part:
        return contracts.Part(
            kind=self.kind,  # type: ignore[arg-type]  # one of the words of the type
            sku_code=self.sku_code,
            quantity=self.quantity,
            is_there=self.is_there,
        )
