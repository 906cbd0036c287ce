"""Something that members can be given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.benefits import contracts
from santong.benefits.contracts import Kind
from santong.benefits.errors import CodeTaken
from santong.benefits.models import Benefit
from santong.benefits.rules.fields import clean_code, clean_currency, clean_name
from santong.benefits.rules.terms import IN_MONEY, check_terms
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def create_benefit(
    *,
    merchant_id: int,
    code: str,
    name: str,
    kind: Kind,
    terms: Mapping[str, object],
    currency: str | None,
    now: datetime,
) -> contracts.Benefit:
    """Say what can be given, on which terms. Raises CodeTaken, FieldInvalid."""
    if kind in IN_MONEY and currency is None:
        raise FieldInvalid(pointer="/currency", reason="is missing")
    row = Benefit(
        merchant_id=merchant_id,
        code=clean_code(code),
        name=clean_name(name),
        kind=kind,
        currency=clean_currency(currency) if currency is not None else None,
        terms=check_terms(kind=kind, terms=terms),
        created_at=now,
    )
    insert(row, taken=CodeTaken(kind="benefit", key=code), constraint="a_benefit_has_its_own_code")
    audit.record(
        audit.Change(
            action="benefits.create_benefit",
            subject="benefit",
            subject_id=row.id,
            reason="created",
            after={"code": row.code, "kind": row.kind, "terms": dict(row.terms)},
        ),
        now=now,
    )
    return row.as_contract()
