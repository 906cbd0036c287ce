"""Orders and their lines."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from santong.kernel import crypto
from santong.kernel.masking import masked_note
from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.orders import contracts
from santong.orders.rules import masking
from santong.orders.rules.states import ENDED, OPEN, PAID_IN_FULL, STATES

PHONE_PURPOSE = "orders.phone"


def sealing_place(*, storefront_id: int, external_number: str) -> str:
    """What binds a sealed recipient to its order: known before the order has an id."""
    return f"orders.recipient:{storefront_id}:{external_number}"


class OrderQuerySet(MerchantQuerySet["Order"]):
    """Orders."""

    def visible_at(self, location_ids: frozenset[int] | None) -> OrderQuerySet:
        """Those that the staff of some places may see: sold there, or to be collected there."""
        if location_ids is None:
            return self
        ids = sorted(location_ids)
        return self.filter(Q(seller_location__in=ids) | Q(pickup_location__in=ids))


class Order(MerchantOwned):
    """What a buyer bought on a storefront, at frozen prices.

    Who gets it is sealed; province, city and district stay readable for routing and reports.
    Coordinates are rounded to about a hundred metres: near enough to route, too far to find a door.
    """

    # Every order names its storefront, and a line a SKU that many others name at this moment: a
    # constraint would lock those rows with every insert. They are looked up just before, and
    # neither they nor places are ever removed.
    storefront = models.ForeignKey(
        "merchants.Storefront",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    storefront_code = models.CharField(max_length=60)
    external_number = models.CharField(max_length=contracts.LONGEST_NUMBER)
    content_hash = models.BinaryField(max_length=16)
    state = models.CharField(max_length=20, choices=[(state, state) for state in STATES])
    mode = models.CharField(max_length=10, choices=[("ship", "ship"), ("pickup", "pickup")])
    placed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    refund_due_minor = models.BigIntegerField(default=0)
    pickup_location = models.ForeignKey(
        "stores.Location",
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    seller_location = models.ForeignKey(
        "stores.Location",
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    guide_code = models.CharField(max_length=60, default="", blank=True)
    member_reference = models.CharField(max_length=100, null=True)  # noqa: DJ001  unknown ≠ empty
    # Whom the reference found when the order came in; nobody, where it found nobody.
    member = models.ForeignKey(
        "membership.Member",
        models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    # What the checkout held of the member's points, and what they were worth.
    points_key = models.CharField(max_length=100, null=True)  # noqa: DJ001  no points, no key
    points_minor = models.BigIntegerField(default=0, db_default=0)
    country = models.CharField(max_length=2)
    province = models.CharField(max_length=60, default="", blank=True)
    city = models.CharField(max_length=60, default="", blank=True)
    district = models.CharField(max_length=60, default="", blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    recipient_sealed = models.BinaryField()
    phone_index = models.BinaryField(max_length=16, null=True)
    # What of the money is kept if the rest of it never comes, and what has been kept.
    forfeit_minor = models.BigIntegerField(default=0, db_default=0)
    forfeited_minor = models.BigIntegerField(default=0, db_default=0)
    hold_until = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "external_number", "storefront"],
                name="one_order_per_storefront_and_number",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="an_orders_state_is_known"),
            models.CheckConstraint(
                condition=Q(
                    goods_minor__gte=F("discount_minor"),
                    discount_minor__gte=0,
                    freight_minor__gte=0,
                    paid_minor__gte=0,
                    refund_due_minor__gte=0,
                ),
                name="no_amount_of_an_order_is_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("goods_minor") - F("discount_minor") + F("freight_minor")
                ),
                name="an_orders_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(points_key=None, points_minor=0)
                | Q(
                    points_key__isnull=False,
                    points_minor__gt=0,
                    points_minor__lte=F("discount_minor"),
                ),
                name="points_are_a_part_of_the_discount",
            ),
            models.CheckConstraint(
                condition=Q(refund_due_minor__lte=F("paid_minor")),
                name="no_more_goes_back_than_came_in",
            ),
            models.CheckConstraint(
                condition=Q(
                    forfeit_minor__gte=0,
                    forfeited_minor__gte=0,
                    paid_minor__gte=F("refund_due_minor") + F("forfeited_minor"),
                ),
                name="what_is_kept_came_in_and_does_not_go_back",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PAID_IN_FULL) | Q(paid_minor__gte=F("total_minor")),
                name="a_paid_order_is_paid_in_full",
            ),
            models.CheckConstraint(
                condition=Q(mode="ship", pickup_location=None)
                | Q(mode="pickup", pickup_location__isnull=False),
                name="a_pickup_names_its_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="placed")
                | Q(hold_until__isnull=False, give_up_at__isnull=False),
                name="an_unpaid_order_is_given_up_one_day",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="orders_newest_first"),
            models.Index(
                fields=["merchant_id", "state", "id"],
                condition=Q(state__in=OPEN),
                name="orders_still_open",
            ),
            models.Index(
                fields=["merchant_id", "state", "id"],
                condition=Q(state__in=ENDED),
                name="orders_that_have_ended",
            ),
            models.Index(
                fields=["merchant_id", "give_up_at"],
                condition=Q(state="placed"),
                name="orders_unpaid_by_end",
            ),
            models.Index(
                fields=["merchant_id", "phone_index"],
                condition=Q(phone_index__isnull=False),
                name="orders_by_phone",
            ),
            # Only what a place has sold or hands out: most orders of a web shop have neither.
            models.Index(
                fields=["merchant_id", "seller_location"],
                condition=Q(seller_location__isnull=False),
                name="orders_sold_at",
            ),
            models.Index(
                fields=["merchant_id", "pickup_location"],
                condition=Q(pickup_location__isnull=False),
                name="orders_collected_at",
            ),
            models.Index(
                fields=["merchant_id", "member", "id"],
                condition=Q(member__isnull=False),
                name="orders_of_a_member",
            ),
            # A name that a channel has for a buyer who is no member: it goes with whose it is.
            models.Index(
                fields=["merchant_id", "member_reference"],
                condition=Q(member__isnull=True, member_reference__isnull=False),
                name="orders_of_strangers",
            ),
            # Orders come nearly in time order: a few pages instead of an entry for every order.
            BrinIndex(fields=["placed_at"], autosummarize=True, name="orders_by_time"),
        ]

    def recipient(self) -> tuple[contracts.Recipient, str]:
        """Who gets the order, and the buyer's note, in clear text."""
        opened = crypto.decrypt(
            merchant_id=self.merchant_id,
            sealed=bytes(self.recipient_sealed),
            place=sealing_place(
                storefront_id=self.storefront_id, external_number=self.external_number
            ),
        )
        kept: dict[str, Any] = json.loads(opened)
        note = kept.pop("note")
        return (
            contracts.Recipient(
                country=self.country,
                province=self.province,
                city=self.city,
                district=self.district,
                **kept,
            ),
            note,
        )

    def as_contract(self, *, lines: tuple[contracts.OrderLine, ...]) -> contracts.Order:
        recipient, note = self.recipient()
        return contracts.Order(
            id=self.id,
            storefront_id=self.storefront_id,
            storefront_code=self.storefront_code,
            external_number=self.external_number,
            state=self.state,  # type: ignore[arg-type]  # the constraint vouches
            placed_at=self.placed_at,
            currency=self.currency,
            goods_minor=self.goods_minor,
            discount_minor=self.discount_minor,
            freight_minor=self.freight_minor,
            total_minor=self.total_minor,
            paid_minor=self.paid_minor,
            refund_due_minor=self.refund_due_minor,
            mode="pickup" if self.mode == "pickup" else "ship",
            pickup_location_id=self.pickup_location_id,
            seller_location_id=self.seller_location_id,
            guide_code=self.guide_code,
            member_reference=self.member_reference,
            member_id=self.member_id,
            points_key=self.points_key,
            points_minor=self.points_minor,
            country=self.country,
            province=self.province,
            city=self.city,
            district=self.district,
            latitude=self.latitude,
            longitude=self.longitude,
            recipient=masking.masked(recipient),
            buyer_note=masked_note(note),
            forfeited_minor=self.forfeited_minor,
            hold_until=self.hold_until,
            give_up_at=self.give_up_at,
            paid_at=self.paid_at,
            lines=lines,
        )


