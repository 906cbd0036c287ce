"""Titles that a member lets us remember."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.db import models
from django.db.models import Q

from santong.invoicing import contracts
from santong.kernel import crypto
from santong.kernel.models import MerchantOwned, MerchantQuerySet

SLOTS = tuple(range(1, contracts.MOST_TITLES + 1))


def seal_title(*, merchant_id: int, title: contracts.Title, place: str) -> bytes:
    """A title as it is kept."""
    plain = json.dumps(asdict(title)).encode()
    return crypto.encrypt(merchant_id=merchant_id, plain=plain, place=place)


def open_title(*, merchant_id: int, sealed: bytes, place: str) -> contracts.Title:
    """A title in clear text."""
    plain = crypto.decrypt(merchant_id=merchant_id, sealed=bytes(sealed), place=place)
    kept: dict[str, Any] = json.loads(plain)
    return contracts.Title(**kept)


class KeptTitle(MerchantOwned):
    """A title of a member, sealed. A member has as many as there are slots."""

    member_id = models.BigIntegerField()
    slot = models.PositiveSmallIntegerField()
    title_sealed = models.BinaryField()
    title_index = models.BinaryField(max_length=16)
    used_at = models.DateTimeField()

    objects = MerchantQuerySet["KeptTitle"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "member_id", "slot"], name="a_slot_holds_one_title"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "member_id", "title_index"],
                name="a_member_keeps_a_title_once",
            ),
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=contracts.MOST_TITLES),
                name="a_member_keeps_so_many_titles_at_most",
            ),
        ]

    @property
    def place(self) -> str:
        """What binds the sealed title to its member."""
        return kept_place(member_id=self.member_id)

    def title(self) -> contracts.Title:
        return open_title(
            merchant_id=self.merchant_id, sealed=bytes(self.title_sealed), place=self.place
        )


def kept_place(*, member_id: int) -> str:
    """What binds a remembered title to its member."""
    return f"invoicing.kept_title:{member_id}"
