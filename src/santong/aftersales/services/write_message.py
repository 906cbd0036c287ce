"""The buyer and the house write to each other about a case."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales import contracts
from santong.aftersales.models import CaseMessage, seal_text
from santong.aftersales.rules.fields import check_key, check_words
from santong.aftersales.services.keep_time import REPLY, stop_clock
from santong.aftersales.services.lock_case import lock_case, record
from santong.aftersales.services.signature import signature
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def write_message(
    *, merchant_id: int, case_id: int, text: str, key: str, by_buyer: bool, now: datetime
) -> contracts.Message:
    """Keep what somebody wrote, sealed, once for its key; the house's first one answers the case.

    Raises NoSuch, FieldInvalid. Locks the case.
    """
    check_key(key)
    check_words(text, pointer="/text", least=1)
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    rows = CaseMessage.objects.of_merchant(merchant_id).filter(case=case.id, key=key)
    before = rows.first()
    if before is not None:
        first: contracts.Message = before.as_contract()
        return first
    row = CaseMessage(
        merchant_id=merchant_id, case=case, key=key, by_buyer=by_buyer, by=signature(), at=now
    )
    row.text_sealed = seal_text(merchant_id=merchant_id, text=text.strip(), place=row.place)
    row.save(force_insert=True)
    if not by_buyer and case.answered_at is None:
        case.answered_at = now
        case.save(update_fields=["answered_at"])
        stop_clock(case, REPLY, reason="answered", now=now)
    record(case, action="write_message", reason="written", before={}, now=now, by_buyer=by_buyer)
    written: contracts.Message = row.as_contract()
    return written