class OrderLine(MerchantOwned):
    """One SKU of an order at its frozen price, and how far it has come."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku_code = models.CharField(max_length=60)
    sku_name = models.CharField(max_length=320)
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    order_discount_minor = models.BigIntegerField()
    line_total_minor = models.BigIntegerField()
    shipped_quantity = models.PositiveIntegerField(default=0, db_default=0)
    delivered_quantity = models.PositiveIntegerField(default=0, db_default=0)
    cancelled_quantity = models.PositiveIntegerField(default=0, db_default=0)

    objects = MerchantQuerySet["OrderLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "number"], name="an_orders_lines_are_counted_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_line_sells_something"),
            models.CheckConstraint(
                condition=Q(
                    unit_price_minor__gte=0,
                    discount_minor__gte=0,
                    order_discount_minor__gte=0,
                    line_total_minor__gte=0,
                ),
                name="no_amount_of_a_line_is_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(
                    line_total_minor=F("quantity") * F("unit_price_minor")
                    - F("discount_minor")
                    - F("order_discount_minor")
                ),
                name="a_lines_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("shipped_quantity") + F("cancelled_quantity")),
                name="nothing_is_shipped_beyond_what_was_ordered",
            ),
            models.CheckConstraint(
                condition=Q(delivered_quantity__lte=F("shipped_quantity")),
                name="nothing_is_delivered_before_it_was_shipped",
            ),
        ]

    def as_contract(self) -> contracts.OrderLine:
        return contracts.OrderLine(
            id=self.id,
            number=self.number,
            sku_id=self.sku_id,
            sku_code=self.sku_code,
            sku_name=self.sku_name,
            quantity=self.quantity,
            unit_price_minor=self.unit_price_minor,
            discount_minor=self.discount_minor,
            order_discount_minor=self.order_discount_minor,
            line_total_minor=self.line_total_minor,
            shipped_quantity=self.shipped_quantity,
            delivered_quantity=self.delivered_quantity,
            cancelled_quantity=self.cancelled_quantity,
        )
