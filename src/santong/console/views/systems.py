"""ERPs and WMSs that speak Qimen with us: how they fare, what waits, what was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse

from santong.console.views.frame import page, sentence_of, shown
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.qimen import public as qimen

SHOWN: Final = 30
WINDOW: Final = timedelta(hours=24)


@page("qimen.view")
def system_list(request: MerchantRequest) -> HttpResponse:
    """Every system with its breaker, its queue and how its messages fared."""
    return list_page(request)


def list_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """Every system; with a refusal beside the form for a new one."""
    values = {
        "systems": qimen.contracts_of(merchant_id=request.merchant_id),
        "states": qimen.system_states(
            merchant_id=request.merchant_id, since=datetime.now(UTC) - WINDOW
        ),
        "sides": qimen.SIDES,
        "may_edit": "qimen.edit" in request.actor.permissions,
        **_refusal(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "systems", values, section="systems", status=status)


@page("qimen.view")
def system_detail(request: MerchantRequest, contract_id: str) -> HttpResponse:
    """One system: what it calls our things, what waits for it, what was said."""
    return system_page(request, id_of(contract_id, kind="qimen_contract"))


def system_page(
    request: MerchantRequest,
    contract_id: int,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one system; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    system = qimen.contract_by_id(merchant_id=merchant_id, contract_id=contract_id)
    states = qimen.system_states(merchant_id=merchant_id, since=datetime.now(UTC) - WINDOW)
    said = qimen.messages_of(
        merchant_id=merchant_id,
        contract_id=contract_id,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values: dict[str, Any] = {
        "system": system,
        "line": states[contract_id],
        "waiting": qimen.waiting_of(merchant_id=merchant_id, contract_id=contract_id, limit=SHOWN),
        "said": said[:SHOWN],
        "next": (
            urlencode({"cursor": cursor_after(said[SHOWN - 1].id)}) if len(said) > SHOWN else ""
        ),
        "codes": written_codes(system),
        "sides": qimen.SIDES,
        "may_edit": "qimen.edit" in request.actor.permissions,
        "failed": failed,
        **_refusal(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "system", values, section="systems", status=status)


def written_codes(system: qimen.Contract) -> dict[str, str]:
    """The code maps of a system as its form shows them: a line for each."""
    return {
        "warehouses": "\n".join(
            f"{each.code} = {each.location_code}" for each in system.warehouses
        ),
        "shops": "\n".join(f"{a} = {b}" for a, b in system.storefront_by_shop.items()),
        "carriers": "\n".join(f"{a} = {b}" for a, b in system.carrier_by_code.items()),
        "is_told": "yes" if any(each.is_told_of_orders for each in system.warehouses) else "",
    }


def _refusal(request: MerchantRequest, refused: DomainError | None) -> dict[str, Any]:
    return {
        "refusal": sentence_of(refused) if refused else "",
        "wrong": refused.pointer.strip("/") if isinstance(refused, FieldInvalid) else "",
        "sent": request.POST,
    }
