"""A contract with a supplier goes on, or ends."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.supplies import Supply
from santong.benefits.models import Supply as SupplyRow
from santong.benefits.rules.fields import check_contract, clean_name, clean_reason
from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def change_supply(
    *,
    merchant_id: int,
    supply_id: int,
    name: str,
    contract_number: str,
    contract_until: datetime | None,
    alarm_below: int,
    reason: str,
    now: datetime,
) -> Supply:
    """Call a supply otherwise, renew or end its contract, ring its alarm earlier or later.

    What one costs, and when, stands as long as the supply: another price is another supply. A
    batch that runs goes on when the contract is over; none is activated.

    Raises NoSuch, FieldInvalid. Locks the supply.
    """
    reason = clean_reason(reason)
    check_contract(contract_number=contract_number, alarm_below=alarm_below)
    row = SupplyRow.objects.of_merchant(merchant_id).filter(id=supply_id).lock().first()
    if row is None:
        raise NoSuch(kind="supply", key=str(supply_id))
    before = _said(row)
    row.name = clean_name(name)
    row.contract_number, row.contract_until = contract_number, contract_until
    if row.alarm_below != alarm_below:
        # It rings anew when codes are fewer than this.
        row.alarm_below, row.low_since = alarm_below, None
    row.save(
        update_fields=["name", "contract_number", "contract_until", "alarm_below", "low_since"]
    )
    audit.record(
        audit.Change(
            action="benefits.change_supply",
            subject="benefit_supply",
            subject_id=row.id,
            reason=reason,
            before=before,
            after=_said(row),
        ),
        now=now,
    )
    return row.as_contract()


def _said(row: SupplyRow) -> dict[str, object]:
    return {
        "name": row.name,
        "contract_number": row.contract_number,
        "contract_until": row.contract_until.isoformat() if row.contract_until else None,
        "alarm_below": row.alarm_below,
    }
