"""The refusals of prepaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded


@dataclass
class ProgrammeCodeTaken(Conflict):
    """Another programme of cards has this code."""

    code: ClassVar[str] = "prepaid.code_taken"
    taken: str


@dataclass
class NothingOnSale(Conflict):
    """The programme has published no terms yet."""

    code: ClassVar[str] = "prepaid.nothing_on_sale"
    programme: str


@dataclass
class PurchaseRefused(Conflict):
    """Rules of the profile stand against the purchase; all of them, each with its limit."""

    code: ClassVar[str] = "prepaid.purchase_refused"
    profile: str
    refusals: list[dict[str, str | int]]


@dataclass
class NoSuchOffer(Invalid):
    """The terms in force have no such offer, or another price for it."""

    code: ClassVar[str] = "prepaid.no_such_offer"
    offer: str


@dataclass
class PrepaidKeyTaken(Conflict):
    """The key or reference stands for another command, with other content."""

    code: ClassVar[str] = "prepaid.key_taken"
    key: str


@dataclass
class NotPaid(Conflict):
    """The money for it has not come in."""

    code: ClassVar[str] = "prepaid.not_paid"
    document: str
    wanted_minor: int
    paid_minor: int


@dataclass
class TopUpEnded(Conflict):
    """It was cancelled, or its money went back."""

    code: ClassVar[str] = "prepaid.top_up_ended"
    state: str


@dataclass
class CardUnusable(Conflict):
    """The card is not in a state in which this can be done with it."""

    code: ClassVar[str] = "prepaid.card_unusable"
    state: str


@dataclass
class CardRefused(Conflict):
    """Number and secret do not belong together, or there is no such card; nobody learns which."""

    code: ClassVar[str] = "prepaid.card_refused"


@dataclass
class TooManyTries(LimitExceeded):
    """The card's secret was tried too often; the right one is refused as well until later."""

    code: ClassVar[str] = "prepaid.too_many_tries"
    retry_after_seconds: int


@dataclass
class TooLittleOnCard(Conflict):
    """The card has less to spend than is asked for; nothing was taken."""

    code: ClassVar[str] = "prepaid.too_little_on_card"
    wanted_minor: int
    available_minor: int


@dataclass
class OtherCurrency(Conflict):
    """The card's money is of another currency."""

    code: ClassVar[str] = "prepaid.other_currency"
    currency: str


@dataclass
class OtherKind(Conflict):
    """This is a card of another kind than the tender."""

    code: ClassVar[str] = "prepaid.other_kind"
    kind: str


@dataclass
class CardsBuyNoCards(Conflict):
    """Money on a card is not put on a card: bonus would become principal."""

    code: ClassVar[str] = "prepaid.cards_buy_no_cards"


@dataclass
class UseEnded(Conflict):
    """The payment was released, or never taken."""

    code: ClassVar[str] = "prepaid.use_ended"
    state: str


@dataclass
class MoreThanTaken(Conflict):
    """More than this payment kept, or took and did not give back."""

    code: ClassVar[str] = "prepaid.more_than_taken"
    wanted_minor: int
    left_minor: int


@dataclass
class PaymentsUnderWay(Conflict):
    """Something is kept on the card for a payment, or is about to be put on it."""

    code: ClassVar[str] = "prepaid.payments_under_way"
    held_minor: int


@dataclass
class AlreadyRegistered(Conflict):
    """The card is registered to somebody."""

    code: ClassVar[str] = "prepaid.already_registered"


@dataclass
class NotYours(Conflict):
    """The card is not registered to whoever wants to give it away."""

    code: ClassVar[str] = "prepaid.not_yours"


@dataclass
class GiftGone(Conflict):
    """The gift was taken by somebody, taken back, or its time is over."""

    code: ClassVar[str] = "prepaid.gift_gone"
    state: str
