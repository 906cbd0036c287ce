"""An application says what became, on its side, of a change of points that it was told of."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from santong.kernel import audit, bulk
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership
from santong.topgateway.errors import AnsweredOtherwise
from santong.topgateway.models import PointAnswer

_RECORD: Final = re.compile(r"(burn|accrual):([1-9][0-9]{0,17})", re.ASCII)
_UNIQUE: Final = ["merchant_id", "record_id", "app_key"]


@all_or_nothing
def answer_point_change(
    *,
    merchant_id: int,
    app_key: str,
    record_id: str,
    is_done: bool,
    error_code: str,
    now: datetime,
) -> bool:
    """Keep an answer, once; the same again changes nothing. False where it was there.

    The points stand as they are: they are kept here, and an answer says whether the application's
    copy follows. It lies in the member's trail.

    Raises NoSuch, AnsweredOtherwise.
    """
    member_id = _member_of(merchant_id, record_id)
    row = PointAnswer(
        merchant_id=merchant_id,
        app_key=app_key,
        record_id=record_id,
        is_done=is_done,
        error_code="" if is_done else error_code,
        at=now,
    )
    if bulk.insert_new([row], unique=_UNIQUE):
        _note(row, member_id, now)
        return True
    before = PointAnswer.objects.of_merchant(merchant_id).get(app_key=app_key, record_id=record_id)
    if (before.is_done, before.error_code) != (row.is_done, row.error_code):
        raise AnsweredOtherwise(record_id=record_id)
    return False


def _member_of(merchant_id: int, record_id: str) -> int:
    found = _RECORD.fullmatch(record_id)
    if found is None:
        raise NoSuch(kind="point_change", key=record_id[:40])
    kind, number = found.groups()
    if kind == "burn":
        return membership.burn_by_id(merchant_id=merchant_id, burn_id=int(number)).member_id
    return membership.accrual_by_id(merchant_id=merchant_id, accrual_id=int(number)).member_id


def _note(row: PointAnswer, member_id: int, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="topgateway.answer_point_change",
            subject="member",
            subject_id=member_id,
            reason="done there" if row.is_done else "not done there",
            after={
                "app_key": row.app_key,
                "record_id": row.record_id,
                "error_code": row.error_code,
            },
        ),
        now=now,
    )
