"""What membership refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotAllowed, NotFound


@dataclass
class CodeTaken(Conflict):
    """A pool or a programme has this code already, or the brand has a programme."""

    code: ClassVar[str] = "membership.code_taken"
    kind: str
    taken: str


@dataclass
class ProgrammeClosed(Conflict):
    """The programme takes nobody at present."""

    code: ClassVar[str] = "membership.programme_closed"
    programme_code: str


@dataclass
class CardTaken(Conflict):
    """Another card of the programme has this number."""

    code: ClassVar[str] = "membership.card_taken"
    programme_code: str
    number: str


@dataclass
class NotAMember(NotFound):
    """Nobody in the programme is recognised by what was given."""

    code: ClassVar[str] = "membership.not_a_member"
    programme_code: str


@dataclass
class SeveralMembers(Conflict):
    """More than one member is recognised by what was given."""

    code: ClassVar[str] = "membership.several_members"
    member_ids: tuple[str, ...]


@dataclass
class IdentityBound(Conflict):
    """The account is bound to another member."""

    code: ClassVar[str] = "membership.identity_bound"
    storefront_code: str


@dataclass
class AlreadyBound(Conflict):
    """The member shows under another account of this storefront."""

    code: ClassVar[str] = "membership.already_bound"
    storefront_code: str


@dataclass
class MemberEnded(Conflict):
    """The member has left, or was merged into another."""

    code: ClassVar[str] = "membership.member_ended"
    member_id: str
    state: str


@dataclass
class NothingPromised(Conflict):
    """The programme has published no terms yet."""

    code: ClassVar[str] = "membership.nothing_promised"
    programme_id: int


@dataclass
class AuthorisationEnded(Conflict):
    """What has ended is not changed any more: a new authorisation is given."""

    code: ClassVar[str] = "membership.authorisation_ended"
    authorisation_id: str


@dataclass
class CardUnreadable(Invalid):
    """Text and ground of a card are too alike; WCAG 2.2 asks for 4.5 to 1."""

    code: ClassVar[str] = "membership.card_unreadable"
    contrast_hundredths: int
    least_hundredths: int


@dataclass
class CardMissing(Conflict):
    """The member has no card of the programme that could earn or spend points."""

    code: ClassVar[str] = "membership.card_missing"
    member_id: int
    programme_code: str


@dataclass
class TierInUse(Conflict):
    """Cards have a tier that the new terms no longer know."""

    code: ClassVar[str] = "membership.tier_in_use"
    tier: str


@dataclass
class PointsKeyTaken(Conflict):
    """The same source and key came before with other content."""

    code: ClassVar[str] = "membership.points_key_taken"
    source: str
    key: str


@dataclass
class NotAuthorised(NotAllowed):
    """The brand whose members these are has not let the other brand do this."""

    code: ClassVar[str] = "membership.not_authorised"
    by_brand_id: int
    to_brand_id: int
    what: str


@dataclass
class AuthorisationStands(Conflict):
    """One brand has let another do something already, and that has not ended."""

    code: ClassVar[str] = "membership.authorisation_stands"
    by_brand_id: int
    to_brand_id: int


@dataclass
class TooFewPoints(Conflict):
    """The member has fewer points than that."""

    code: ClassVar[str] = "membership.too_few_points"
    wanted: int
    available: int


@dataclass
class BurnEnded(Conflict):
    """These points are burned, released or expired already."""

    code: ClassVar[str] = "membership.burn_ended"
    state: str


@dataclass
class MoreThanBurned(Conflict):
    """More points would come back than were burned."""

    code: ClassVar[str] = "membership.more_than_burned"
    wanted: int
    left: int


@dataclass
class MoreThanBought(Conflict):
    """More would come back of a line than was bought and is not back yet."""

    code: ClassVar[str] = "membership.more_than_bought"
    line: int
    wanted: int
    left: int


@dataclass
class TransferLimit(LimitExceeded):
    """The member may not hand on so many points in a day."""

    code: ClassVar[str] = "membership.transfer_limit"
    per_day_max: int
    left: int


@dataclass
class RequestDecided(Conflict):
    """Somebody has decided it already."""

    code: ClassVar[str] = "membership.request_decided"
    state: str


@dataclass
class OwnRequest(NotAllowed):
    """Nobody approves what they have asked for themselves."""

    code: ClassVar[str] = "membership.own_request"
    requested_by: str


@dataclass
class MonthOpen(Conflict):
    """The month, and the day after it, are not over yet."""

    code: ClassVar[str] = "membership.month_open"
    month: str


@dataclass
class TierGranted(Conflict):
    """A tier was granted by hand and has not ended."""

    code: ClassVar[str] = "membership.tier_granted"
    tier: str
