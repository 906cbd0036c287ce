"""Codes of a supplier come in, in a file."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from santong.benefits.contracts import LONGEST_KEY
from santong.benefits.contracts.supplies import CodeFile, CodeRow, ImportReport, Reject
from santong.benefits.errors import KeyTaken, LinesRefused
from santong.benefits.models import CodeImport, Supply, SupplyCode
from santong.benefits.models.sealing import code_place, supply_code_index
from santong.benefits.rules.code_files import MOST_REJECTS
from santong.benefits.selectors.checked_codes import codes_of_file
from santong.benefits.selectors.statements import signature
from santong.benefits.services.insert import insert
from santong.kernel import audit, crypto
from santong.kernel.bulk import insert_new
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import without_persons
from santong.kernel.tenancy import all_or_nothing

AT_ONCE = 5_000
# Suppliers' days are days there.
_AT_HOME = ZoneInfo("Asia/Shanghai")


@all_or_nothing
def import_codes(
    *, merchant_id: int, supply_id: int, content: bytes, file_name: str, key: str, now: datetime
) -> ImportReport:
    """Take the codes of a CSV or XLSX file, each once, sealed; faults are told by line and column.

    The same key again gives the first report. Codes that are there already count as duplicates.

    Raises ImportRefused, KeyTaken, FieldInvalid, NoSuch. Locks the supply.
    """
    return _import(
        merchant_id=merchant_id,
        supply_id=supply_id,
        content=content,
        file_name=file_name,
        key=key,
        now=now,
        is_whole=False,
    )


@all_or_nothing
def import_whole_file(
    *, merchant_id: int, supply_id: int, content: bytes, file_name: str, key: str, now: datetime
) -> ImportReport:
    """Take every code of a file, or refuse the file because a line of it is wrong.

    Codes that are there already are no mistake: they count as duplicates.

    Raises LinesRefused, ImportRefused, KeyTaken, FieldInvalid, NoSuch. Locks the supply.
    """
    return _import(
        merchant_id=merchant_id,
        supply_id=supply_id,
        content=content,
        file_name=file_name,
        key=key,
        now=now,
        is_whole=True,
    )


def _import(
    *,
    merchant_id: int,
    supply_id: int,
    content: bytes,
    file_name: str,
    key: str,
    now: datetime,
    is_whole: bool,
) -> ImportReport:
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    # A large file takes a while to read, and meanwhile the supply's codes are given out.
    read = codes_of_file(merchant_id=merchant_id, supply_id=supply_id, content=content)
    if is_whole and read.rejects:
        raise LinesRefused(wrong=len(read.rejects), first_line=read.rejects[0].line)
    supplies = Supply.objects.of_merchant(merchant_id).filter(id=supply_id)
    supply: Supply = supplies.lock().get()
    digest = hashlib.sha256(content).digest()
    if first := _first_report(supply, key, digest):
        return first
    taken = sum(
        _insert(supply, read.rows[start : start + AT_ONCE], now)
        for start in range(0, len(read.rows), AT_ONCE)
    )
    supplies.update(imported=F("imported") + taken, low_since=None)
    return _written(supply, read, taken=taken, file_name=file_name, key=key, digest=digest, now=now)


def _first_report(supply: Supply, key: str, digest: bytes) -> ImportReport | None:
    row = CodeImport.objects.of_merchant(supply.merchant_id).filter(key=key).first()
    if row is None:
        return None
    if row.supply_id != supply.id or bytes(row.digest) != digest:
        raise KeyTaken(key=key)
    return _report(row, is_new=False)


def _insert(supply: Supply, rows: tuple[CodeRow, ...], now: datetime) -> int:
    """Those of the codes that are new."""
    new = []
    for row in rows:
        index = supply_code_index(merchant_id=supply.merchant_id, code=row.code)
        sealed = crypto.encrypt(
            merchant_id=supply.merchant_id,
            plain=row.code.encode(),
            place=code_place(supply_id=supply.id, index=index),
        )
        ends = None
        if row.expires_on is not None:
            ends = datetime.combine(row.expires_on + timedelta(days=1), time(), _AT_HOME)
        new.append(
            SupplyCode(
                merchant_id=supply.merchant_id,
                supply=supply,
                sealed=sealed,
                code_index=index,
                state="available",
                expires_at=ends,
                created_at=now,
            )
        )
    return len(insert_new(new, unique=["merchant_id", "supply", "code_index"]))


def _written(
    supply: Supply,
    read: CodeFile,
    *,
    taken: int,
    file_name: str,
    key: str,
    digest: bytes,
    now: datetime,
) -> ImportReport:
    row = CodeImport(
        merchant_id=supply.merchant_id,
        supply=supply,
        key=key,
        file_name=without_persons(file_name)[:200],
        digest=digest,
        taken=taken,
        duplicates=len(read.rows) - taken,
        rejects=[[each.line, each.column, each.reason] for each in read.rejects[:MOST_REJECTS]],
        at=now,
        actor=signature(),
    )
    insert(row, taken=KeyTaken(key=key), constraint="a_file_of_codes_is_taken_once")
    audit.record(
        audit.Change(
            action="benefits.import_codes",
            subject="benefit_supply",
            subject_id=supply.id,
            reason="imported",
            after={"taken": taken, "duplicates": row.duplicates, "wrong": len(read.rejects)},
        ),
        now=now,
    )
    return _report(row, is_new=True)


def _report(row: CodeImport, *, is_new: bool) -> ImportReport:
    return ImportReport(
        import_id=row.id,
        supply_id=row.supply_id,
        taken=row.taken,
        duplicates=row.duplicates,
        rejects=tuple(
            Reject(line=line, column=column, reason=reason) for line, column, reason in row.rejects
        ),
        is_new=is_new,
    )
