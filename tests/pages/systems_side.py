"""The systems that speak Qimen with the pages' merchant, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel import names
from santong.qimen import public as qimen
from santong.qimen.tests.factories import log_in, queue_out

NAMES = {"旺店通 ERP", "旗舰店（旺店通）"}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "systems": ("/console/systems/", "通过奇门与我们对接", "speak Qimen"),
    "system": ("/console/systems/{world.systems.contract_id}/", "编码对照", "calls our things"),
}
# What forms are sent to.
COMMANDS = {
    "system_connect",
    "system_change",
    "system_pause",
    "system_resume",
    "system_send_now",
    "system_take_again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemsSide:
    """What tests know of it."""

    contract_id: int
    message_id: int


def make_systems_side(*, merchant_id: int, place_code: str, now: datetime) -> SystemsSide:
    """An ERP that sends a place's orders, with a message that was refused and one that waits."""
    names.take(kind="app", name=f"pages-{merchant_id}", merchant_id=merchant_id)
    contract = qimen.create_contract(
        merchant_id=merchant_id,
        wanted=qimen.NewContract(
            code="erp",
            name="旺店通 ERP",
            side="erp",
            app_key=f"pages-{merchant_id}",
            customer_id=f"c{merchant_id}",
            url="https://erp.example/qimen",
            owner_code="OWNER1",
            warehouses=(qimen.Warehouse(code="WH-SH01", location_code=place_code),),
            carrier_by_code={"SF": "sf"},
        ),
        now=now,
    )
    message_id = log_in(merchant_id, contract.id, now=now)
    queue_out(merchant_id, contract.id, now=now)
    return SystemsSide(contract_id=contract.id, message_id=message_id)
