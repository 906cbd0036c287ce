"""What an operator does with webhooks and with alarms by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, text_of, whole_number
from santong.console.views.frame import command, page
from santong.console.views.webhooks import OLDER_LIVES, centre_page, webhook_page
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.messaging import public as messaging

CENTRE = "/console/messages/"
LONGEST_URL = 500


@page("messages.edit", method="POST")
def create(request: MerchantRequest) -> HttpResponse:
    """Set up a webhook, and show its secret in the answer itself: it is shown nowhere else."""
    try:
        with transaction.atomic():
            webhook_id, secret = messaging.create_webhook(
                merchant_id=request.merchant_id,
                wanted=messaging.NewEndpoint(
                    name=text_of(request, "name"),
                    url=text_of(request, "url", longest=LONGEST_URL),
                    topics=tuple(request.POST.getlist("topics")),
                ),
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return centre_page(request, refused=refused, failed="create")
    return webhook_page(request, webhook_id, new_secret=secret)


@page("messages.edit", method="POST")
def change(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """Another name, another address, other topics."""

    def act(number: int, now: datetime) -> None:
        messaging.update_webhook(
            merchant_id=request.merchant_id,
            webhook_id=number,
            change=messaging.EndpointChange(
                name=text_of(request, "name"),
                url=text_of(request, "url", longest=LONGEST_URL),
                topics=tuple(request.POST.getlist("topics")),
            ),
            expected_version=whole_number(request, "version", least=1, most=10**9),
            now=now,
        )
        messages.success(request, _("The webhook is changed."))

    return _command(request, webhook_id, "change", act)


@page("messages.edit", method="POST")
def pause(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """Send nothing, for a reason; what is told meanwhile waits."""

    def act(number: int, now: datetime) -> None:
        messaging.pause_webhook(
            merchant_id=request.merchant_id,
            webhook_id=number,
            reason=text_of(request, "reason"),
            now=now,
        )
        messages.success(request, _("The webhook is paused. Messages wait for it."))

    return _command(request, webhook_id, "pause", act)


@page("messages.edit", method="POST")
def resume(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """Send again, beginning with what waited."""

    def act(number: int, now: datetime) -> None:
        messaging.resume_webhook(
            merchant_id=request.merchant_id,
            webhook_id=number,
            reason=text_of(request, "reason"),
            now=now,
        )
        messages.success(request, _("The webhook is told of messages again."))

    return _command(request, webhook_id, "resume", act)


@page("messages.edit", method="POST")
def test(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """Send a message that means nothing."""

    def act(number: int, now: datetime) -> None:
        messaging.send_test(merchant_id=request.merchant_id, webhook_id=number, now=now)
        messages.success(request, _("A test message is on its way; look at the deliveries."))

    return _command(request, webhook_id, "test", act)


@page("messages.edit", method="POST")
def replay(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """Send one message again, or everything from one on."""

    def act(number: int, now: datetime) -> None:
        how = choice_of(request, "how", among=("from", "only"))
        message = whole_number(request, "number", least=1, most=10**11)
        reason = text_of(request, "reason")
        if how == "only":
            messaging.replay_one(
                merchant_id=request.merchant_id,
                webhook_id=number,
                number=message,
                reason=reason,
                now=now,
            )
        else:
            messaging.replay_from(
                merchant_id=request.merchant_id,
                webhook_id=number,
                number=message,
                reason=reason,
                now=now,
            )
        messages.success(request, _("It is sent again, under the same message ids."))

    return _command(request, webhook_id, "replay", act)


@page("messages.edit", method="POST")
def rotate(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """Give a webhook a new secret, and show it in the answer itself: it is shown nowhere else."""
    number = id_of(webhook_id, kind="webhook")
    try:
        with transaction.atomic():
            lives = choice_of(request, "older_lives", among=[str(each) for each in OLDER_LIVES])
            made = messaging.rotate_secret(
                merchant_id=request.merchant_id,
                webhook_id=number,
                older_lives=timedelta(minutes=int(lives)),
                reason=text_of(request, "reason"),
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return webhook_page(request, number, refused=refused, failed="rotate")
    return webhook_page(request, number, new_secret=made)


@page("messages.edit", method="POST")
def want_mails(request: MerchantRequest) -> HttpResponse:
    """Let somebody have alarms by mail."""

    def act() -> str:
        messaging.want_mails(
            merchant_id=request.merchant_id,
            address=text_of(request, "address"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Alarms are mailed there from now on."))
        return CENTRE

    return command(
        request, act=act, again=lambda refused: centre_page(request, refused=refused, failed="mail")
    )


@page("messages.edit", method="POST")
def want_no_mails(request: MerchantRequest, entry_id: str) -> HttpResponse:
    """Send somebody no alarms any more."""
    number = id_of(entry_id, kind="mail_address")

    def act() -> str:
        messaging.want_no_mails(
            merchant_id=request.merchant_id, address_id=number, now=datetime.now(UTC)
        )
        messages.success(request, _("No alarms are mailed there any more."))
        return CENTRE

    def again(refused: DomainError) -> HttpResponse:
        raise refused

    return command(request, act=act, again=again)


def _command(
    request: MerchantRequest, webhook_id: str, failed: str, act: Callable[[int, datetime], None]
) -> HttpResponse:
    number = id_of(webhook_id, kind="webhook")

    def once() -> str:
        act(number, datetime.now(UTC))
        return f"{CENTRE}webhooks/{number}/"

    return command(
        request,
        act=once,
        again=lambda refused: webhook_page(request, number, refused=refused, failed=failed),
    )
