"""The chain of accepted agreements, and the key that signs their papers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.agreements import contracts
from santong.agreements.rules.links import GENESIS
from santong.kernel.models import MerchantOwned, MerchantQuerySet

HEX = "^[0-9a-f]{64}$"


class Books(MerchantOwned):
    """How many agreements a merchant has made, and the end of its chain."""

    made = models.PositiveIntegerField(default=0)
    links = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default=GENESIS)

    objects = MerchantQuerySet["Books"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="a_merchant_has_one_chain"),
            models.CheckConstraint(condition=Q(head_hash__regex=HEX), name="a_chain_has_an_end"),
        ]


class ChainLink(MerchantOwned):
    """The record that an acceptance froze. Neither changed nor removed by the application."""

    append_only = True

    number = models.PositiveIntegerField()
    agreement_id = models.BigIntegerField()
    record = models.TextField()
    hash = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    linked_at = models.DateTimeField()

    objects = MerchantQuerySet["ChainLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number"], name="a_chain_counts_its_links"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "prev_hash"], name="a_chain_has_no_fork"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "agreement_id"], name="an_agreement_is_accepted_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, hash__regex=HEX, prev_hash__regex=HEX),
                name="a_link_names_the_one_before",
            ),
        ]

    def as_contract(self) -> contracts.Link:
        return contracts.Link(
            number=self.number,
            hash=self.hash,
            prev_hash=self.prev_hash,
            linked_at=self.linked_at,
        )


class SigningKey(MerchantOwned):
    """What a merchant's papers are signed with: made on first use, its secret half sealed."""

    serial = models.PositiveIntegerField()
    key_sealed = models.BinaryField()
    certificate = models.TextField()
    made_at = models.DateTimeField()

    append_only = True

    objects = MerchantQuerySet["SigningKey"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "serial"], name="a_merchant_counts_its_signing_keys"
            ),
        ]

    @property
    def place(self) -> str:
        """What binds the sealed key to its certificate."""
        return key_place(serial=self.serial)


def key_place(*, serial: int) -> str:
    """What binds a sealed signing key to its serial."""
    return f"agreements.signing_key:{serial}"
