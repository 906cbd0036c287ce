"""The tables of evidence."""

from __future__ import annotations

import json
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import models
from django.db.models import Q

from santong.evidence import contracts
from santong.kernel import crypto
from santong.kernel.models import MerchantOwned, MerchantQuerySet

SHA256_HEX = 64


class Evidence(MerchantOwned):
    """A file that stands behind something. Its bytes are in the storage, under a key of their own.

    The key is sealed under the merchant's; forgetting the key is forgetting the file, at once and
    in the transaction, whatever the storage does.
    """

    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in contracts.KINDS])
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=SHA256_HEX)
    file = models.CharField(max_length=120, default="", blank=True)
    file_sha256 = models.CharField(max_length=SHA256_HEX)
    key_sealed = models.BinaryField(default=b"")
    about_sealed = models.BinaryField(default=b"")
    taken_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["Evidence"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "subject", "sha256"],
                condition=Q(erased_at=None),
                name="the_same_bytes_of_a_subject_are_one_evidence",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "file"],
                condition=~Q(file=""),
                name="a_file_is_one_evidence",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=contracts.KINDS), name="a_kind_of_evidence_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$", file_sha256__regex="^[0-9a-f]{64}$"),
                name="evidence_has_its_hashes",
            ),
            models.CheckConstraint(
                condition=(Q(erased_at=None) & ~Q(key_sealed=b"") & ~Q(file=""))
                | Q(erased_at__isnull=False, key_sealed=b"", about_sealed=b""),
                name="evidence_can_be_opened_until_it_is_erased",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "subject", "id"], name="evidence_of_a_subject"),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(erased_at__isnull=False) & ~Q(file=""),
                name="erased_files_to_remove",
            ),
        ]

    def as_contract(self) -> contracts.Evidence:
        about = self._about()
        geo = about.get("geo")
        return contracts.Evidence(
            id=self.id,
            subject=self.subject,
            kind=self.kind,  # type: ignore[arg-type]  # one of the words, by a constraint
            media_type=self.media_type,
            name=about.get("name", ""),
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            taken_at=self.taken_at,
            geo=(geo[0], geo[1]) if geo else None,
            by=self.by,
            added_at=self.added_at,
            erased_at=self.erased_at,
        )

    def key(self) -> bytes:
        """What opens the file."""
        return crypto.decrypt(
            merchant_id=self.merchant_id, sealed=bytes(self.key_sealed), place=key_place(self.file)
        )

    def _about(self) -> dict[str, Any]:
        if not self.about_sealed:
            return {}
        try:
            plain = crypto.decrypt(
                merchant_id=self.merchant_id,
                sealed=bytes(self.about_sealed),
                place=about_place(self.file),
            )
        except InvalidTag:  # somebody changed the row: verification says so, and pages still show
            return {}
        return json.loads(plain)  # type: ignore[no-any-return]


class Sweep(MerchantOwned):
    """Up to which day's folder files without a row have been removed; the day excluded."""

    swept_until = models.DateField()

    objects = MerchantQuerySet["Sweep"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant_id"], name="one_sweep_a_merchant")]


def key_place(file: str) -> str:
    """What binds a sealed key to its file."""
    return f"evidence.key:{file}"


def about_place(file: str) -> str:
    """What binds a file's sealed name and place to it."""
    return f"evidence.about:{file}"


def content_place(*, merchant_id: int, file: str) -> str:
    """What binds sealed bytes to their file, so that files cannot change places."""
    return f"evidence.content:{merchant_id}:{file}"
