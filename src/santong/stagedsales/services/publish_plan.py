"""Sales are offered by new terms."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from santong.kernel import audit
from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import PlanTerms, StagePlan
from santong.stagedsales.models import StagePlan as Row
from santong.stagedsales.rules.terms import check_plan, clean_reason, terms_to_json
from santong.stagedsales.services.insert import insert
from santong.stagedsales.services.signature import signature


@all_or_nothing
def publish_plan(
    *,
    merchant_id: int,
    code: str,
    terms: PlanTerms,
    reason: str,
    now: datetime,
    is_offered: bool = True,
) -> StagePlan:
    """Write a new version of a plan. What was sold by an older one stays as it was.

    Raises FieldInvalid, Busy.
    """
    check_plan(code=code, terms=terms)
    rows = Row.objects.of_merchant(merchant_id).filter(code=code)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    row = Row(
        merchant_id=merchant_id,
        code=code,
        version=version,
        terms=terms_to_json(terms),
        is_offered=is_offered,
        reason=clean_reason(reason),
        published_by=signature(),
        published_at=now,
    )
    insert(row, taken=Busy(), constraints=("a_version_of_a_stage_plan_is_published_once",))
    audit.record(
        audit.Change(
            action="stagedsales.publish_plan",
            subject="stage_plan",
            subject_id=row.id,
            reason=row.reason,
            after={"code": code, "version": version, "is_offered": is_offered},
        ),
        now=now,
    )
    return row.as_contract()
