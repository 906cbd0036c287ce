"""A form of a page takes effect once, however often its button is tapped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect

from santong.kernel import idempotency
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.body import digest_of


def command(
    request: MerchantRequest, *, act: Callable[[], str], again: Callable[[DomainError], Any]
) -> HttpResponse:
    """Let a form take effect once, and go where `act` says; refused, show the page again.

    The form's key is the command's name: a second tap on the same button is sent where the first
    one went. What was refused leaves nothing behind, not even the key.
    """
    try:
        with transaction.atomic():
            return HttpResponseRedirect(_once(request, act))
    except DomainError as refused:
        response: HttpResponse = again(refused)
        return response


def plain_command(
    request: MerchantRequest,
    *,
    write: Callable[[], object],
    said: str,
    where: str,
    again: Callable[[DomainError], Any],
) -> HttpResponse:
    """A command that is one write, has one thing to say when it is done, and one page to go to."""

    def act() -> str:
        write()
        messages.success(request, said)
        return where

    return command(request, act=act, again=again)


def _once(request: MerchantRequest, act: Callable[[], str]) -> str:
    sent = sorted(
        (name, text)
        for name, texts in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for text in texts
    )
    sent += sorted(
        (name, digest_of(file).hex()) for name, files in request.FILES.lists() for file in files
    )
    hashed = idempotency.request_hash(
        f"{request.actor.kind}:{request.actor.id}".encode(),
        request.path.encode(),
        urlencode(sent, errors="surrogatepass").encode(),
    )
    key = f"console:{request.POST.get('key', '')[:80]}"
    first = idempotency.first_answer(merchant_id=request.merchant_id, key=key, hashed=hashed)
    if first is not None:
        return first.body.decode()
    where = act()
    idempotency.remember(
        merchant_id=request.merchant_id,
        key=key,
        hashed=hashed,
        answer=idempotency.Answer(HTTPStatus.FOUND, where.encode(), "text/uri-list"),
        now=datetime.now(UTC),
    )
    return where
