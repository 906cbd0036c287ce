"""The tables of agents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from santong.agents import contracts
from santong.kernel import crypto
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class AgentShop(MerchantOwned):
    """How a storefront sells to buying agents: whether, the price of delivery, the legal pages."""

    storefront = models.ForeignKey(
        "merchants.Storefront", models.PROTECT, related_name="+", db_index=False
    )
    is_open = models.BooleanField()
    freight_minor = models.BigIntegerField()
    free_from_minor = models.BigIntegerField(null=True)
    terms_url = models.CharField(max_length=contracts.LONGEST_URL)
    privacy_url = models.CharField(max_length=contracts.LONGEST_URL)
    returns_url = models.CharField(max_length=contracts.LONGEST_URL, blank=True)
    changed_at = models.DateTimeField()

    objects = MerchantQuerySet["AgentShop"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "storefront"], name="a_storefront_has_one_shop_for_agents"
            ),
            models.CheckConstraint(
                condition=Q(freight_minor__gte=0)
                & (Q(free_from_minor__isnull=True) | Q(free_from_minor__gte=0)),
                name="delivery_costs_nothing_or_more",
            ),
        ]


class CheckoutSession(MerchantOwned):
    """What a platform is about to buy for somebody. What its buyer gave is sealed.

    `asked_sealed` is what the platform said last, `shown_sealed` what was answered when the order
    was placed. Both are emptied some time after the end.
    """

    storefront = models.ForeignKey(
        "merchants.Storefront", models.PROTECT, related_name="+", db_index=False
    )
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="+", db_index=False, null=True
    )
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in contracts.SESSION_STATES]
    )
    platform = models.CharField(max_length=contracts.LONGEST_URL)
    asked_sealed = models.BinaryField()
    shown_sealed = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["CheckoutSession"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order"],
                condition=Q(order__isnull=False),
                name="an_order_is_of_one_checkout_session",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.SESSION_STATES),
                name="a_checkout_sessions_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("placed", "completed")) | Q(order__isnull=False),
                name="what_is_placed_or_completed_has_its_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, state__in=contracts.ENDED)
                | (Q(ended_at__isnull=True) & ~Q(state__in=contracts.ENDED)),
                name="a_checkout_session_that_has_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "expires_at"],
                condition=Q(state__in=("open", "placed")),
                name="agents_session_going",
            ),
            models.Index(
                fields=["merchant_id", "ended_at"],
                condition=Q(ended_at__isnull=False, erased_at__isnull=True),
                name="agents_session_to_erase",
            ),
        ]

    def place_of(self, what: str) -> str:
        """Where what is sealed belongs: it cannot be moved to another session."""
        return f"agents.session:{self.platform}:{self.created_at.isoformat()}:{what}"

    def seal(self, what: str, plain: Mapping[str, Any]) -> bytes:
        """What a buyer gave, as it is stored."""
        body = json.dumps(dict(plain), ensure_ascii=False).encode()
        return crypto.encrypt(merchant_id=self.merchant_id, plain=body, place=self.place_of(what))

    def asked(self) -> contracts.Asked:
        """What the platform said last."""
        return contracts.Asked.from_json(self._opened("asked", bytes(self.asked_sealed)))

    def shown(self) -> contracts.Document:
        """What was answered when the order was placed."""
        return self._opened("shown", bytes(self.shown_sealed))

    def as_contract(self) -> contracts.Session:
        return contracts.Session(
            id=self.id,
            storefront_id=self.storefront_id,
            state=self.state,  # type: ignore[arg-type]  # one of the words, by a constraint
            platform=self.platform,
            order_id=self.order_id,
            created_at=self.created_at,
            expires_at=self.expires_at,
            ended_at=self.ended_at,
        )

    def _opened(self, what: str, sealed: bytes) -> contracts.Document:
        plain = crypto.decrypt(
            merchant_id=self.merchant_id, sealed=sealed, place=self.place_of(what)
        )
        found: contracts.Document = json.loads(plain)
        return found
