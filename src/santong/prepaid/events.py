"""The facts of prepaid: ids and amounts, never a number of a card, never a person."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("prepaid.terms_published.v1", aggregate="programme_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PrepaidTermsPublished:
    """A programme of cards promises something new."""

    programme_id: int
    version: int


@fact("prepaid.card_topped_up.v1", aggregate="card_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CardToppedUp:
    """Money came in for a card, and is on it."""

    card_id: int
    programme_id: int
    top_up_id: int
    currency: str
    principal_minor: int
    bonus_minor: int


@fact("prepaid.top_up_returned.v1", aggregate="card_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class TopUpReturned:
    """Money came in for a card that could not take it any more, and goes back."""

    card_id: int
    top_up_id: int
    currency: str
    amount_minor: int


@fact("prepaid.card_state_changed.v1", aggregate="card_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CardStateChanged:
    """A card can be used from now on, or no more."""

    card_id: int
    programme_id: int
    from_state: str
    to_state: str


@fact("prepaid.principal_paid_back.v1", aggregate="card_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PrincipalPaidBack:
    """What is left of a top-up's money is no longer on the card: it goes back as it came."""

    pay_back_id: int
    card_id: int
    top_up_id: int
    currency: str
    amount_minor: int


@fact("prepaid.card_given.v1", aggregate="card_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CardGiven:
    """A card has another holder."""

    card_id: int
    programme_id: int
    gift_id: int
