"""What an operator enters of a line: its other side, its key, and what it may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.connections import connection_page, list_page
from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import command, page
from santong.gateway import public as gateway
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.kernel.signing import SIGN_METHODS

LONGEST_URL: Final = 500
LONGEST_VERSION: Final = 10**9
WAIT_LEAST_MS: Final = 100
WAIT_MOST_MS: Final = 30_000


@page("connections.edit", method="POST")
def open_line(request: MerchantRequest) -> HttpResponse:
    """Set up a line, and show its secret in the answer itself: it is shown nowhere else.

    A second tap is refused: the code is taken.
    """
    try:
        with transaction.atomic():
            made, secret = gateway.create_connection(
                merchant_id=request.merchant_id, wanted=_wanted(request), now=datetime.now(UTC)
            )
    except DomainError as refused:
        return list_page(request, refused=refused)
    return connection_page(request, made.id, new_secret=secret)


@page("connections.edit", method="POST")
def change(request: MerchantRequest, connection_id: str) -> HttpResponse:
    """Change a line that is still as it was shown; a secret that is left empty stays."""
    connection = gateway.connection_by_id(
        merchant_id=request.merchant_id,
        connection_id=id_of(connection_id, kind="connection"),
        now=datetime.now(UTC),
    )

    def act() -> str:
        gateway.update_connection(
            merchant_id=request.merchant_id,
            connection_id=connection.id,
            change=_changed(request, connection),
            expected_version=whole_number(request, "version", least=1, most=LONGEST_VERSION),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The settings are in force."))
        return f"/console/connections/{connection.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: connection_page(
            request, connection.id, refused=refused, failed="settings"
        ),
    )


def _wanted(request: MerchantRequest) -> gateway.NewConnection:
    kinds, methods = gateway.CONNECTION_KINDS, SIGN_METHODS
    kind = kinds[kinds.index(choice_of(request, "kind", among=kinds))]
    return gateway.NewConnection(
        code=text_of(request, "code"),
        name=text_of(request, "name"),
        kind=kind,
        app_key=text_of(request, "app_key"),
        storefront_code=optional_text(request, "storefront_code") if kind != "crm" else "",
        programme_code=optional_text(request, "programme_code") if kind == "crm" else "",
        behind_code=optional_text(request, "behind_code") if kind != "crm" else "",
        url=optional_text(request, "url", longest=LONGEST_URL),
        sign_method=methods[methods.index(choice_of(request, "sign_method", among=methods))],
        secret=optional_text(request, "secret"),
        session=optional_text(request, "session"),
        mix_key=optional_text(request, "mix_key"),
        is_bind_query_allowed=_ticked(request, "is_bind_query_allowed"),
        is_registration_open=_ticked(request, "is_registration_open"),
        is_plain_registration_allowed=_ticked(request, "is_plain_registration_allowed"),
        answers_within_ms=_wait(request),
    )


def _changed(request: MerchantRequest, connection: gateway.Connection) -> gateway.ConnectionChange:
    methods = SIGN_METHODS
    is_marketplace = connection.kind == "marketplace"
    return gateway.ConnectionChange(
        name=text_of(request, "name"),
        behind_code=optional_text(request, "behind_code") if is_marketplace else None,
        url=optional_text(request, "url", longest=LONGEST_URL),
        sign_method=methods[methods.index(choice_of(request, "sign_method", among=methods))],
        session=optional_text(request, "session") or None,
        mix_key=optional_text(request, "mix_key") or None,
        is_bind_query_allowed=_ticked(request, "is_bind_query_allowed"),
        is_registration_open=_ticked(request, "is_registration_open"),
        is_plain_registration_allowed=_ticked(request, "is_plain_registration_allowed"),
        answers_within_ms=_wait(request),
    )


def _ticked(request: MerchantRequest, name: str) -> bool:
    return bool(request.POST.get(name))


def _wait(request: MerchantRequest) -> int:
    return whole_number(request, "answers_within_ms", least=WAIT_LEAST_MS, most=WAIT_MOST_MS)
