"""A provider of work at the buyer's is a party: its name, and who of it sees its books."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.models import Party, PartyReader
from santong.settlement.selectors.parties import party_by_id
from santong.settlement.services.open_parties import open_parties


@all_or_nothing
def open_installer(
    *, merchant_id: int, code: str, name: str, staff_ids: Collection[int], now: datetime
) -> contracts.Party:
    """Open an installer's books under its name, or say who of it may read them from now on.

    Raises FieldInvalid. Locks the party.
    """
    if not 0 < len(code) <= contracts.LONGEST_CODE or "\0" in code:
        raise FieldInvalid(pointer="/code", reason=f"1 to {contracts.LONGEST_CODE} characters")
    if not 0 < len(name) <= contracts.LONGEST_NAME or "\0" in name:
        raise FieldInvalid(pointer="/name", reason=f"1 to {contracts.LONGEST_NAME} characters")
    ref = contracts.PartyRef(kind="installer", code=code)
    party_id = open_parties(merchant_id=merchant_id, refs=[ref], now=now)[ref]
    row = Party.objects.of_merchant(merchant_id).filter(id=party_id).lock().get()
    readers = PartyReader.objects.of_merchant(merchant_id).filter(party=row)
    before = {"name": row.name, "readers": sorted(readers.values_list("staff_id", flat=True))}
    after = {"name": name, "readers": sorted(set(staff_ids))}
    if before != after:
        Party.objects.of_merchant(merchant_id).filter(id=party_id).update(name=name)
        readers.exclude(staff__in=list(staff_ids)).delete()
        PartyReader.objects.bulk_create(
            [
                PartyReader(merchant_id=merchant_id, party=row, staff_id=staff_id)
                for staff_id in sorted(set(staff_ids) - set(before["readers"]))
            ]
        )
        audit.record(
            audit.Change(
                action="settlement.open_installer",
                subject="party",
                subject_id=party_id,
                reason=code,
                before=before,
                after=after,
            ),
            now=now,
        )
    return party_by_id(merchant_id=merchant_id, party_id=party_id)
