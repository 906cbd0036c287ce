"""What is said of cards over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from santong.prepaid import contracts
from santong.prepaid.api.routes import (
    Body,
    Code,
    Days,
    Key,
    Minor,
    MinorOrNothing,
    OfferCode,
    Reason,
    Token,
)

MOST_CARDS = 200


class CardProgrammeIn(Body):
    """A programme of cards. `party` names who owes what is on them."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NAME)]
    brand_id: str
    kind: contracts.ProgrammeKind
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    party: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_PARTY)]
    issuer_kind: contracts.IssuerKind


class CardProgrammeOut(Schema):
    """A programme of cards."""

    id: str
    code: str
    name: str
    brand_id: str
    kind: contracts.ProgrammeKind
    currency: str
    party: str
    issuer_kind: contracts.IssuerKind


class CardProgrammesOut(Schema):
    """Every programme of cards."""

    items: list[CardProgrammeOut]


class CardOfferIn(Body):
    """Pay so much, get so much on top for so many days; 0 days: for ever."""

    code: Code
    pay_minor: Minor
    bonus_minor: MinorOrNothing
    bonus_days: Days


class CardTermsIn(Body):
    """All that a programme promises. The profile is named; the version keeps its numbers."""

    profile_code: Code
    offers: Annotated[list[CardOfferIn], Field(max_length=50)]
    least_minor: Minor = 1
    most_minor: Minor = contracts.MOST_MINOR
    spends: contracts.Spends = "proportional"
    bearer_days: Days = 0
    give_back_grace_days: Days = 0
    asks_secret: bool = True
    waits_for_activation: bool = False
    reason: Reason


class CardOfferOut(Schema):
    """Pay so much, get so much on top."""

    code: str
    pay_minor: int
    bonus_minor: int
    bonus_days: int


class CardProfileOut(Schema):
    """What the law of a place allows; nothing in a field sets no limit."""

    code: str
    registered_most_minor: int | None
    bearer_most_minor: int | None
    bearer_days_least: int
    may_registered_end: bool
    identity_from_minor: int | None
    company_cash_below_minor: int | None
    person_cash_below_minor: int | None


class CardTermsOut(Schema):
    """A version of a programme's terms."""

    id: str
    version: int
    profile: CardProfileOut
    offers: list[CardOfferOut]
    least_minor: int
    most_minor: int
    spends: contracts.Spends
    bearer_days: int
    give_back_grace_days: int
    asks_secret: bool
    waits_for_activation: bool
    reason: str
    published_by: str
    published_at: datetime


class CardBuyerIn(Body):
    """Who pays, as far as the law asks. `identity` is the number of the document they showed."""

    kind: contracts.BuyerKind = "person"
    is_cash: bool = False
    in_one_go_minor: MinorOrNothing = 0
    identity_kind: contracts.IdentityKind = ""
    identity: Annotated[str, Field(max_length=40)] = ""


class CardPurchaseCheckIn(Body):
    """Cards that somebody is about to buy in one go, each with its amount."""

    card_programme_code: Code
    amounts_minor: Annotated[list[Minor], Field(min_length=1, max_length=MOST_CARDS)]
    is_registered: bool = False
    buyer: CardBuyerIn = CardBuyerIn()


class CardRefusalOut(Schema):
    """A rule that stands against a purchase."""

    rule: str
    limit: int
    asked: int


class CardPurchaseCheckOut(Schema):
    """Whether the purchase may be made, and all that stands against it."""

    is_allowed: bool
    refusals: list[CardRefusalOut]


class CardSaleIn(Body):
    """A card that is sold; with a person, it is registered to them."""

    key: Key
    card_programme_code: Code
    amount_minor: Minor
    offer_code: OfferCode = ""
    person_id: str | None = None
    buyer: CardBuyerIn = CardBuyerIn()


class CardTopUpIn(Body):
    """More money for a card."""

    key: Key
    amount_minor: Minor
    offer_code: OfferCode = ""
    buyer: CardBuyerIn = CardBuyerIn()


class CardReasonIn(Body):
    """Why."""

    reason: Reason


class PrepaidCardOut(Schema):
    """A card, by the end of its number."""

    id: str
    programme_code: str
    programme_name: str
    kind: str
    currency: str
    tail: str
    state: contracts.CardState
    is_registered: bool
    has_secret: bool
    valid_until: datetime | None
    issued_at: datetime
    why: str


class BonusEndingOut(Schema):
    """So much bonus is gone after this moment."""

    amount_minor: int
    ends_at: datetime | None


class CardBalanceOut(Schema):
    """What can be spent of a card, principal and bonus apart."""

    principal_minor: int
    bonus_minor: int
    held_minor: int
    endings: list[BonusEndingOut]


class PrepaidCardWithBalanceOut(PrepaidCardOut):
    """A card and what is on it."""

    balance: CardBalanceOut


class CardTopUpOut(Schema):
    """Money for a card. It is paid as `document`."""

    id: str
    card_id: str
    document: str
    state: contracts.TopUpState
    amount_minor: int
    bonus_minor: int
    currency: str
    offer_code: str
    asked_at: datetime
    landed_at: datetime | None
    paid_back_minor: int


class SoldCardOut(Schema):
    """A card as it is handed over. Its secret is in this answer and nowhere else."""

    card: PrepaidCardOut
    top_up: CardTopUpOut
    number: str
    secret: str


class CardTokenIn(Body):
    """What somebody typed or showed: `number:SECRET`, or a pay code."""

    token: Token


class CheckedCardOut(Schema):
    """Whether it is right; how long to wait where it was tried too often."""

    is_right: bool
    wait_seconds: int
    card: PrepaidCardOut | None
    balance: CardBalanceOut | None


class CardStatementLineOut(Schema):
    """What was put on a card or taken from it."""

    kind: str
    principal_minor: int
    bonus_minor: int
    reference: str
    reason: str
    at: datetime


class CardStatementOut(Schema):
    """A card's statement, newest first."""

    items: list[CardStatementLineOut]


class CardPaidBackOut(Schema):
    """What of a top-up goes back."""

    document: str
    amount_minor: int


class ClosedCardOut(Schema):
    """What a closed card gave back, and what of it is lost."""

    card_id: str
    paid_back_minor: int
    forfeited_minor: int
    paid_back: list[CardPaidBackOut]


class CardFloatOut(Schema):
    """What an issuer reports of a programme."""

    programme_code: str
    party: str
    issuer_kind: contracts.IssuerKind
    currency: str
    since: datetime
    until: datetime
    sold_minor: int
    spent_minor: int
    paid_back_minor: int
    principal_minor: int
    reserve_percent: int
    reserve_minor: int
