"""Whoever asks for a refund says who bears what it costs."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.models import RefundBearer
from santong.settlement.rules.matching import HEAD_OFFICE
from santong.settlement.services.open_parties import open_parties


@all_or_nothing
def name_bearer(
    *, merchant_id: int, document: str, key: str, installer: str = "", now: datetime
) -> None:
    """Let one party bear a refund, and no other's shares shrink by it; once for its key.

    Head office, or the provider of that code. To be called where the refund is asked for, in the
    same transaction. What comes back whole later costs the bearer nothing more: there is nothing to
    share of it (`rules/borne.py`).

    Raises FieldInvalid.
    """
    if len(installer) > contracts.LONGEST_CODE or "\0" in installer:
        raise FieldInvalid(pointer="/bearer_code", reason="a provider")
    ref = contracts.PartyRef(kind="installer", code=installer) if installer else HEAD_OFFICE
    party_id = open_parties(merchant_id=merchant_id, refs=[ref], now=now)[ref]
    RefundBearer.objects.get_or_create(
        merchant_id=merchant_id, document=document, key=key, defaults={"party_id": party_id}
    )
