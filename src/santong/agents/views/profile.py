"""Where platforms begin: the profile of a shop."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from santong.agents.errors import NoAgentShop
from santong.agents.rules.ucp.negotiation import profile_document
from santong.agents.selectors.shops import open_shop, shops
from santong.agents.views.answers import refusal_answer
from santong.agents.views.frame import in_scope
from santong.kernel import cells
from santong.kernel.errors import DomainError

KEPT_SECONDS: Final = 300


@require_safe
def profile(request: HttpRequest, merchant: str, storefront: str) -> HttpResponse:
    """What a storefront can do for buying agents."""
    try:
        merchant_id = cells.merchant_by_code(merchant).merchant_id

        def work() -> HttpResponse:
            shop = open_shop(merchant_id=merchant_id, storefront_code=storefront)
            return _shown(request, merchant, shop.storefront_code)

        return in_scope(request, merchant_id, work)
    except (cells.UnknownMerchant, DomainError) as refused:
        return refusal_answer(refused)


@require_safe
def only_profile(request: HttpRequest) -> HttpResponse:
    """The same at the root, where one storefront of one merchant is all that sells to agents."""
    try:
        entry = cells.only_merchant()
        if entry is None:
            raise NoAgentShop(storefront_code="")

        def work() -> HttpResponse:
            found = [each for each in shops(merchant_id=entry.merchant_id) if each.is_open]
            if len(found) != 1:
                raise NoAgentShop(storefront_code="")
            return _shown(request, entry.code, found[0].storefront_code)

        return in_scope(request, entry.merchant_id, work)
    except (cells.UnknownMerchant, DomainError) as refused:
        return refusal_answer(refused)


def _shown(request: HttpRequest, merchant: str, storefront: str) -> HttpResponse:
    endpoint = reverse("ucp:endpoint", args=[merchant, storefront]).rstrip("/")
    document = profile_document(endpoint=request.build_absolute_uri(endpoint))
    response = JsonResponse(document)
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
