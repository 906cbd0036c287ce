"""Until when the link of an order's buyer is good, and in which round it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet


class OrderLink(MerchantOwned):
    """The link to the cases of one order. Its token is derived, and kept nowhere."""

    order_id = models.BigIntegerField()
    round = models.PositiveIntegerField(default=1)
    until = models.DateTimeField()

    objects = MerchantQuerySet["OrderLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order_id"], name="an_order_has_one_buyers_link"
            ),
            models.CheckConstraint(
                condition=Q(round__gte=1), name="the_rounds_of_a_buyers_link_are_counted"
            ),
        ]
