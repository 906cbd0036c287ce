"""The work that places do for orders: offers, lines, parcels, codes, exceptions."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import F, Q

from santong.fulfilment import contracts
from santong.fulfilment.rules.states import LIVE
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class FulfilmentOrderQuerySet(MerchantQuerySet["FulfilmentOrder"]):
    """Work."""

    def live(self) -> FulfilmentOrderQuerySet:
        """What still binds stock at its place."""
        return self.filter(state__in=LIVE)

    def visible_at(self, location_ids: frozenset[int] | None) -> FulfilmentOrderQuerySet:
        """What the staff of some places may see; None is everywhere."""
        return self if location_ids is None else self.filter(location_id__in=sorted(location_ids))


class FulfilmentOrder(MerchantOwned):
    """What one place has to do for one order."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=10, choices=[("ship", "ship"), ("pickup", "pickup")])
    state = models.CharField(max_length=20, choices=[(state, state) for state in contracts.STATES])
    attempt = models.PositiveSmallIntegerField()
    excluded_location_ids = models.JSONField(default=list)
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    offer_expires_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = FulfilmentOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "location", "attempt"],
                name="a_place_is_asked_once_an_attempt",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.STATES), name="a_works_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_expires_at__isnull=False),
                name="an_offer_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "location", "state", "id"],
                condition=Q(state__in=LIVE),
                name="live_work_of_a_place",
            ),
            models.Index(
                fields=["merchant_id", "offer_expires_at"],
                condition=Q(state="offered"),
                name="offers_by_end",
            ),
        ]

    def as_contract(self, *, lines: Sequence[FulfilmentLine]) -> contracts.FulfilmentOrder:
        """The work without its offers and parcels, which its selectors add."""
        return contracts.FulfilmentOrder(
            id=self.id,
            order_id=self.order_id,
            location_id=self.location_id,
            mode="pickup" if self.mode == "pickup" else "ship",
            state=contracts.STATES[contracts.STATES.index(self.state)],
            attempt=self.attempt,
            excluded_location_ids=tuple(self.excluded_location_ids),
            created_at=self.created_at,
            offered_at=self.offered_at,
            offer_expires_at=self.offer_expires_at,
            accepted_at=self.accepted_at,
            packed_at=self.packed_at,
            handed_over_at=self.handed_over_at,
            delivered_at=self.delivered_at,
            lines=tuple(line.as_contract() for line in lines),
        )


class FulfilmentLine(MerchantOwned):
    """Units of one order line that one place sends."""

    fulfilment_order = models.ForeignKey(
        FulfilmentOrder, models.PROTECT, related_name="lines", db_index=False
    )
    order_line_id = models.BigIntegerField()
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    picked_quantity = models.PositiveIntegerField(null=True)

    objects = MerchantQuerySet["FulfilmentLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "fulfilment_order", "order_line_id"],
                name="a_line_stands_once_in_its_work",
            ),
            models.CheckConstraint(
                condition=Q(picked_quantity__isnull=True) | Q(picked_quantity__lte=F("quantity")),
                name="no_more_is_picked_than_asked",
            ),
        ]

    def as_contract(self) -> contracts.FulfilmentLine:
        return contracts.FulfilmentLine(
            id=self.id,
            order_line_id=self.order_line_id,
            sku_id=self.sku_id,
            quantity=self.quantity,
            picked_quantity=self.picked_quantity,
        )


class Offer(MerchantOwned):
    """What a place was asked, until when, and what it answered."""

    fulfilment_order = models.ForeignKey(
        FulfilmentOrder, models.PROTECT, related_name="offers", db_index=False
    )
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    answer = models.CharField(
        max_length=10, choices=[(answer, answer) for answer in contracts.ANSWERS]
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, default="", blank=True)
    reason = models.CharField(max_length=40, default="", blank=True)

    objects = MerchantQuerySet["Offer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "fulfilment_order", "location"],
                name="a_place_has_one_offer_of_a_work",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "fulfilment_order"],
                condition=Q(answer="accepted"),
                name="one_place_wins_an_offer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "location", "fulfilment_order"], name="offers_of_a_place"
            )
        ]

    def as_contract(self) -> contracts.Offer:
        return contracts.Offer(
            location_id=self.location_id,
            opened_at=self.opened_at,
            closes_at=self.closes_at,
            answer=contracts.ANSWERS[contracts.ANSWERS.index(self.answer)],
            answered_at=self.answered_at,
            answered_by=self.answered_by,
            reason=self.reason,
        )


