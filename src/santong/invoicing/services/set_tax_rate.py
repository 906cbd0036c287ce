"""What goods are for the tax office, from a moment on."""

from __future__ import annotations

from datetime import datetime

from santong.invoicing import contracts
from santong.invoicing.contracts.invoices import RATE_SUBJECTS
from santong.invoicing.errors import RateTaken
from santong.invoicing.models import TaxRate
from santong.invoicing.rules.fields import checked_rated, checked_text
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def set_tax_rate(
    *,
    merchant_id: int,
    subject: contracts.RateSubject,
    key: str,
    rated: contracts.RatedAs,
    valid_from: datetime,
    now: datetime,
) -> contracts.TaxRate:
    """Say which rate an SKU, a category with all below it, or the freight has from a moment on.

    Sales before it keep theirs. Said twice, it is said once.

    Raises FieldInvalid, RateTaken.
    """
    if subject not in RATE_SUBJECTS or (subject == "freight") != (not key.strip()):
        raise FieldInvalid(
            pointer="/key", reason="an SKU's code, a category's path, or no freight's"
        )
    rated = checked_rated(rated)
    key = checked_text(key, pointer="/key")
    made = TaxRate(
        merchant_id=merchant_id,
        subject=subject,
        key=key,
        tax_code=rated.tax_code,
        tax_name=rated.tax_name,
        rate_basis_points=rated.rate_basis_points,
        valid_from=valid_from,
        recorded_at=now,
    )
    TaxRate.objects.bulk_create([made], ignore_conflicts=True)
    (row,) = TaxRate.objects.of_merchant(merchant_id).filter(
        subject=subject, key=key, valid_from=valid_from
    )
    if row.as_contract().rated != rated:
        raise RateTaken(subject=subject, key=key)
    audit.record(
        audit.Change(
            action="invoicing.set_tax_rate",
            subject="tax_rate",
            subject_id=row.id,
            reason="said",
            after={"rate_basis_points": rated.rate_basis_points, "tax_code": rated.tax_code},
        ),
        now=now,
    )
    return row.as_contract()
