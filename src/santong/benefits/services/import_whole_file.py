"""Codes of a supplier come in by hand: the whole file, or nothing of it."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.supplies import ImportReport
from santong.benefits.errors import LinesRefused
from santong.benefits.selectors.checked_codes import check_codes
from santong.benefits.services.import_codes import import_codes
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def import_whole_file(
    *, merchant_id: int, supply_id: int, content: bytes, file_name: str, key: str, now: datetime
) -> ImportReport:
    """Take every code of a file, or refuse the file because a line of it is wrong.

    Codes that are there already are no mistake: they count as duplicates.

    Raises LinesRefused, ImportRefused, KeyTaken, FieldInvalid, NoSuch. Locks the supply.
    """
    checked = check_codes(merchant_id=merchant_id, supply_id=supply_id, content=content)
    if checked.wrong:
        raise LinesRefused(wrong=checked.wrong, first_line=checked.rejects[0].line)
    return import_codes(
        merchant_id=merchant_id,
        supply_id=supply_id,
        content=content,
        file_name=file_name,
        key=key,
        now=now,
    )
