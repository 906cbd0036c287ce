"""Where buying agents, and the buyers behind them, come in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from santong.agents.views import catalogue, checkout, pages, profile


def _nothing(request: HttpRequest, merchant: str, storefront: str) -> HttpResponse:  # noqa: ARG001  as Django calls it
    """A shop's endpoint has no page of its own; the profile says what answers below it."""
    return HttpResponse(status=404)


_shop = [
    path("", _nothing, name="endpoint"),
    path(".well-known/ucp", profile.profile, name="profile"),
    path("catalog/search", catalogue.search, name="search"),
    path("catalog/lookup", catalogue.lookup, name="lookup"),
    path("catalog/product", catalogue.product, name="product"),
    path("checkout-sessions", checkout.create, name="create"),
    path("checkout-sessions/<str:session>", checkout.one, name="session"),
    path("checkout-sessions/<str:session>/complete", checkout.complete, name="complete"),
    path("checkout-sessions/<str:session>/cancel", checkout.cancel, name="cancel"),
]
_page = [
    path("<token>/", pages.checkout_page, name="page"),
    path("<token>/pay/", pages.pay, name="pay"),
]

urlpatterns = [
    path("ucp/<str:merchant>/<str:storefront>/", include((_shop, "ucp"))),
    path("u/", include((_page, "agents"))),
    path(".well-known/ucp", profile.only_profile, name="ucp-profile"),
]
