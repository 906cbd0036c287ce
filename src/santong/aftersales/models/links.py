"""Secret links by which buyers open and follow their cases."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet


class BuyerLink(MerchantOwned):
    """A link to the cases of one order. Only a keyed hash of its token is kept."""

    order_id = models.BigIntegerField()
    token_hash = models.BinaryField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = MerchantQuerySet["BuyerLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "token_hash"], name="a_token_leads_to_one_order"
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "order_id"], name="links_of_an_order")]
