"""How a contact looks to whoever has not given a reason to see it."""

from __future__ import annotations

from santong.fieldservice.contracts import Contact, MaskedContact, Place

HIDDEN = "***"
SHOWN_IN_FRONT, SHOWN_BEHIND, LONG_ENOUGH = 3, 4, 11


def masked(contact: Contact, place: Place) -> MaskedContact:
    """The name's first letter, some digits, and the address down to its district."""
    name = contact.name.strip()
    area = (
        place.province if place.province != place.city else "",
        place.city,
        place.district,
    )
    shown = "".join(filter(None, area))
    return MaskedContact(
        name=f"{name[0]}**" if len(name) > 1 else ("**" if name else ""),
        phone=_phone(contact.phone),
        address=f"{shown}{HIDDEN}" if place.address.strip() else shown,
    )


def _phone(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdecimal())
    if not digits:
        return ""
    if len(digits) < LONG_ENOUGH:
        return "****"
    hidden = "*" * (len(digits) - SHOWN_IN_FRONT - SHOWN_BEHIND)
    return f"{digits[:SHOWN_IN_FRONT]}{hidden}{digits[-SHOWN_BEHIND:]}"
