"""Things of qimen for tests: say what the test is about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from santong.kernel import names
from santong.qimen import public as qimen
from santong.qimen.rules.shapes.orders import Cancel
from santong.qimen.rules.xml import read_xml
from santong.qimen.services.log_message import Said, log_message
from santong.qimen.services.queue_message import queue_message

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)

_numbers = itertools.count(1)


def make_contract(merchant_id: int, **given: Any) -> qimen.Contract:
    """A contract with an ERP whose application is known; no places, no shops."""
    number = next(_numbers)
    wanted: dict[str, Any] = {
        "code": f"erp-{number}",
        "name": "旺店通",
        "side": "erp",
        "app_key": f"app-{merchant_id}",
        "customer_id": f"c{merchant_id}-{number}",
    }
    wanted |= given
    names.take(kind="app", name=wanted["app_key"], merchant_id=merchant_id)
    return qimen.create_contract(
        merchant_id=merchant_id, wanted=qimen.NewContract(**wanted), now=NOW
    )


REFUSED = (
    b"<request><deliveryOrder><deliveryOrderCode>DO20261111001</deliveryOrderCode>"
    b"<warehouseCode>WH-SH09</warehouseCode><receiverInfo><name>Somebody</name>"
    b"<mobile>13800000002</mobile></receiverInfo></deliveryOrder></request>"
)


def log_in(merchant_id: int, contract_id: int, *, now: datetime = NOW) -> int:
    """A delivery order that was refused, for its warehouse is unknown."""
    said = Said(
        contract_id=contract_id,
        direction="in",
        method="deliveryorder.create",
        state="refused",
        element=read_xml(body=REFUSED, root="request"),
        body=REFUSED,
        code="qimen.unknown_code",
        reason="kind: warehouseCode, value: WH-SH09",
        milliseconds=12,
    )
    return log_message(merchant_id=merchant_id, said=said, now=now)


def queue_out(merchant_id: int, contract_id: int, *, now: datetime = NOW) -> None:
    """A cancellation that waits to be sent."""
    queue_message(
        merchant_id=merchant_id,
        contract_id=contract_id,
        lane="ST00000007",
        serial_no="ST00000007:cancel",
        method="order.cancel",
        document=Cancel(order_code="ST00000007", cancel_reason="cancelled"),
        now=now,
    )
