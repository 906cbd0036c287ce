"""The door of prepaid: stored value, and what can be done with it."""

from __future__ import annotations

from santong.prepaid.contracts import (
    CARD_STATES,
    ISSUER_KINDS,
    PROGRAMME_KINDS,
    SPENDS,
    TOP_UP_STATES,
    Buyer,
    Card,
    CardBalance,
    CardProgramme,
    CardState,
    Checked,
    Closed,
    Ending,
    FloatDay,
    FloatMonth,
    FloatReport,
    Gift,
    NewProgramme,
    Offer,
    Offered,
    Parts,
    PayCode,
    Profile,
    PublishedTerms,
    Purchase,
    Refusal,
    Sold,
    StatementLine,
    Terms,
    TopUp,
    Use,
)
from santong.prepaid.errors import (
    AlreadyRegistered,
    CardRefused,
    CardsBuyNoCards,
    CardUnusable,
    GiftGone,
    MoreThanTaken,
    NothingOnSale,
    NotPaid,
    NotYours,
    OtherCurrency,
    OtherKind,
    PaymentsUnderWay,
    PrepaidKeyTaken,
    PurchaseRefused,
    TooLittleOnCard,
    TooManyTries,
    TopUpEnded,
    UseEnded,
)
from santong.prepaid.rules.profiles import PROFILES, refusals
from santong.prepaid.selectors.cards import (
    balances_of,
    card_by_id,
    card_number,
    cards_of_persons,
    cards_page,
    standing_gift,
    statement_of,
    top_up_by_id,
    top_ups_of,
    use_by_reference,
)
from santong.prepaid.selectors.floats import float_report, floats_by_day, floats_by_month
from santong.prepaid.selectors.invariants import check_invariants
from santong.prepaid.selectors.persons import export_person
from santong.prepaid.selectors.programmes import (
    newest_terms,
    programme_by_code,
    programmes,
    terms_page,
)
from santong.prepaid.selectors.purchases import check_purchase
from santong.prepaid.services.activate import activate
from santong.prepaid.services.cancel_top_up import cancel_top_up
from santong.prepaid.services.capture_use import capture_use
from santong.prepaid.services.check_card import check_card
from santong.prepaid.services.close_card import close_card
from santong.prepaid.services.extend import extend
from santong.prepaid.services.forget_person import forget_person
from santong.prepaid.services.freeze import freeze
from santong.prepaid.services.keep import keep
from santong.prepaid.services.land_top_up import land_top_up
from santong.prepaid.services.make_pay_code import make_pay_code
from santong.prepaid.services.offer_gift import offer_gift
from santong.prepaid.services.open_programme import open_programme
from santong.prepaid.services.publish_terms import publish_terms
from santong.prepaid.services.refund_use import refund_use
from santong.prepaid.services.register import register
from santong.prepaid.services.release_use import release_use
from santong.prepaid.services.renew_secret import renew_secret
from santong.prepaid.services.sell import sell
from santong.prepaid.services.spend import spend
from santong.prepaid.services.take_gift import take_gift
from santong.prepaid.services.top_up import top_up
from santong.prepaid.services.unfreeze import unfreeze
from santong.prepaid.services.withdraw_gift import withdraw_gift

__all__ = [
    "CARD_STATES",
    "ISSUER_KINDS",
    "PROFILES",
    "PROGRAMME_KINDS",
    "SPENDS",
    "TOP_UP_STATES",
    "AlreadyRegistered",
    "Buyer",
    "Card",
    "CardBalance",
    "CardProgramme",
    "CardRefused",
    "CardState",
    "CardUnusable",
    "CardsBuyNoCards",
    "Checked",
    "Closed",
    "Ending",
    "FloatDay",
    "FloatMonth",
    "FloatReport",
    "Gift",
    "GiftGone",
    "MoreThanTaken",
    "NewProgramme",
    "NotPaid",
    "NotYours",
    "NothingOnSale",
    "Offer",
    "Offered",
    "OtherCurrency",
    "OtherKind",
    "Parts",
    "PayCode",
    "PaymentsUnderWay",
    "PrepaidKeyTaken",
    "Profile",
    "PublishedTerms",
    "Purchase",
    "PurchaseRefused",
    "Refusal",
    "Sold",
    "StatementLine",
    "Terms",
    "TooLittleOnCard",
    "TooManyTries",
    "TopUp",
    "TopUpEnded",
    "Use",
    "UseEnded",
    "activate",
    "balances_of",
    "cancel_top_up",
    "capture_use",
    "card_by_id",
    "card_number",
    "cards_of_persons",
    "cards_page",
    "check_card",
    "check_invariants",
    "check_purchase",
    "close_card",
    "export_person",
    "extend",
    "float_report",
    "floats_by_day",
    "floats_by_month",
    "forget_person",
    "freeze",
    "keep",
    "land_top_up",
    "make_pay_code",
    "newest_terms",
    "offer_gift",
    "open_programme",
    "programme_by_code",
    "programmes",
    "publish_terms",
    "refund_use",
    "refusals",
    "register",
    "release_use",
    "renew_secret",
    "sell",
    "spend",
    "standing_gift",
    "statement_of",
    "take_gift",
    "terms_page",
    "top_up",
    "top_up_by_id",
    "top_ups_of",
    "unfreeze",
    "use_by_reference",
    "withdraw_gift",
]
