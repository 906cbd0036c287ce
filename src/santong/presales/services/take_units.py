"""Take units of an offer, never more than there are; and give them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from santong.presales.errors import NotOnOffer, SoldOut, TooManyUnits
from santong.presales.models import Offer, Presale

# The offer's row waits for whoever is faster, and asks the limit again of what he left behind. The
# buyer's row is written only where the offer had room. Who sees less than both takes nothing: the
# refusal rolls everything back.
_TAKE = """
WITH room AS (
  UPDATE presales_offer SET taken_units = taken_units + %(units)s
  WHERE merchant_id = %(merchant)s AND id = %(offer)s AND state = 'live'
    AND deposit_from <= %(now)s AND %(now)s < deposit_until
    AND taken_units + %(units)s <= limit_units
  RETURNING id, most_per_buyer
), mine AS (
  INSERT INTO presales_offerbuyer AS b (merchant_id, offer_id, buyer_index, taken_units)
  SELECT %(merchant)s, id, %(buyer)s, %(units)s FROM room WHERE %(units)s <= most_per_buyer
  ON CONFLICT (merchant_id, offer_id, buyer_index) DO UPDATE
    SET taken_units = b.taken_units + %(units)s
    WHERE b.taken_units + %(units)s <= (SELECT most_per_buyer FROM room)
  RETURNING id
)
SELECT (SELECT count(*) FROM room), (SELECT count(*) FROM mine)
"""
_GIVE_BACK = """
WITH freed AS (
  UPDATE presales_offer SET taken_units = taken_units - %(units)s
  WHERE merchant_id = %(merchant)s AND id = %(offer)s
  RETURNING id
)
UPDATE presales_offerbuyer b SET taken_units = b.taken_units - %(units)s
FROM freed WHERE b.merchant_id = %(merchant)s AND b.offer_id = freed.id
  AND b.buyer_index = %(buyer)s
"""


def take_units(
    *, merchant_id: int, offer_id: int, buyer_index: bytes, units: int, now: datetime
) -> None:
    """Take units for a buyer, if the offer is open, has them, and the buyer may have them.

    One statement asks and takes. Raises NotOnOffer, SoldOut, TooManyUnits: the caller's
    transaction must end with it. Locks the offer, then the buyer's count.
    """
    values: dict[str, Any] = {
        "merchant": merchant_id,
        "offer": offer_id,
        "buyer": buyer_index,
        "units": units,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        found = cursor.fetchone()
    assert found is not None, "a count is always there"
    has_room, is_mine = found
    if not has_room:
        raise _why_not(merchant_id, offer_id, now)
    if not is_mine:
        most = Offer.objects.of_merchant(merchant_id).get(id=offer_id).most_per_buyer
        raise TooManyUnits(most_per_buyer=most)


def give_units_back(*, row: Presale) -> None:
    """Let others have the units of a locked presale order. Locks the offer, then the count."""
    values: dict[str, Any] = {
        "merchant": row.merchant_id,
        "offer": row.offer_id,
        "buyer": bytes(row.buyer_index),
        "units": row.units,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, values)


def _why_not(merchant_id: int, offer_id: int, now: datetime) -> NotOnOffer | SoldOut:
    offer = Offer.objects.of_merchant(merchant_id).get(id=offer_id)
    if offer.state == "live" and offer.deposit_from <= now < offer.deposit_until:
        return SoldOut(left_units=offer.limit_units - offer.taken_units)
    return NotOnOffer(offer_id=str(offer_id))
