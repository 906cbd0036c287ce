"""The record of an agreement, put together from its rows as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from santong.agreements.models import AgreementTerm, ServiceAgreement
from santong.agreements.rules.records import Frozen, record_of
from santong.merchants import public as merchants


def rebuilt(
    row: ServiceAgreement,
    *,
    sentences: Mapping[str, Sequence[str]],
    supersedes: str,
    link_number: int,
    prev_hash: str,
) -> dict[str, Any]:
    """What the rows say, as the record of an acceptance would say it."""
    assert row.offered_at is not None
    assert row.accepted_at is not None
    merchant = merchants.merchant(merchant_id=row.merchant_id)
    template = f"{row.template_code}:{row.template_version}" if row.template_code else ""
    return record_of(
        Frozen(
            merchant_code=merchant.code,
            number=row.number,
            version=row.version,
            document=row.document,
            category=row.category,
            template=template,
            currency=row.currency,
            total_minor=row.total_minor,
            timezone=row.timezone,
            terms=tuple(term.as_contract() for term in terms_of_row(row)),
            offered_at=row.offered_at,
            offered_by=row.offered_by,
            accepted_at=row.accepted_at,
            accepted_how=row.accepted_how,
            name_commitment=row.name_commitment,
            signed_in=row.signed_in,
            family=row.address_family,
            network=row.network_hash,
            files=tuple(row.files),
            supersedes=supersedes,
            link_number=link_number,
            prev_hash=prev_hash,
        ),
        sentences=sentences,
    )


def terms_of_row(row: ServiceAgreement) -> list[AgreementTerm]:
    """An agreement's terms, in order."""
    rows = AgreementTerm.objects.of_merchant(row.merchant_id).filter(agreement=row)
    return list(rows.order_by("number"))
