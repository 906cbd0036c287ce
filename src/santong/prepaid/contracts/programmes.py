"""Programmes of cards, what they promise, and what the law allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

ProgrammeKind = Literal["prepaid", "gift"]
PROGRAMME_KINDS: tuple[ProgrammeKind, ...] = get_args(ProgrammeKind)

# How the law sorts issuers of single-purpose cards: what they deposit differs.
IssuerKind = Literal["group", "brand", "scale", "other"]
ISSUER_KINDS: tuple[IssuerKind, ...] = get_args(IssuerKind)

Spends = Literal["proportional", "bonus_first"]
SPENDS: tuple[Spends, ...] = get_args(Spends)

LONGEST_CODE = 40
LONGEST_NAME = 120
LONGEST_PARTY = 80
LONGEST_REASON = 200
MOST_MINOR = 10**11
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the law of a place allows, as numbers; nothing in a field means that it sets no limit.

    Amounts are minor units of the programme's currency. Every number has to be confirmed by
    counsel before cards are sold under it.
    """

    code: str
    registered_most_minor: int | None = None
    bearer_most_minor: int | None = None
    bearer_days_least: int = 0
    may_registered_end: bool = True
    identity_from_minor: int | None = None
    company_cash_below_minor: int | None = None
    person_cash_below_minor: int | None = None
    reserve_percent_by_issuer: tuple[tuple[IssuerKind, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Pay so much, and get so much on top, to be used within so many days."""

    code: str
    pay_minor: int
    bonus_minor: int
    bonus_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that a programme promises, under which profile.

    `bearer_days` is how long a bearer card is good (0: for ever), and how much longer when it is
    extended. `give_back_grace_days` is for bonus that comes back after it has ended.
    """

    profile: Profile
    offers: tuple[Offer, ...] = ()
    least_minor: int = 1
    most_minor: int = MOST_MINOR
    spends: Spends = "proportional"
    bearer_days: int = 0
    give_back_grace_days: int = 0
    asks_secret: bool = True
    waits_for_activation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgramme:
    """A programme that is to be opened. `party` owns the float: whoever owes what is on cards."""

    code: str
    name: str
    brand_id: int
    kind: ProgrammeKind
    currency: str
    party: str
    issuer_kind: IssuerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CardProgramme:
    """Cards of one kind that a brand sells."""

    id: int
    code: str
    name: str
    brand_id: int
    kind: ProgrammeKind
    currency: str
    party: str
    issuer_kind: IssuerKind

    @property
    def principal_asset(self) -> str:
        """What was paid for, in the ledger."""
        return f"prepaid_principal:{self.code}"

    @property
    def bonus_asset(self) -> str:
        """What was given on top, in the ledger."""
        return f"prepaid_bonus:{self.code}"

    @property
    def money_asset(self) -> str:
        """The merchant's money in the programme's currency, in the ledger."""
        return f"money:{self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTerms:
    """A version of a programme's terms. It never changes."""

    id: int
    programme_id: int
    version: int
    terms: Terms
    reason: str
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What somebody is about to buy in one go: money for cards.

    `principal_after_minor` has, for each card, what it will have of principal; `valid_days` how
    long it will be good, nothing for ever.
    """

    amount_minor: int
    principal_after_minor: tuple[int, ...]
    is_registered: bool
    is_company: bool
    is_cash: bool
    is_identified: bool
    valid_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rule that stands against a purchase: its name, where it draws the line, what was asked."""

    rule: str
    limit: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatDay:
    """What a programme owed to its cards at the end of a day, and what moved on it."""

    day: date
    principal_minor: int
    bonus_minor: int
    sold_minor: int
    spent_minor: int
    paid_back_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatMonth:
    """What a programme owed to its cards at the end of a month, and what moved in it."""

    month: date
    principal_minor: int
    bonus_minor: int
    sold_minor: int
    spent_minor: int
    paid_back_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatReport:
    """What an issuer reports of a programme: the float, and what has to be deposited for it."""

    programme_code: str
    party: str
    issuer_kind: IssuerKind
    currency: str
    since: datetime
    until: datetime
    sold_minor: int
    spent_minor: int
    paid_back_minor: int
    principal_minor: int
    reserve_percent: int
    reserve_minor: int
