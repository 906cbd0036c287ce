from __future__ import annotations

from collections.abc import Sequence

from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import LocationOwner
from santong.merchants.selectors.tokens import forget_tokens


@all_or_nothing
def record_location_owners(*, merchant_id: int, owners: Sequence[contracts.LocationOwner]) -> None:
    """Say whose places are whose, so that a brand's or dealer's grant covers them; no audit entry.

    The stores context calls it in the transaction in which a place is opened or changes hands. A
    place that is not told belongs to nobody: only grants for all, or for itself, reach it.
    """
    LocationOwner.objects.bulk_create(
        [
            LocationOwner(
                merchant_id=merchant_id,
                location_id=owner.location_id,
                brand_id=owner.brand_id,
                dealer_id=owner.dealer_id,
            )
            for owner in owners
        ],
        update_conflicts=True,
        unique_fields=["merchant_id", "location_id"],
        update_fields=["brand_id", "dealer_id"],
    )
    forget_tokens()
