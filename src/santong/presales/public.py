"""The door of presales: what other contexts may use."""

from __future__ import annotations

from santong.presales.contracts import (
    COMPENSATION_STATES,
    ENDED,
    FORFEITS,
    OFFER_STATES,
    PARTS,
    PRESALE_STATES,
    STOCKS,
    Amounts,
    Compensation,
    Offer,
    OfferFigures,
    OfferLine,
    Part,
    Presale,
    PresaleLine,
    Problem,
    Terms,
    document_of,
)
from santong.presales.errors import (
    BalanceNotOpen,
    CompensationPaid,
    DepositDisputed,
    DepositOver,
    InvalidOffer,
    LimitBelowTaken,
    NotOnOffer,
    OfferCodeTaken,
    OfferPassed,
    PresaleKeyTaken,
    PresaleLinkOver,
    PresalePassed,
    SoldOut,
    TooManyUnits,
)
from santong.presales.rules.amounts import (
    amounts_of,
    amounts_of_unit,
    compensation_minor,
    forfeit_minor,
)
from santong.presales.rules.terms import problems_of
from santong.presales.rules.windows import stage_of
from santong.presales.selectors.invariants import check_invariants
from santong.presales.selectors.links import path_of
from santong.presales.selectors.offers import (
    offer_by_code,
    offer_by_id,
    offer_figures,
    offers_page,
)
from santong.presales.selectors.presales import (
    compensation_of,
    presale_by_id,
    presale_of_order,
    presales_page,
)
from santong.presales.services.ask_payment import ask_another_way, ask_payment
from santong.presales.services.cancel_presale import cancel_presale
from santong.presales.services.compensate import fail_presale, pay_compensation
from santong.presales.services.draft_offer import draft_offer, revise_offer
from santong.presales.services.forget_person import forget_person
from santong.presales.services.join import join
from santong.presales.services.publish_offer import end_offer, publish_offer
from santong.presales.services.renew_link import renew_link

__all__ = [
    "COMPENSATION_STATES",
    "ENDED",
    "FORFEITS",
    "OFFER_STATES",
    "PARTS",
    "PRESALE_STATES",
    "STOCKS",
    "Amounts",
    "BalanceNotOpen",
    "Compensation",
    "CompensationPaid",
    "DepositDisputed",
    "DepositOver",
    "InvalidOffer",
    "LimitBelowTaken",
    "NotOnOffer",
    "Offer",
    "OfferCodeTaken",
    "OfferFigures",
    "OfferLine",
    "OfferPassed",
    "Part",
    "Presale",
    "PresaleKeyTaken",
    "PresaleLine",
    "PresaleLinkOver",
    "PresalePassed",
    "Problem",
    "SoldOut",
    "Terms",
    "TooManyUnits",
    "amounts_of",
    "amounts_of_unit",
    "ask_another_way",
    "ask_payment",
    "cancel_presale",
    "check_invariants",
    "compensation_minor",
    "compensation_of",
    "document_of",
    "draft_offer",
    "end_offer",
    "fail_presale",
    "forfeit_minor",
    "forget_person",
    "join",
    "offer_by_code",
    "offer_by_id",
    "offer_figures",
    "offers_page",
    "path_of",
    "pay_compensation",
    "presale_by_id",
    "presale_of_order",
    "presales_page",
    "problems_of",
    "publish_offer",
    "renew_link",
    "revise_offer",
    "stage_of",
]
