"""How a buyer looks on a screen."""

from __future__ import annotations

from santong.kernel.masking import masked_name, masked_phone
from santong.stagedsales.contracts import Buyer, MaskedBuyer


def masked(buyer: Buyer) -> MaskedBuyer:
    """A buyer as screens show them; what they wished is not shown."""
    return MaskedBuyer(name=masked_name(buyer.name), phone=masked_phone(buyer.phone))
