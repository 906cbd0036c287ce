"""Where a party is paid."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, crypto
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.models import Party
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.parties import party_by_id, place_of_receiver

LONGEST_RECEIVER = 120


@all_or_nothing
def name_receiver(
    *,
    merchant_id: int,
    party_id: int,
    account_code: str,
    receiver: str,
    is_open: bool = True,
    reason: str,
    now: datetime,
) -> contracts.Party:
    """Say by which name a party is known at a payment account, so that it can be paid there.

    The name is sealed. Who is not open is paid nothing.

    Raises NoSuch, FieldInvalid. Locks the party.
    """
    reason = clean_reason(reason)
    if not 0 < len(receiver) <= LONGEST_RECEIVER or "\0" in receiver:
        raise FieldInvalid(pointer="/receiver", reason=f"1 to {LONGEST_RECEIVER} characters")
    if not 0 < len(account_code) <= contracts.LONGEST_CODE or "\0" in account_code:
        raise FieldInvalid(
            pointer="/account_code", reason=f"1 to {contracts.LONGEST_CODE} characters"
        )
    row = Party.objects.of_merchant(merchant_id).filter(id=party_id).lock().first()
    if row is None:
        raise NoSuch(kind="party", key=str(party_id))
    before = {"account_code": row.account_code, "is_open": row.is_open}
    row.account_code, row.is_open = account_code, is_open
    row.receiver_sealed = crypto.encrypt(
        merchant_id=merchant_id, plain=receiver.encode(), place=place_of_receiver(row.code)
    )
    row.save(update_fields=["account_code", "receiver_sealed", "is_open"])
    audit.record(
        audit.Change(
            action="settlement.name_receiver",
            subject="party",
            subject_id=row.id,
            reason=reason,
            before=before,
            after={"account_code": account_code, "is_open": is_open},
        ),
        now=now,
    )
    return party_by_id(merchant_id=merchant_id, party_id=party_id)