class Parcel(MerchantOwned):
    """Goods on their way under a carrier's number."""

    fulfilment_order = models.ForeignKey(
        FulfilmentOrder, models.PROTECT, related_name="parcels", db_index=False
    )
    order_id = models.BigIntegerField()
    carrier = models.CharField(max_length=40)
    tracking_number = models.CharField(max_length=60)
    state = models.CharField(
        max_length=20, choices=[(state, state) for state in contracts.PARCEL_STATES]
    )
    handed_over_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Parcel"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "carrier", "tracking_number"],
                name="a_carriers_number_names_one_parcel",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "fulfilment_order"], name="one_parcel_a_work"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                condition=~Q(state__in=("delivered", "returned")),
                name="parcels_on_their_way",
            ),
            models.Index(fields=["merchant_id", "order_id"], name="parcels_of_an_order"),
            models.Index(
                fields=["merchant_id", "tracking_number"], name="parcels_by_tracking_number"
            ),
        ]

    def as_contract(self) -> contracts.Parcel:
        """The parcel without its events, which its selector adds."""
        return contracts.Parcel(
            id=self.id,
            fulfilment_order_id=self.fulfilment_order_id,
            order_id=self.order_id,
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            state=contracts.PARCEL_STATES[contracts.PARCEL_STATES.index(self.state)],
            handed_over_at=self.handed_over_at,
            delivered_at=self.delivered_at,
        )


class TrackingEvent(MerchantOwned):
    """What a carrier has told of a parcel; the same telling twice is one."""

    append_only = True

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="events", db_index=False)
    key = models.CharField(max_length=80)
    state = models.CharField(
        max_length=20, choices=[(state, state) for state in contracts.PARCEL_STATES]
    )
    place = models.CharField(max_length=120, default="", blank=True)
    at = models.DateTimeField()

    objects = MerchantQuerySet["TrackingEvent"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "parcel", "key"], name="a_carrier_tells_a_thing_once"
            )
        ]

    def as_contract(self) -> contracts.TrackingEvent:
        return contracts.TrackingEvent(
            state=contracts.PARCEL_STATES[contracts.PARCEL_STATES.index(self.state)],
            place=self.place,
            at=self.at,
        )


class PickupCode(MerchantOwned):
    """The one-time code of goods that wait at the counter: its hash, and the wrong tries."""

    fulfilment_order = models.ForeignKey(
        FulfilmentOrder, models.PROTECT, related_name="+", db_index=False
    )
    code_hash = models.BinaryField(max_length=32)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["PickupCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "fulfilment_order"], name="one_pickup_code_a_work"
            )
        ]


class ExceptionCase(MerchantOwned):
    """Work that needs a person."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", db_index=False)
    fulfilment_order = models.ForeignKey(
        FulfilmentOrder, models.PROTECT, related_name="+", null=True, db_index=False
    )
    location_id = models.BigIntegerField(null=True)
    kind = models.CharField(
        max_length=30, choices=[(kind, kind) for kind in contracts.EXCEPTION_KINDS]
    )
    details = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    owner = models.CharField(max_length=120, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=20, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)

    objects = MerchantQuerySet["ExceptionCase"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "kind", "fulfilment_order"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="one_open_case_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, resolution="")
                | Q(~Q(resolution=""), closed_at__isnull=False),
                name="a_closed_case_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "opened_at"],
                condition=Q(closed_at__isnull=True),
                name="cases_still_open",
            ),
            models.Index(fields=["merchant_id", "order"], name="cases_of_an_order"),
        ]

    def as_contract(self) -> contracts.ExceptionCase:
        return contracts.ExceptionCase(
            id=self.id,
            order_id=self.order_id,
            fulfilment_order_id=self.fulfilment_order_id,
            location_id=self.location_id,
            kind=contracts.EXCEPTION_KINDS[contracts.EXCEPTION_KINDS.index(self.kind)],
            details=self.details,
            opened_at=self.opened_at,
            owner=self.owner,
            closed_at=self.closed_at,
            resolution=self.resolution,
        )


class HeldOrder(MerchantOwned):
    """An order that is firm and must not be worked on yet: somebody else says when."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=100)
    held_at = models.DateTimeField()

    objects = MerchantQuerySet["HeldOrder"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "order"], name="an_order_is_held_once")
        ]
