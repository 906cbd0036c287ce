from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, crypto
from santong.kernel.errors import NoSuch
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import Dealer
from santong.merchants.rules.fields import clean_contact, clean_name
from santong.merchants.selectors.parts import contact_of, contact_place


@all_or_nothing
def update_dealer(
    *,
    merchant_id: int,
    dealer_id: int,
    name: str | None = None,
    contact: str | None = None,
    is_active: bool | None = None,
    expected_version: int,
    now: datetime,
) -> contracts.Dealer:
    """Change a dealer that is still as the caller saw it; what is not given stays.

    Raises NoSuch, VersionMoved, FieldInvalid. Locks the dealer.
    """
    found: Dealer | None = (
        Dealer.objects.of_merchant(merchant_id).filter(id=dealer_id).lock().first()
    )
    if found is None:
        raise NoSuch(kind="dealer", key=str(dealer_id))
    refuse_moved(expected=expected_version, version=found.version)
    before = {"name": found.name, "is_active": found.is_active}
    found.name = found.name if name is None else clean_name(name)
    found.is_active = found.is_active if is_active is None else is_active
    if contact is not None:
        found.contact_sealed = _sealed(found, clean_contact(contact))
    found.version += 1
    found.save(update_fields=["name", "is_active", "contact_sealed", "version"])
    audit.record(
        audit.Change(
            action="merchants.update_dealer",
            subject="dealer",
            subject_id=found.id,
            reason="changed",
            before=before,
            after={
                "name": found.name,
                "is_active": found.is_active,
                "contact_changed": contact is not None,
            },
        ),
        now=now,
    )
    return found.as_contract(contact=contact_of(found))


def _sealed(dealer: Dealer, contact: str) -> bytes:
    if not contact:
        return b""
    return crypto.encrypt(
        merchant_id=dealer.merchant_id, plain=contact.encode(), place=contact_place(dealer.code)
    )
