"""What is handed in is kept as it is, sealed, and found out if anybody changes it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import override_settings

from santong.evidence import public as evidence
from santong.evidence.models import Evidence, content_place
from santong.evidence.services.sweep import sweep
from santong.evidence.tests.factories import FILM, NOW, make_evidence, make_photo
from santong.kernel import audit, crypto, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch

AtOnce = Callable[..., list[Any]]


def file_of(merchant_id: int, evidence_id: int) -> Path:
    return (
        Path(settings.MEDIA_ROOT)
        / Evidence.objects.get(merchant_id=merchant_id, id=evidence_id).file
    )


def kept_files(merchant_id: int) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "evidence" / str(merchant_id)
    return sorted(each for each in folder.rglob("*") if each.is_file())


def faults(merchant_id: int, *ids: int) -> list[str]:
    return [each.fault for each in evidence.verify(merchant_id=merchant_id, evidence_ids=ids)]


def test_what_was_handed_in_comes_back_byte_by_byte(merchant_id: int) -> None:
    photo = make_photo()

    kept = make_evidence(
        merchant_id, content=photo, name="C:\\王家\\划痕.jpg", geo=(31.2304, 121.4737), taken_at=NOW
    )

    assert evidence.content_of(merchant_id=merchant_id, evidence_id=kept.id) == photo
    assert kept.sha256 == hashlib.sha256(photo).hexdigest()
    assert (kept.name, kept.geo, kept.taken_at) == ("划痕.jpg", (31.2304, 121.4737), NOW)
    assert (kept.media_type, kept.size_bytes) == ("image/jpeg", len(photo))
    assert evidence.of_subject(merchant_id=merchant_id, subject="agreement:3") == [kept]
    assert evidence.by_id(merchant_id=merchant_id, evidence_id=kept.id) == kept
    assert faults(merchant_id, kept.id) == []


def test_neither_disk_nor_row_shows_what_it_is(merchant_id: int) -> None:
    photo = make_photo()
    kept = make_evidence(merchant_id, content=photo, name="王小明的沙发.jpg", geo=(31.5, 121.5))

    row = Evidence.objects.filter(id=kept.id).values().get()
    sealed = file_of(merchant_id, kept.id).read_bytes()

    assert photo[:64] not in sealed
    assert "王小明" not in str(row)
    assert "王小明".encode() not in bytes(row["about_sealed"])


def test_the_same_bytes_of_a_subject_are_the_same_evidence(merchant_id: int) -> None:
    first = make_evidence(merchant_id)

    again = make_evidence(merchant_id, name="other.jpg")
    elsewhere = make_evidence(merchant_id, subject="visit:9")

    assert again == first
    assert elsewhere.id != first.id
    assert len(kept_files(merchant_id)) == 2


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"content": FILM}, "/content"),
        ({"content": b""}, "/content"),
        ({"kind": "painting"}, "/kind"),
        ({"subject": "somewhere"}, "/subject"),
        ({"taken_at": NOW + timedelta(days=2)}, "/taken_at"),
        ({"geo": (91.0, 0.0)}, "/geo/latitude"),
        ({"geo": (0.0, float("nan"))}, "/geo/longitude"),
    ],
)
def test_a_refusal_names_the_field_and_keeps_nothing(
    merchant: int, given: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(FieldInvalid) as refused, tenancy.scope(merchant_id=merchant):
        make_evidence(merchant, **given)

    assert refused.value.pointer == pointer
    assert kept_files(merchant) == []


def test_what_is_rolled_back_has_no_row_and_its_file_is_swept_after_a_day(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        stays = make_evidence(merchant)
    with tenancy.scope(merchant_id=merchant):
        make_evidence(merchant, content=make_photo(colour="teal"))
        transaction.set_rollback(True)
    old = time.time() - 3 * 86400
    for each in kept_files(merchant):
        os.utime(each, (old, old))

    with tenancy.scope(merchant_id=merchant):
        too_early = sweep(merchant_id=merchant, now=NOW + timedelta(hours=20))
        swept = sweep(merchant_id=merchant, now=NOW + timedelta(days=400))
        again = sweep(merchant_id=merchant, now=NOW + timedelta(days=400))
        left = evidence.of_subject(merchant_id=merchant, subject="agreement:3")

    assert (too_early, swept, again) == (0, 1, 0)
    assert left == [stays]
    assert len(kept_files(merchant)) == 1


def test_a_young_file_in_an_old_folder_is_not_swept(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_evidence(merchant, now=NOW - timedelta(days=900))
        transaction.set_rollback(True)

    with tenancy.scope(merchant_id=merchant):
        assert sweep(merchant_id=merchant, now=NOW - timedelta(days=800)) == 0
    assert len(kept_files(merchant)) == 1


def test_a_missing_file_is_found(merchant_id: int) -> None:
    kept = make_evidence(merchant_id)

    file_of(merchant_id, kept.id).unlink()

    assert faults(merchant_id, kept.id) == ["missing"]
    with pytest.raises(evidence.EvidenceDamaged):
        evidence.content_of(merchant_id=merchant_id, evidence_id=kept.id)
    (finding,) = evidence.check_invariants(merchant_id=merchant_id)
    assert finding.detail == f"agreement:3, evidence {kept.id}: missing"


def test_one_changed_bit_is_found_with_both_hashes(merchant_id: int) -> None:
    kept = make_evidence(merchant_id)
    path = file_of(merchant_id, kept.id)
    sealed = bytearray(path.read_bytes())
    before = hashlib.sha256(sealed).hexdigest()

    sealed[-20] ^= 1
    path.write_bytes(sealed)

    (found,) = evidence.verify(merchant_id=merchant_id, evidence_ids=[kept.id])
    assert found.fault == "unreadable"
    assert (found.expected_sha256, found.found_sha256) == (
        before,
        hashlib.sha256(sealed).hexdigest(),
    )


def test_a_file_that_stands_in_for_another_is_found_with_its_owner(merchant_id: int) -> None:
    kept = make_evidence(merchant_id)
    other = make_evidence(merchant_id, content=make_photo(colour="navy"))

    file_of(merchant_id, kept.id).write_bytes(file_of(merchant_id, other.id).read_bytes())

    (found,) = evidence.verify(merchant_id=merchant_id, evidence_ids=[kept.id, other.id])
    assert (found.evidence_id, found.fault, found.other_id) == (kept.id, "swapped", other.id)


def test_other_bytes_under_the_right_key_are_found(merchant_id: int) -> None:
    kept = make_evidence(merchant_id)
    row = Evidence.objects.get(id=kept.id)
    forged = make_photo(colour="gold")

    place = content_place(merchant_id=merchant_id, file=row.file)
    file_of(merchant_id, kept.id).write_bytes(crypto.seal(key=row.key(), plain=forged, place=place))

    (found,) = evidence.verify(merchant_id=merchant_id, evidence_ids=[kept.id])
    assert (found.fault, found.expected_sha256, found.found_sha256) == (
        "other_bytes",
        kept.sha256,
        hashlib.sha256(forged).hexdigest(),
    )


def test_a_row_that_was_changed_is_found(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        kept = make_evidence(merchant)

    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE cell_main.evidence_evidence NO FORCE ROW LEVEL SECURITY")
        cursor.execute(
            "UPDATE cell_main.evidence_evidence SET sha256 = repeat('0', 64) WHERE id = %s",
            [kept.id],
        )
        cursor.execute("ALTER TABLE cell_main.evidence_evidence FORCE ROW LEVEL SECURITY")

    with tenancy.scope(merchant_id=merchant):
        assert faults(merchant, kept.id) == ["other_bytes"]


def test_what_is_forgotten_cannot_be_opened_and_leaves_its_hash(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        kept = make_evidence(merchant, name="王小明.jpg")

    with tenancy.scope(merchant_id=merchant):
        for _ in range(2):
            evidence.forget(
                merchant_id=merchant,
                evidence_ids=[kept.id],
                reason="the person was erased",
                now=NOW,
            )

    with tenancy.scope(merchant_id=merchant):
        (left,) = evidence.of_subject(merchant_id=merchant, subject="agreement:3")
        assert (left.sha256, left.name, left.erased_at) == (kept.sha256, "", NOW)
        assert faults(merchant, kept.id) == []
        assert evidence.check_invariants(merchant_id=merchant) == []
        with pytest.raises(evidence.EvidenceErased):
            evidence.content_of(merchant_id=merchant, evidence_id=kept.id)
        trail = audit.trail_of(merchant_id=merchant, subject="evidence", subject_ids=[kept.id])
    assert [each.action for each in trail] == ["evidence.add", "evidence.forget"]
    assert kept_files(merchant) == []


def test_an_erasure_that_is_rolled_back_keeps_the_file(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        kept = make_evidence(merchant)

    with tenancy.scope(merchant_id=merchant):
        evidence.forget(merchant_id=merchant, evidence_ids=[kept.id], reason="no", now=NOW)
        transaction.set_rollback(True)

    with tenancy.scope(merchant_id=merchant):
        assert evidence.content_of(merchant_id=merchant, evidence_id=kept.id) == make_photo()


def test_a_file_that_could_not_be_removed_is_swept(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        kept = make_evidence(merchant)
        path = file_of(merchant, kept.id)
        content = path.read_bytes()
    with tenancy.scope(merchant_id=merchant):
        evidence.forget(merchant_id=merchant, evidence_ids=[kept.id], reason="erased", now=NOW)
    path.write_bytes(content)  # as if the machine had stopped before

    with tenancy.scope(merchant_id=merchant):
        swept = sweep(merchant_id=merchant, now=NOW)

    assert swept == 1
    assert kept_files(merchant) == []


def test_nothing_is_kept_where_files_cannot_be(merchant: int, tmp_path: Path) -> None:
    blocked = tmp_path / "not-a-folder"
    blocked.write_text("in the way")

    with override_settings(MEDIA_ROOT=blocked), tenancy.scope(merchant_id=merchant):
        with pytest.raises(evidence.FilesUnavailable):
            make_evidence(merchant)
        transaction.set_rollback(True)

    with tenancy.scope(merchant_id=merchant):
        assert evidence.of_subject(merchant_id=merchant, subject="agreement:3") == []


def test_another_merchant_finds_nothing(merchant: int, new_merchant: Callable[..., int]) -> None:
    with tenancy.scope(merchant_id=merchant):
        kept = make_evidence(merchant)
    other = new_merchant()

    with tenancy.scope(merchant_id=other), pytest.raises(NoSuch):
        evidence.content_of(merchant_id=other, evidence_id=kept.id)


def test_the_same_photo_from_six_hands_at_once_is_one(merchant: int, at_once: AtOnce) -> None:
    def hand_in() -> int:
        with tenancy.scope(merchant_id=merchant):
            return make_evidence(merchant).id

    found = at_once(*[hand_in] * 6)

    assert len(set(found)) == 1, found
    assert len(kept_files(merchant)) == 1
    with tenancy.scope(merchant_id=merchant):
        assert len(evidence.of_subject(merchant_id=merchant, subject="agreement:3")) == 1


def test_erasing_and_opening_at_once_gives_the_whole_file_or_a_refusal(
    merchant: int, at_once: AtOnce
) -> None:
    with tenancy.scope(merchant_id=merchant):
        kept = make_evidence(merchant)

    def erase() -> None:
        with tenancy.scope(merchant_id=merchant):
            evidence.forget(merchant_id=merchant, evidence_ids=[kept.id], reason="", now=NOW)

    def read() -> bytes:
        with tenancy.scope(merchant_id=merchant):
            return evidence.content_of(merchant_id=merchant, evidence_id=kept.id)

    *read_ones, _ = at_once(*[read] * 4, erase)

    for each in read_ones:
        refused = isinstance(each, evidence.EvidenceErased | evidence.EvidenceDamaged)
        assert refused or each == make_photo()
