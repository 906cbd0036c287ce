"""What an operator does with a line: pause, resume, give it a new secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from santong.console.views.connections import OLDER_LIVES, connection_page
from santong.console.views.fields import choice_of, text_of
from santong.console.views.frame import command, page
from santong.gateway import public as gateway
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of


@page("connections.edit", method="POST")
def pause(request: MerchantRequest, connection_id: str) -> HttpResponse:
    """Let nothing over a line, for a reason; what is to be sent waits."""
    connection = _connection(request, connection_id)

    def act() -> str:
        gateway.pause_connection(
            merchant_id=request.merchant_id,
            connection_id=connection.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The connection is paused. What is to be sent waits."))
        return _back(connection.id)

    return command(
        request,
        act=act,
        again=lambda refused: connection_page(
            request, connection.id, refused=refused, failed="pause"
        ),
    )


@page("connections.edit", method="POST")
def resume(request: MerchantRequest, connection_id: str) -> HttpResponse:
    """Let calls over a line again, for a reason."""
    connection = _connection(request, connection_id)

    def act() -> str:
        gateway.resume_connection(
            merchant_id=request.merchant_id,
            connection_id=connection.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The connection works again."))
        return _back(connection.id)

    return command(
        request,
        act=act,
        again=lambda refused: connection_page(
            request, connection.id, refused=refused, failed="resume"
        ),
    )


@page("connections.edit", method="POST")
def send_now(request: MerchantRequest, connection_id: str) -> HttpResponse:
    """Let what waits for its next try be sent now, for a reason."""
    connection = _connection(request, connection_id)

    def act() -> str:
        hurried = gateway.send_now(
            merchant_id=request.merchant_id,
            connection_id=connection.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(
            request,
            ngettext(
                "%(hurried)s delivery is tried again now.",
                "%(hurried)s deliveries are tried again now.",
                hurried,
            )
            % {"hurried": hurried},
        )
        return _back(connection.id)

    return command(
        request,
        act=act,
        again=lambda refused: connection_page(
            request, connection.id, refused=refused, failed="send_now"
        ),
    )


@page("connections.edit", method="POST")
def rotate(request: MerchantRequest, connection_id: str) -> HttpResponse:
    """Give a line a new secret, and show it in the answer itself: it is shown nowhere else.

    A second tap is refused while the secret before is still good.
    """
    connection = _connection(request, connection_id)
    try:
        with transaction.atomic():
            lives = choice_of(request, "older_lives", among=[str(each) for each in OLDER_LIVES])
            made = gateway.rotate_secret(
                merchant_id=request.merchant_id,
                connection_id=connection.id,
                secret="",
                older_lives=timedelta(minutes=int(lives)),
                reason=text_of(request, "reason"),
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return connection_page(request, connection.id, refused=refused, failed="rotate")
    return connection_page(request, connection.id, new_secret=made)


def _connection(request: MerchantRequest, connection_id: str) -> gateway.Connection:
    return gateway.connection_by_id(
        merchant_id=request.merchant_id,
        connection_id=id_of(connection_id, kind="connection"),
        now=datetime.now(UTC),
    )


def _back(connection_id: int) -> str:
    return f"/console/connections/{connection_id}/"
