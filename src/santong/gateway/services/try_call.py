from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from santong.gateway.errors import ConnectionPaused
from santong.gateway.rules.member_calls import CONTRACT_BY_METHOD, Unreadable, read_call, refusal_of
from santong.gateway.selectors.lines import line_by_id
from santong.gateway.services.answer_member_call import (
    Answered,
    NotPermitted,
    answer_member_call,
)
from santong.kernel import audit
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def try_call(
    *,
    merchant_id: int,
    connection_id: int,
    method: str,
    fields: Mapping[str, object],
    reason: str,
    now: datetime,
) -> Answered:
    """What we would answer a marketplace now, from our own data; nothing of it stays or is told.

    The trail says who asked, for the answer shows how a member stands.

    Raises NoSuch, FieldInvalid, ConnectionPaused.
    """
    line = line_by_id(merchant_id=merchant_id, connection_id=connection_id)
    if line is None:
        raise NoSuch(kind="connection", key=str(connection_id))
    contract = CONTRACT_BY_METHOD.get(method)
    if line.kind != "marketplace" or contract is None:
        raise FieldInvalid(pointer="/method", reason="no method that a marketplace calls")
    if not line.is_active:
        raise ConnectionPaused(connection_id=connection_id)
    try:
        call = read_call(contract=contract, fields=fields)
    except Unreadable as wrong:
        raise FieldInvalid(pointer=f"/fields/{wrong.field}", reason="makes no sense") from None
    try:
        with transaction.atomic():
            answered = answer_member_call(merchant_id=merchant_id, line=line, call=call, now=now)
            transaction.set_rollback(True)
    except NotPermitted:
        document = refusal_of(contract=contract, code="not_permitted", message="not permitted")
        answered = Answered(document=document, outcome="no", code="not_permitted")
    except DomainError as refused:
        document = refusal_of(contract=contract, code=refused.code, message=refused.code)
        answered = Answered(document=document, outcome="no", code=refused.code)
    audit.record(
        audit.Change(
            action="gateway.try_call",
            subject="connection",
            subject_id=connection_id,
            reason=reason,
            after={"method": method, "code": answered.code},
        ),
        now=now,
    )
    return answered
