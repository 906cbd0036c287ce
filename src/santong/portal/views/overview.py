"""What can be connected, for everybody; and where somebody's own apps stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from santong.kernel.http.auth import MerchantRequest
from santong.openplatform import public as openplatform
from santong.portal.rules.menu import VIEW
from santong.portal.views.frame import open_page, page, shown
from santong.topgateway import public as topgateway


@dataclass(frozen=True, slots=True)
class PackOffer:
    """A function pack as a developer chooses it: in words, with its methods."""

    pack: openplatform.Pack
    name: str
    meaning: str
    methods: tuple[topgateway.MethodDescription, ...]


def pack_offers() -> list[PackOffer]:
    """Every function pack with the methods of the router that it opens."""
    methods_by_pack: dict[str, list[topgateway.MethodDescription]] = {}
    for method in topgateway.described_methods():
        methods_by_pack.setdefault(method.pack, []).append(method)
    return [
        PackOffer(
            openplatform.PACKS[line.code],
            line.name,
            line.meaning,
            tuple(methods_by_pack.get(line.code, ())),
        )
        for line in openplatform.pack_lines(packs=openplatform.PACKS)
    ]


@open_page()
def landing(request: HttpRequest) -> HttpResponse:
    """What can be connected, in which packs, and how to begin."""
    return shown(request, "landing", {"offers": pack_offers()}, section="portal_landing")


@page(VIEW)
def home(request: MerchantRequest) -> HttpResponse:
    """Somebody's apps and what they wait for."""
    return shown(request, "home", _standing(request.merchant_id), section="portal_home")


def _standing(merchant_id: int) -> Mapping[str, Any]:
    apps = openplatform.registered_apps(merchant_id=merchant_id)
    return {
        "apps": [(app, _missing(merchant_id, app)) for app in apps],
        "is_sandbox": openplatform.is_sandbox(merchant_id=merchant_id),
        "authorised": sum(
            each.revoked_at is None for each in openplatform.authorisations(merchant_id=merchant_id)
        ),
    }


def _missing(merchant_id: int, app: openplatform.RegisteredApp) -> int:
    """How many lines of the list before going live are open; none of an app that went."""
    if app.went_live_at is not None:
        return 0
    checks = openplatform.checks_of_app(merchant_id=merchant_id, app_key=app.app_key)
    return sum(each.is_required and not each.is_met for each in checks)
