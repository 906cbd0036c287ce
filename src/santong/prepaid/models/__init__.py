"""The tables of prepaid. What a card is worth stands in the ledger alone."""

from santong.prepaid.models.cards import Card, Gift, PayCode
from santong.prepaid.models.programmes import CardProgramme, CardTerms
from santong.prepaid.models.top_ups import PayBack, TopUp
from santong.prepaid.models.uses import Use, UseRefund

__all__ = [
    "Card",
    "CardProgramme",
    "CardTerms",
    "Gift",
    "PayBack",
    "PayCode",
    "TopUp",
    "Use",
    "UseRefund",
]
