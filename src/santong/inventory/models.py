"""What places hold, every change of it, and whom it is promised to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest

from santong.inventory import contracts
from santong.kernel.models import MerchantOwned, MerchantQuerySet

LIVE = ("held", "allocated")


class StockLevelQuerySet(MerchantQuerySet["StockLevel"]):
    """Stock levels."""


class StockLevel(MerchantOwned):
    """What one place holds of one SKU, in base units.

    Counters change only by guarded statements, never by `save()`. No index names a counter, and
    pages are filled to 70 %: a reservation rewrites the row in its page and touches no index.
    """

    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_index=False
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", db_index=False)
    # Below zero after a till sold offline what the books no longer had.
    on_hand = models.IntegerField(default=0, db_default=0)
    allocated = models.IntegerField(default=0, db_default=0)
    reserved = models.IntegerField(default=0, db_default=0)
    safety_stock = models.IntegerField(default=0, db_default=0)
    shortfall = models.IntegerField(default=0, db_default=0)
    atp = models.GeneratedField(
        expression=Greatest(F("on_hand") - F("allocated") - F("reserved") - F("safety_stock"), 0),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    objects = StockLevelQuerySet.as_manager()

    class Meta:
        constraints = [
            # In this order it also finds SKUs among some places, and anywhere.
            models.UniqueConstraint(
                fields=["merchant_id", "sku", "location"],
                name="one_stock_level_per_location_and_sku",
            ),
            models.CheckConstraint(
                condition=Q(
                    allocated__gte=0, reserved__gte=0, safety_stock__gte=0, shortfall__gte=0
                ),
                name="promises_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    shortfall__gte=F("allocated") + F("reserved") - Greatest(F("on_hand"), 0)
                ),
                name="promises_never_exceed_on_hand_but_for_a_recorded_shortfall",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "location", "id"], name="stock_level_by_location")
        ]

    def as_contract(self) -> contracts.Level:
        return contracts.Level(
            id=self.id,
            location_id=self.location_id,
            sku_id=self.sku_id,
            on_hand=self.on_hand,
            allocated=self.allocated,
            reserved=self.reserved,
            safety_stock=self.safety_stock,
            shortfall=self.shortfall,
            atp=self.atp,
        )


class StockMovementQuerySet(MerchantQuerySet["StockMovement"]):
    """Movements."""


class StockMovement(MerchantOwned):
    """One change of one level, with who, when and why. A level is the sum of its movements.

    `key` names the command that made it; the first row of a command carries it, so that the same
    command cannot take effect twice.
    """

    append_only = True

    # Written only from a level, whose own keys are constraints: checking them here again would
    # lock the place and the SKU on every order.
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in contracts.MOVEMENTS])
    on_hand_delta = models.IntegerField()
    allocated_delta = models.IntegerField()
    reserved_delta = models.IntegerField()
    reason = models.CharField(max_length=200, default="", blank=True)
    holder = models.CharField(max_length=contracts.LONGEST_HOLDER, default="", blank=True)
    line_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=contracts.LONGEST_KEY + 20, null=True)  # noqa: DJ001  most rows have none, and only those with one are unique
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    objects = StockMovementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key"],
                condition=Q(key__isnull=False),
                name="a_stock_command_takes_effect_once",
            ),
        ]
        indexes = [models.Index(fields=["sku", "location", "id"], name="stock_movement_by_level")]

    def as_contract(self) -> contracts.Movement:
        return contracts.Movement(
            id=self.id,
            location_id=self.location_id,
            sku_id=self.sku_id,
            kind=contracts.MOVEMENTS[contracts.MOVEMENTS.index(self.kind)],
            on_hand_delta=self.on_hand_delta,
            allocated_delta=self.allocated_delta,
            reserved_delta=self.reserved_delta,
            reason=self.reason,
            holder=self.holder,
            line_id=self.line_id,
            at=self.at,
            actor=self.actor,
        )


class ReservationQuerySet(MerchantQuerySet["Reservation"]):
    """Reservations."""

    def live(self) -> ReservationQuerySet:
        """Those that a level's counters still stand for."""
        return self.filter(state__in=LIVE)


class Reservation(MerchantOwned):
    """What one place promises to one line of a holder.

    A line has one row at each place that ever promised it; asked there again, the row lives again
    with a higher `attempt`. `quantity` less `consumed_quantity` is what a live row still binds.
    """

    holder = models.CharField(max_length=contracts.LONGEST_HOLDER)
    line_id = models.BigIntegerField()
    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    quantity = models.IntegerField()
    consumed_quantity = models.IntegerField(default=0, db_default=0)
    state = models.CharField(max_length=10, choices=[(state, state) for state in contracts.STATES])
    expires_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=1, db_default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "holder", "line_id", "location"],
                name="one_reservation_per_line_and_location",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, consumed_quantity__gte=0)
                & Q(consumed_quantity__lte=F("quantity")),
                name="a_reservation_binds_something",
            ),
            models.CheckConstraint(
                condition=Q(state="held", expires_at__isnull=False)
                | Q(~Q(state="held"), expires_at__isnull=True),
                name="only_a_hold_expires",
            ),
            models.CheckConstraint(
                condition=~Q(state="consumed") | Q(consumed_quantity=F("quantity")),
                name="what_is_consumed_is_gone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="reservation_by_expiry",
            )
        ]

    def as_contract(self) -> contracts.Reservation:
        return contracts.Reservation(
            id=self.id,
            holder=self.holder,
            line_id=self.line_id,
            location_id=self.location_id,
            sku_id=self.sku_id,
            quantity=self.quantity,
            consumed_quantity=self.consumed_quantity,
            state=contracts.STATES[contracts.STATES.index(self.state)],
            expires_at=self.expires_at,
            attempt=self.attempt,
        )


class ShortfallTaskQuerySet(MerchantQuerySet["ShortfallTask"]):
    """Shortfall tasks."""


class ShortfallTask(MerchantOwned):
    """More is promised from a place than it has: somebody must serve `quantity` from elsewhere."""

    location = models.ForeignKey(
        "stores.Location", models.PROTECT, related_name="+", db_index=False
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", db_index=False)
    quantity = models.IntegerField()
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ShortfallTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "location", "sku"],
                condition=Q(closed_at__isnull=True),
                name="one_open_shortfall_per_location_and_sku",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_shortfall_lacks_something"),
        ]

    def as_contract(self) -> contracts.Shortfall:
        return contracts.Shortfall(
            id=self.id,
            location_id=self.location_id,
            sku_id=self.sku_id,
            quantity=self.quantity,
            reason=self.reason,
            opened_at=self.opened_at,
            closed_at=self.closed_at,
        )
