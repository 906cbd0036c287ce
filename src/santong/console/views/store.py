"""A store's queue on a phone: accept, pick, pack, hand over."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from santong.catalog import public as catalog
from santong.console.views.frame import command, page, sentence_of, shown
from santong.console.views.steps import READY, STEPS, TOLD, Step, make_ready
from santong.fulfilment import public as fulfilment
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.stores import public as stores

LONGEST_SEARCH = 60
PLACES_SHOWN = 50
GROUPS = (
    ("offered", ("offered",)),
    ("to_pick", ("accepted", "picking")),
    ("to_send", ("packed",)),
    ("to_collect", ("ready_for_pickup",)),
)


@page("fulfilment.work")
def choose(request: MerchantRequest) -> HttpResponse:
    """Which store's queue; whoever works in one place goes there at once."""
    own = request.actor.location_ids
    if own is not None and len(own) == 1:
        (only,) = own
        return HttpResponseRedirect(f"/console/store/{only}/")
    search = request.GET.get("search", "").strip()[:LONGEST_SEARCH]
    places = stores.locations_page(
        merchant_id=request.merchant_id,
        search=search,
        location_ids=own,
        limit=PLACES_SHOWN,
    )
    return shown(request, "store_choose", {"places": places, "search": search}, section="store")


@page("fulfilment.work")
def queue(request: MerchantRequest, location_id: str) -> HttpResponse:
    """What the place has to do, the oldest first."""
    return queue_page(request, location_id)


@page("fulfilment.work", method="POST")
def take_step(request: MerchantRequest, location_id: str, work_id: str, step: str) -> HttpResponse:
    """Take the next step with one piece of work."""
    place = _own(request, location_id)
    number = id_of(work_id, kind="fulfilment order")
    if step not in STEPS and step != READY:
        raise NoSuch(kind="step", key=step[:40])
    asked = Step(
        merchant_id=request.merchant_id,
        place_id=place.id,
        work_id=number,
        form=request.POST,
        now=datetime.now(UTC),
    )
    if step == READY:
        return _show_code(request, location_id, asked)

    def act() -> str:
        problem = STEPS[step](asked)
        told = f"?work={number}&told={problem}" if problem else f"?done={step}"
        return f"/console/store/{place.id}/{told}"

    return command(
        request,
        act=act,
        again=lambda refused: queue_page(
            request, location_id, refused=refused, failed=number, failed_step=step
        ),
    )


def queue_page(
    request: MerchantRequest,
    location_id: str,
    *,
    refused: DomainError | None = None,
    failed: int = 0,
    failed_step: str = "",
    ready: fulfilment.Ready | None = None,
) -> HttpResponse:
    """The queue; with a refusal beside the work that was refused, and what was typed kept."""
    place = _own(request, location_id)
    work = fulfilment.queue_of(merchant_id=request.merchant_id, location_ids=[place.id])
    told = request.GET.get("told", "")
    values: dict[str, Any] = {
        "place": place,
        "groups": [
            (name, [each for each in work if each.state in states]) for name, states in GROUPS
        ],
        "work": work,
        "order_by_id": orders.orders_by_id(
            merchant_id=request.merchant_id, order_ids=[each.order_id for each in work]
        ),
        "sku_by_id": catalog.skus_by_id(
            merchant_id=request.merchant_id,
            sku_ids=[line.sku_id for each in work for line in each.lines],
        ),
        "decline_reasons": fulfilment.DECLINE_REASONS,
        "failed": failed or _number(request.GET.get("work", "")),
        "failed_step": failed_step or ("collect" if told in TOLD else ""),
        "refusal": sentence_of(refused) if refused else gettext(told) if told in TOLD else "",
        "done": request.GET.get("done", "") if request.GET.get("done") in STEPS else "",
        "ready": ready,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "store", values, section="store", status=status)


def _show_code(request: MerchantRequest, location_id: str, asked: Step) -> HttpResponse:
    """Show the buyer's code in the answer itself: it is kept nowhere.

    A second tap makes a new one that takes the first one's place.
    """
    try:
        ready = make_ready(asked)
    except DomainError as refused:
        return queue_page(
            request, location_id, refused=refused, failed=asked.work_id, failed_step="ready"
        )
    return queue_page(request, location_id, ready=ready)


def _own(request: MerchantRequest, location_id: str) -> stores.Location:
    """The place, if this person works there. Raises NoSuch."""
    wanted = id_of(location_id, kind="location")
    places = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[wanted])
    if wanted not in places or not request.actor.may_at(wanted):
        raise NoSuch(kind="location", key=location_id)
    return places[wanted]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("9" * 18) else 0
