"""A statement file that somebody sends from a browser, of any size."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO

from santong.reconciliation import contracts
from santong.reconciliation.rules.packing import pack
from santong.reconciliation.services.receive_file import receive_file

# Larger files come by the command.
MOST_BYTES = 512 * 1024 * 1024


def receive_upload(
    *,
    merchant_id: int,
    account_code: str,
    day: date,
    file_format: contracts.FileFormat | None,
    source: IO[bytes],
    now: datetime,
) -> contracts.StatementFile:
    """Read a file piece by piece, plain or packed, and keep it until it is read and matched.

    Raises FileTooLarge, FileUnreadable, MonthClosed, FieldInvalid, NoSuch. Locks the account.
    """
    return receive_file(
        merchant_id=merchant_id,
        account_code=account_code,
        day=day,
        file_format=file_format,
        packed=pack(source, most_bytes=MOST_BYTES),
        now=now,
    )
