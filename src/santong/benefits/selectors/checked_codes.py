"""What a file of codes would bring, before anything is taken of it."""

from __future__ import annotations

from santong.benefits.contracts.supplies import CodeCheck, CodeFile
from santong.benefits.errors import ImportRefused
from santong.benefits.models import Supply, SupplyCode
from santong.benefits.models.sealing import supply_code_index
from santong.benefits.rules.code_files import MOST_REJECTS, read_codes
from santong.kernel.errors import NoSuch

AT_ONCE = 5_000


def codes_of_file(*, merchant_id: int, supply_id: int, content: bytes) -> CodeFile:
    """The codes that a file brings to a supply. Raises ImportRefused, NoSuch."""
    supply = Supply.objects.of_merchant(merchant_id).filter(id=supply_id).first()
    if supply is None:
        raise NoSuch(kind="supply", key=str(supply_id))
    if supply.kind != "codes":
        raise ImportRefused(reason="this supply has no codes")
    return read_codes(content)


def check_codes(*, merchant_id: int, supply_id: int, content: bytes) -> CodeCheck:
    """Read a file as `import_codes` would, and take nothing. Raises ImportRefused, NoSuch."""
    read = codes_of_file(merchant_id=merchant_id, supply_id=supply_id, content=content)
    there = SupplyCode.objects.of_merchant(merchant_id).filter(supply_id=supply_id)
    known = 0
    for start in range(0, len(read.rows), AT_ONCE):
        part = read.rows[start : start + AT_ONCE]
        indexes = [supply_code_index(merchant_id=merchant_id, code=row.code) for row in part]
        known += there.filter(code_index__in=indexes).count()
    return CodeCheck(
        codes=len(read.rows),
        known=known,
        wrong=len(read.rejects),
        rejects=read.rejects[:MOST_REJECTS],
    )
