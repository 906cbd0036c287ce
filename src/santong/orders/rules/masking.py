"""How a recipient looks to whoever has not given a reason to see it."""

from __future__ import annotations

import re

from santong.kernel.masking import HIDDEN, masked_address, masked_name, masked_phone
from santong.orders.contracts import MaskedRecipient, Recipient

_NUMBER_OF_SOMEBODY = re.compile(r"\d(?:[\s().-]*\d){6,}")


def masked(recipient: Recipient) -> MaskedRecipient:
    """A recipient as screens show it."""
    return MaskedRecipient(
        name=masked_name(recipient.name),
        phone=masked_phone(recipient.phone),
        address=masked_address(
            province=recipient.province,
            city=recipient.city,
            district=recipient.district,
            address=recipient.address,
        ),
    )


def reference_kept(reference: str) -> str:
    """What is kept of a reference that finds no member: no telephone number, no e-mail address.

    Channels send what they have; a name of theirs for a buyer stays, a long number does not.
    """
    if "@" in reference or "\N{FULLWIDTH COMMERCIAL AT}" in reference:
        return HIDDEN
    return _NUMBER_OF_SOMEBODY.sub(HIDDEN, reference)
