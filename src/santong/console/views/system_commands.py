"""What an operator does with a system: connect, change, pause, resume, send now, take again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import command, page
from santong.console.views.systems import list_page, system_page
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.qimen import public as qimen

LONGEST_CODES: Final = 20_000
LONGEST_URL: Final = 500
LONGEST_VERSION: Final = 10**9


@page("qimen.edit", method="POST")
def connect(request: MerchantRequest) -> HttpResponse:
    """Make a contract with a system. A second tap is refused: the code is taken."""
    try:
        with transaction.atomic():
            made = qimen.create_contract(
                merchant_id=request.merchant_id, wanted=_wanted(request), now=datetime.now(UTC)
            )
    except DomainError as refused:
        return list_page(request, refused=refused)
    messages.success(request, _("The system is connected."))
    return HttpResponseRedirect(f"/console/systems/{made.id}/")


@page("qimen.edit", method="POST")
def change(request: MerchantRequest, contract_id: str) -> HttpResponse:
    """Change a contract that is still as it was shown."""
    system = _system(request, contract_id)

    def act() -> str:
        qimen.update_contract(
            merchant_id=request.merchant_id,
            contract_id=system.id,
            change=qimen.ContractChange(
                name=text_of(request, "name"),
                url=optional_text(request, "url", longest=LONGEST_URL),
                owner_code=optional_text(request, "owner_code"),
                warehouses=_warehouses(request),
                storefront_by_shop=_codes(request, "shops"),
                carrier_by_code=_codes(request, "carriers"),
                is_told_of_stock="is_told_of_stock" in request.POST,
            ),
            expected_version=whole_number(request, "version", least=1, most=LONGEST_VERSION),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The settings are in force."))
        return _back(system.id)

    return _command(request, system.id, act, "settings")


@page("qimen.edit", method="POST")
def pause(request: MerchantRequest, contract_id: str) -> HttpResponse:
    """Let nothing in or out, for a reason; what is to be sent waits."""
    system = _system(request, contract_id)

    def act() -> str:
        qimen.pause_contract(
            merchant_id=request.merchant_id,
            contract_id=system.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The system is paused. What is to be sent waits."))
        return _back(system.id)

    return _command(request, system.id, act, "pause")


@page("qimen.edit", method="POST")
def resume(request: MerchantRequest, contract_id: str) -> HttpResponse:
    """Let messages in and out again, for a reason."""
    system = _system(request, contract_id)

    def act() -> str:
        qimen.resume_contract(
            merchant_id=request.merchant_id,
            contract_id=system.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The system is spoken with again."))
        return _back(system.id)

    return _command(request, system.id, act, "resume")


@page("qimen.edit", method="POST")
def send_now(request: MerchantRequest, contract_id: str) -> HttpResponse:
    """Let what waits for its next try be sent now, for a reason."""
    system = _system(request, contract_id)

    def act() -> str:
        hurried = qimen.send_now(
            merchant_id=request.merchant_id,
            contract_id=system.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        told = ngettext("%(n)s message is sent now.", "%(n)s messages are sent now.", hurried)
        messages.success(request, told % {"n": hurried})
        return _back(system.id)

    return _command(request, system.id, act, "send_now")


@page("qimen.edit", method="POST")
def take_again(request: MerchantRequest, contract_id: str, message_id: str) -> HttpResponse:
    """Carry out a message that was refused or failed, as it came, for a reason."""
    system = _system(request, contract_id)

    def act() -> str:
        state = qimen.take_again(
            merchant_id=request.merchant_id,
            message_id=id_of(message_id, kind="qimen_message"),
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        if state == "refused":
            messages.error(request, _("The message was refused again; the log says why."))
        else:
            messages.success(request, _("The message is taken."))
        return _back(system.id)

    return _command(request, system.id, act, "take_again")


def _command(
    request: MerchantRequest, contract_id: int, act: Callable[[], str], failed: str
) -> HttpResponse:
    return command(
        request,
        act=act,
        again=lambda refused: system_page(request, contract_id, refused=refused, failed=failed),
    )


def _wanted(request: MerchantRequest) -> qimen.NewContract:
    side = choice_of(request, "side", among=qimen.SIDES)
    return qimen.NewContract(
        code=text_of(request, "code"),
        name=text_of(request, "name"),
        side="wms" if side == "wms" else "erp",
        app_key=text_of(request, "app_key"),
        customer_id=text_of(request, "customer_id"),
        url=optional_text(request, "url", longest=LONGEST_URL),
        owner_code=optional_text(request, "owner_code"),
        warehouses=_warehouses(request),
        storefront_by_shop=_codes(request, "shops"),
        carrier_by_code=_codes(request, "carriers"),
        is_told_of_stock="is_told_of_stock" in request.POST,
    )


def _warehouses(request: MerchantRequest) -> tuple[qimen.Warehouse, ...]:
    is_told = "is_told_of_orders" in request.POST
    return tuple(
        qimen.Warehouse(code=code, location_code=ours, is_told_of_orders=is_told)
        for code, ours in _codes(request, "warehouses").items()
    )


def _codes(request: MerchantRequest, name: str) -> dict[str, str]:
    """Lines of `theirs = ours`."""
    text = request.POST.get(name, "")
    found: dict[str, str] = {}
    for line in text[:LONGEST_CODES].splitlines():
        theirs, sign, ours = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not sign or not theirs or not ours or theirs in found:
            raise FieldInvalid(pointer=f"/{name}", reason="their code = our code, line by line")
        found[theirs] = ours
    return found


def _system(request: MerchantRequest, contract_id: str) -> qimen.Contract:
    return qimen.contract_by_id(
        merchant_id=request.merchant_id, contract_id=id_of(contract_id, kind="qimen_contract")
    )


def _back(contract_id: int) -> str:
    return f"/console/systems/{contract_id}/"
