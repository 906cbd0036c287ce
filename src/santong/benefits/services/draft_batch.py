"""A batch of coupons is drafted."""

from __future__ import annotations

from datetime import datetime

from santong.benefits import contracts
from santong.benefits.contracts import ClaimWindow, Limits, ReturnPolicy, Validity
from santong.benefits.errors import CodeTaken
from santong.benefits.models import Batch, Benefit, Supply
from santong.benefits.rules.fields import (
    check_limits,
    check_policy,
    check_validity,
    check_window,
    clean_code,
    clean_name,
)
from santong.benefits.selectors.statements import signature
from santong.benefits.services.complete_terms import complete_terms
from santong.benefits.services.insert import insert
from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def draft_batch(
    *,
    merchant_id: int,
    benefit_id: int,
    code: str,
    name: str,
    limits: Limits,
    window: ClaimWindow,
    validity: Validity,
    return_policy: ReturnPolicy = "restore",
    grace_days: int = 0,
    budget_minor: int | None = None,
    supply_id: int | None = None,
    now: datetime,
) -> contracts.Batch:
    """Draft a batch; the terms of its benefit are frozen in it. It gives out nothing yet.

    Raises CodeTaken, FieldInvalid, NoSuch, and NothingPromised where it gives of a programme
    without terms.
    """
    check_limits(limits)
    check_window(window)
    check_validity(validity)
    check_policy(budget_minor=budget_minor, grace_days=grace_days)
    benefit: Benefit | None = Benefit.objects.of_merchant(merchant_id).filter(id=benefit_id).first()
    if benefit is None:
        raise NoSuch(kind="benefit", key=str(benefit_id))
    if (
        supply_id is not None
        and not Supply.objects.of_merchant(merchant_id).filter(id=supply_id).exists()
    ):
        raise NoSuch(kind="supply", key=str(supply_id))
    terms = complete_terms(merchant_id=merchant_id, kind=benefit.kind, terms=benefit.terms)
    row = Batch(
        merchant_id=merchant_id,
        benefit=benefit,
        supply_id=supply_id,
        code=clean_code(code),
        name=clean_name(name),
        kind=benefit.kind,
        terms=terms,
        currency=benefit.currency,
        state="draft",
        limit_total=limits.total,
        limit_per_member=limits.per_member,
        limit_per_day=limits.per_day,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        valid_from=validity.valid_from,
        valid_until=validity.valid_until,
        valid_days=validity.days,
        return_policy=return_policy,
        grace_days=grace_days,
        budget_minor=budget_minor,
        created_at=now,
        created_by=signature(),
    )
    insert(row, taken=CodeTaken(kind="batch", key=code), constraint="a_batch_has_its_own_code")
    audit.record(
        audit.Change(
            action="benefits.draft_batch",
            subject="benefit_batch",
            subject_id=row.id,
            reason="drafted",
            after={"code": row.code, "limit_total": limits.total, "budget_minor": budget_minor},
        ),
        now=now,
    )
    return row.as_contract()
