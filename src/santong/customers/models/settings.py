"""What is shared, and what a merchant has set."""

from __future__ import annotations

from django.db import models

from santong.customers import contracts
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class SharedIdentifier(MerchantOwned):
    """An identifier that more persons have than its kind may join; it joins nobody any more."""

    blind_index = models.BinaryField(max_length=16)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in contracts.KINDS])
    shared_since = models.DateTimeField()

    objects = MerchantQuerySet["SharedIdentifier"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "blind_index"], name="an_identifier_is_marked_shared_once"
            )
        ]


class IdentityCap(MerchantOwned):
    """How many persons may have one identifier of a kind before it joins nobody any more."""

    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in contracts.KINDS])
    persons_most = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["IdentityCap"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "kind"], name="a_kind_of_identifier_has_one_cap"
            )
        ]


class MixKey(MerchantOwned):
    """A key under which a marketplace hides telephone numbers, by the scope that it is used in."""

    scope = models.CharField(max_length=contracts.LONGEST_SCOPE)
    key_sealed = models.BinaryField()
    # Where the numbers begin that were there before the key and are not mixed yet.
    mixed_up_to = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["MixKey"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "scope"], name="a_scope_has_one_mix_key")
        ]
