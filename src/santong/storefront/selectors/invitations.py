"""What a link invites to."""

from __future__ import annotations

from dataclasses import dataclass

from santong.membership import public as membership
from santong.storefront.contracts import Wanted
from santong.storefront.rules.choosing import programme_for
from santong.stores import public as stores

_LONGEST_GUIDE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The programme to join, and the place at which the link was scanned."""

    programme: membership.Programme
    place: stores.Location | None
    guide: str

    @property
    def source(self) -> membership.JoinSource:
        """Who is credited with somebody who accepts."""
        if self.guide:
            kind: membership.JoinKind = "guide"
        else:
            kind = "scan" if self.place else "storefront"
        return membership.JoinSource(
            kind=kind,
            channel="storefront",
            location_code=self.place.code if self.place else "",
            guide_code=self.guide,
        )


def invitation_of(*, merchant_id: int, wanted: Wanted) -> Invitation | None:
    """What a link invites to; None where nobody can join anything.

    A store or a guide that the link only pretends to know is left out: the link may be old.
    """
    place = _place(merchant_id, wanted.store)
    programme = programme_for(
        offered=membership.programmes(merchant_id=merchant_id),
        code=wanted.programme,
        brand_id=place.brand_id if place else None,
    )
    if programme is None:
        return None
    guide = wanted.guide.strip()
    is_sound = guide.isprintable() and len(guide) <= _LONGEST_GUIDE
    return Invitation(programme=programme, place=place, guide=guide if is_sound else "")


def _place(merchant_id: int, code: str) -> stores.Location | None:
    if not code or not code.isprintable():
        return None
    return stores.locations_by_code(merchant_id=merchant_id, codes=[code]).get(code)
