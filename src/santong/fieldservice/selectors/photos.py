"""What stands behind a visit: photos and signatures."""

from __future__ import annotations

from santong.evidence import public as evidence


def subject_of(visit_id: int) -> str:
    """How a visit is named where files stand behind it."""
    return f"visit:{visit_id}"


def photos_of(*, merchant_id: int, visit_id: int) -> list[evidence.Evidence]:
    """The files of a visit that can still be opened, in the order in which they came."""
    kept = evidence.of_subject(merchant_id=merchant_id, subject=subject_of(visit_id))
    return [each for each in kept if each.erased_at is None]
