"""Checkout sessions for buying agents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from santong.agents import contracts
from santong.agents.documents.requests import CheckoutIn, read
from santong.agents.rules.ucp.negotiation import CHECKOUT
from santong.agents.selectors.sessions import row_id_of
from santong.agents.selectors.shown import shown_session
from santong.agents.services.complete_session import complete_session
from santong.agents.services.keep_session import cancel_session, create_session, update_session
from santong.agents.views.answers import Answer
from santong.agents.views.frame import Call, operation


@operation(CHECKOUT, "POST", writes=True)
def create(call: Call) -> Answer:
    """Begin a checkout; nothing is kept for it until it is completed."""
    session = create_session(
        merchant_id=call.merchant_id,
        shop=call.shop,
        platform=call.platform,
        asked=read(call.request.body, CheckoutIn).asked(),
        now=call.now,
    )
    return _shown(call, session.id, status=HTTPStatus.CREATED)


@operation(CHECKOUT, "GET")
def get(call: Call, session: str) -> Answer:
    """How it stands now."""
    return _shown(call, row_id_of(merchant_id=call.merchant_id, session_id=session))


@operation(CHECKOUT, "PUT", writes=True)
def update(call: Call, session: str) -> Answer:
    """What is wanted now, in place of all that was."""
    row_id = row_id_of(merchant_id=call.merchant_id, session_id=session)
    update_session(
        merchant_id=call.merchant_id,
        shop=call.shop,
        platform=call.platform,
        row_id=row_id,
        asked=read(call.request.body, CheckoutIn).asked(),
        now=call.now,
    )
    return _shown(call, row_id)


@operation(CHECKOUT, "POST", writes=True)
def complete(call: Call, session: str) -> Answer:
    """Place the order; its buyer pays on our page."""
    row_id = row_id_of(merchant_id=call.merchant_id, session_id=session)
    standing = complete_session(
        merchant_id=call.merchant_id,
        shop=call.shop,
        platform=call.platform,
        row_id=row_id,
        now=call.now,
    )
    return _shown(call, row_id, standing=standing)


@operation(CHECKOUT, "POST", writes=True)
def cancel(call: Call, session: str) -> Answer:
    """Give it up, and its order with it."""
    row_id = row_id_of(merchant_id=call.merchant_id, session_id=session)
    cancel_session(
        merchant_id=call.merchant_id,
        shop=call.shop,
        platform=call.platform,
        row_id=row_id,
        now=call.now,
    )
    return _shown(call, row_id)


def one(request: HttpRequest, **named: Any) -> HttpResponse:
    """A session's own address: read, or said anew."""
    response: HttpResponse = (update if request.method == "PUT" else get)(request, **named)
    return response


one.csrf_exempt = True  # type: ignore[attr-defined]  # as Django's decorator marks it


def _shown(
    call: Call,
    row_id: int,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    standing: contracts.Standing | None = None,
) -> Answer:
    document = shown_session(
        merchant_id=call.merchant_id,
        shop=call.shop,
        platform=call.platform,
        row_id=row_id,
        capabilities=call.agreed.for_operation(CHECKOUT),
        address=call.address,
        now=call.now,
        standing=standing,
    )
    return Answer(document, status)
