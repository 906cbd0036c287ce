"""What buyers were told, and what did not leave."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.frame import command, page, shown
from santong.console.views.lists import SHOWN, asked_word, next_page
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.storefront import public as storefront


@page("notices.view")
def notice_list(request: MerchantRequest) -> HttpResponse:
    """Notices to buyers, the newest first; by state, those that wait for a person."""
    state = asked_word(request, "state", among=storefront.NOTICE_STATES)
    found = storefront.notices_page(
        merchant_id=request.merchant_id,
        states=(state,) if state else (),  # type: ignore[arg-type]  # one of the words of the type
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values = {
        "notices": found[:SHOWN],
        "failed": storefront.count_failed(merchant_id=request.merchant_id),
        "states": storefront.NOTICE_STATES,
        "state": state,
        "next": next_page(found, state=state),
        "may_handle": "notices.handle" in request.actor.permissions,
    }
    return shown(request, "notices", values, section="notices")


@page("notices.handle", method="POST")
def settle(request: MerchantRequest, notice_id: str, what: str) -> HttpResponse:
    """Send a notice that did not leave once more, or let it be."""
    number = id_of(notice_id, kind="notice")
    if what not in {"again", "drop"}:
        raise NoSuch(kind="step", key=what[:40])

    def act() -> str:
        now = datetime.now(UTC)
        if what == "again":
            storefront.send_notice_again(merchant_id=request.merchant_id, notice_id=number, now=now)
            messages.success(request, _("The notice will be sent again."))
        else:
            storefront.drop_notice(merchant_id=request.merchant_id, notice_id=number, now=now)
            messages.success(request, _("The notice is let be."))
        return "/console/notices/"

    def again(refused: DomainError) -> HttpResponse:
        raise refused

    return command(request, act=act, again=again)
