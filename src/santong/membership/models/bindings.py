"""Accounts on storefronts that show a member there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.membership import contracts
from santong.membership.models.members import Member


class Binding(MerchantOwned):
    """An account on a storefront that shows the member there, or did. Bound again, it is a new row.

    A member may have two accounts on one storefront only where two persons were merged.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    storefront_code = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=[("bound", "bound"), ("unbound", "unbound")])
    bound_at = models.DateTimeField()
    unbound_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    objects = MerchantQuerySet["Binding"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="bound", unbound_at__isnull=True)
                | Q(state="unbound", unbound_at__isnull=False),
                name="what_is_unbound_says_since_when",
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "member"], name="bindings_of_a_member")]

    def as_contract(self) -> contracts.Binding:
        return contracts.Binding(
            id=self.id,
            member_id=self.member_id,
            storefront_code=self.storefront_code,
            state="bound" if self.state == "bound" else "unbound",
            bound_at=self.bound_at,
            unbound_at=self.unbound_at,
        )


class BoundIdentity(MerchantOwned):
    """One of the names under which a storefront knows the account of a binding, as a keyed hash."""

    binding = models.ForeignKey(
        Binding, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20)
    value_index = models.BinaryField(max_length=16)
    is_live = models.BooleanField(default=True)

    objects = MerchantQuerySet["BoundIdentity"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "value_index"],
                condition=Q(is_live=True),
                name="an_identity_is_bound_to_one_member",
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "binding"], name="identities_of_a_binding")]
