from __future__ import annotations

from santong.kernel.http import MerchantRequest
from santong.kernel.http.auth import recognised
from santong.merchants.api.routes import router
from santong.merchants.api.schemas import MeOut
from santong.merchants.selectors.parts import merchant


@router.get("/me", response=MeOut, auth=recognised)
def me(request: MerchantRequest) -> MeOut:
    """Who the credential belongs to, and what it may do."""
    actor = request.actor
    home = merchant(merchant_id=request.merchant_id)
    places = actor.location_ids
    return MeOut(
        merchant_id=str(home.id),
        merchant_code=home.code,
        merchant_name=home.name,
        kind=actor.kind,
        id=actor.id,
        name=actor.name,
        permissions=sorted(actor.permissions),
        location_ids=None if places is None else [str(place) for place in sorted(places)],
    )
