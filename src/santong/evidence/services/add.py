"""A file is handed in, and kept as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from santong.evidence import contracts
from santong.evidence.errors import TooManyFiles
from santong.evidence.events import EvidenceAdded
from santong.evidence.models import Evidence, about_place, content_place, key_place
from santong.evidence.rules.fields import (
    LONGEST_BY,
    check_geo,
    check_subject,
    check_taken_at,
    checked_kind,
    checked_name,
)
from santong.evidence.rules.media import checked_type
from santong.evidence.services.files import new_name, remove_file, write_file
from santong.kernel import audit, crypto, outbox
from santong.kernel.tenancy import all_or_nothing

# Far above what anybody needs, so that one link cannot fill the disk.
MOST_OF_A_SUBJECT: Final = 200


@all_or_nothing
def add(
    *,
    merchant_id: int,
    subject: str,
    kind: contracts.Kind,
    content: bytes,
    name: str,
    taken_at: datetime | None,
    geo: contracts.Geo | None,
    by: str,
    now: datetime,
) -> contracts.Evidence:
    """Keep a file behind a subject, sealed. The same bytes of a subject are the same evidence.

    The file is written before its row: an acknowledged row always has its file, and a file whose
    transaction was rolled back has no row and is swept.

    Raises FieldInvalid, TooManyFiles, FilesUnavailable. Emits EvidenceAdded.
    """
    check_subject(subject)
    media_type = checked_type(
        kind=checked_kind(kind, pointer="/kind"), content=content, pointer="/content"
    )
    check_taken_at(taken_at, now=now)
    check_geo(geo)
    sha256 = hashlib.sha256(content).hexdigest()
    if known := _known(merchant_id, subject, sha256):
        return known.as_contract()
    _check_room(merchant_id, subject)
    row = Evidence(
        merchant_id=merchant_id,
        subject=subject,
        kind=kind,
        media_type=media_type,
        size_bytes=len(content),
        sha256=sha256,
        taken_at=taken_at,
        by=by[:LONGEST_BY],
        added_at=now,
    )
    _keep(row, content, about={"name": checked_name(name), "geo": geo}, now=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        remove_file(row.file)
        known = _known(merchant_id, subject, sha256)
        if known is None:
            raise
        return known.as_contract()
    _tell(row, now=now)
    return row.as_contract()


@all_or_nothing
def add_all(
    *,
    merchant_id: int,
    subject: str,
    uploads: Sequence[contracts.Upload],
    by: str,
    now: datetime,
) -> list[contracts.Evidence]:
    """Keep several files behind a subject, or none of them; see `add`.

    Raises FieldInvalid, TooManyFiles, FilesUnavailable. Emits EvidenceAdded for each.
    """
    return [
        add(
            merchant_id=merchant_id,
            subject=subject,
            kind=each.kind,
            content=each.content,
            name=each.name,
            taken_at=each.taken_at,
            geo=each.geo,
            by=by,
            now=now,
        )
        for each in uploads
    ]


def _known(merchant_id: int, subject: str, sha256: str) -> Evidence | None:
    return (
        Evidence.objects.of_merchant(merchant_id)
        .filter(subject=subject, sha256=sha256, erased_at=None)
        .first()
    )


def _check_room(merchant_id: int, subject: str) -> None:
    kept = Evidence.objects.of_merchant(merchant_id).filter(subject=subject).count()
    if kept >= MOST_OF_A_SUBJECT:
        raise TooManyFiles(most=MOST_OF_A_SUBJECT)


def _keep(row: Evidence, content: bytes, *, about: dict[str, object], now: datetime) -> None:
    """Seal the bytes under a key of their own, and write them under a name of their own."""
    merchant_id, key = row.merchant_id, crypto.new_key()
    row.file = new_name(merchant_id=merchant_id, now=now)
    sealed = crypto.seal(
        key=key, plain=content, place=content_place(merchant_id=merchant_id, file=row.file)
    )
    row.file_sha256 = hashlib.sha256(sealed).hexdigest()
    row.key_sealed = crypto.encrypt(merchant_id=merchant_id, plain=key, place=key_place(row.file))
    row.about_sealed = crypto.encrypt(
        merchant_id=merchant_id, plain=json.dumps(about).encode(), place=about_place(row.file)
    )
    write_file(name=row.file, sealed=sealed)


def _tell(row: Evidence, *, now: datetime) -> None:
    outbox.publish(
        EvidenceAdded(
            evidence_id=row.id,
            subject=row.subject,
            kind=row.kind,
            media_type=row.media_type,
            sha256=row.sha256,
        ),
        now=now,
    )
    audit.record(
        audit.Change(
            action="evidence.add",
            subject="evidence",
            subject_id=row.id,
            reason="",
            after={"subject": row.subject, "kind": row.kind, "sha256": row.sha256},
        ),
        now=now,
    )
