from __future__ import annotations

from datetime import datetime

from santong.kernel import bulk, crypto
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.qimen.models import Sending
from santong.qimen.rules.marks import Part
from santong.qimen.rules.reading import write
from santong.qimen.rules.xml import write_xml

_UNIQUE = ["merchant_id", "contract_id", "serial_no"]
# Numbers are drawn while the lane is locked: their order is the order in which they are committed.
_ALONE = Statement("""
SELECT pg_advisory_xact_lock(
  hashtextextended('qimen.lane:' || %(contract)s::text || ':' || %(lane)s, %(merchant)s::bigint))
  IS NULL
""")


@all_or_nothing
def queue_message(
    *,
    merchant_id: int,
    contract_id: int,
    lane: str,
    serial_no: str,
    method: str,
    document: Part,
    now: datetime,
) -> int | None:
    """Let a system be told something, once, after what its lane has queued before.

    None where the same is queued already. It leaves after the transaction has ended, whenever the
    line works. Locks the lane.
    """
    _ALONE.later({"contract": str(contract_id), "lane": lane, "merchant": str(merchant_id)})
    row = Sending(
        merchant_id=merchant_id,
        contract_id=contract_id,
        lane=lane,
        serial_no=serial_no,
        method=method,
        body_sealed=crypto.encrypt(
            merchant_id=merchant_id,
            plain=write_xml(element=write(part=document, name="request")),
            place=sending_place(contract_id=contract_id, serial_no=serial_no),
        ),
        due_at=now,
        created_at=now,
    )
    made = bulk.insert_new([row], unique=_UNIQUE)
    return made[0].id if made else None


def sending_place(*, contract_id: int, serial_no: str) -> str:
    """What binds a sealed message to its place in the queue."""
    return f"qimen.sending:{contract_id}:{serial_no}"
