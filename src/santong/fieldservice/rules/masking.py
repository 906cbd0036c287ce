"""How a contact looks to whoever has not given a reason to see it."""

from __future__ import annotations

from santong.fieldservice.contracts import Contact, MaskedContact, Place
from santong.kernel.masking import masked_address, masked_name, masked_phone


def masked(contact: Contact, place: Place) -> MaskedContact:
    """A contact as screens show it, and the address down to its district."""
    return MaskedContact(
        name=masked_name(contact.name),
        phone=masked_phone(contact.phone),
        address=masked_address(
            province=place.province,
            city=place.city,
            district=place.district,
            address=place.address,
        ),
    )
