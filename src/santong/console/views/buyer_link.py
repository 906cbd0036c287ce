"""The link that a buyer is given: its address, its picture, and where it is renewed."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from santong.kernel.http.auth import MerchantRequest
from santong.stagedsales import public as stagedsales


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerLink:
    """What the card of a buyer's link shows; without an address it offers to give one."""

    address: str
    drawn: stagedsales.Drawing | None
    renew: str


def buyer_link(request: MerchantRequest, path: str, *, renew: str, thing_id: int) -> BuyerLink:
    """The card of a link that opens a path; `renew` names where another one is asked for."""
    where = reverse(renew, args=[thing_id])
    if not path:
        return BuyerLink(address="", drawn=None, renew=where)
    address = request.build_absolute_uri(path)
    return BuyerLink(address=address, drawn=stagedsales.qr(text=address), renew=where)
