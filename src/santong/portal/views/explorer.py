"""The explorer: a method is chosen, filled in, signed, shown, and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext

from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.signing import SIGN_METHODS
from santong.openplatform import public as openplatform
from santong.portal.calls.router import RouterAnswer, sent
from santong.portal.errors import NotTriedHere
from santong.portal.rules.documents import laid_out
from santong.portal.rules.explorer.answers import told_by
from santong.portal.rules.explorer.calls import (
    CARRIED,
    STYLES,
    SignedCall,
    Wanted,
    signed_call,
    written_request,
)
from santong.portal.rules.explorer.snippets import snippets_of
from santong.portal.rules.menu import VIEW
from santong.portal.selectors.trials import trial_ends_at, trial_key
from santong.portal.services.open_trial import open_trial
from santong.portal.views.documents import code_lines, method_named, site_of
from santong.portal.views.frame import page, plain_command, sentence_of, shown
from santong.topgateway import public as topgateway

SECTION: Final = "portal_explorer"
EDIT: Final = "apps.edit"
FIRST: Final = "taobao.time.get"
LONGEST_VALUE: Final = 20_000
# A page that is sent again carries its first instant, so that the same call has the same signature
# and its first answer; an old page takes the time anew.
SAME_CALL: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Whose call of which method: what the page is about."""

    app: openplatform.RegisteredApp
    method: topgateway.MethodDescription
    is_sandbox: bool


@page(VIEW)
def explorer_page(request: MerchantRequest) -> HttpResponse:
    """The form of a method, with example values of the merchant's own."""
    chosen = _chosen(request, request.GET)
    if chosen is None:
        return shown(request, "explorer_empty", {}, section=SECTION)
    return _page(request, chosen, _first_values(request, chosen.method))


@page(EDIT, method="POST")
def explorer_call(request: MerchantRequest) -> HttpResponse:
    """The call as it is signed; with `send` its answer, too."""
    chosen = _chosen(request, request.POST)
    if chosen is None:
        return shown(request, "explorer_empty", {}, section=SECTION)
    values = _values(request, chosen.method)
    now = datetime.now(UTC)
    try:
        call = _signed(request, chosen, values, now)
        answer = None
        if "send" in request.POST:
            _check_may_send(request, chosen, now)
            answer = sent(
                call=call, address=request.META.get("REMOTE_ADDR", ""), host=request.get_host()
            )
    except DomainError as refused:
        return _page(request, chosen, values, refused=refused)
    return _page(request, chosen, values, call=call, answer=answer)


@page(EDIT, method="POST")
def explorer_session(request: MerchantRequest) -> HttpResponse:
    """A session key for trying."""
    chosen = _chosen(request, request.POST)
    if chosen is None:
        return shown(request, "explorer_empty", {}, section=SECTION)
    now = datetime.now(UTC)

    def write() -> None:
        if request.actor.kind != "staff":
            raise NotTriedHere(why="nobody")
        open_trial(
            merchant_id=request.merchant_id,
            app=_app_that_calls(chosen, now),
            staff_id=int(request.actor.id),
            now=now,
        )

    return plain_command(
        request,
        write=write,
        said=gettext("You have a session key for trying."),
        where=f"/developers/explorer/?app={chosen.app.app_key}&method={chosen.method.name}",
        again=lambda refused: _page(
            request, chosen, _first_values(request, chosen.method), refused=refused
        ),
    )


def _chosen(request: MerchantRequest, asked: Mapping[str, str]) -> Chosen | None:
    apps = openplatform.registered_apps(merchant_id=request.merchant_id)
    if not apps:
        return None
    app = next((each for each in apps if each.app_key == asked.get("app")), apps[-1])
    is_sandbox = openplatform.is_sandbox(merchant_id=request.merchant_id)
    method = method_named(asked.get("method") or FIRST)
    return Chosen(app=app, method=method, is_sandbox=is_sandbox)


def _first_values(request: MerchantRequest, method: topgateway.MethodDescription) -> dict[str, str]:
    samples = topgateway.samples_of(
        merchant_id=request.merchant_id,
        location_ids=request.actor.location_ids,
        now=datetime.now(UTC),
    )
    return dict(topgateway.example_of(method=method.name, named=samples).arguments)


def _values(request: MerchantRequest, method: topgateway.MethodDescription) -> dict[str, str]:
    return {
        each.name: request.POST.get(f"a_{each.name}", "").strip()[:LONGEST_VALUE]
        for each in method.arguments
    }


def _app_that_calls(chosen: Chosen, now: datetime) -> openplatform.App:
    app = openplatform.app_by_key(app_key=chosen.app.app_key, now=now)
    if app is None or not app.secrets:
        raise NotTriedHere(why="no_secret")
    return app


def _signed(
    request: MerchantRequest, chosen: Chosen, values: Mapping[str, str], now: datetime
) -> SignedCall:
    key = ""
    if chosen.method.needs_session:
        key = trial_key(
            merchant_id=request.merchant_id,
            app_key=chosen.app.app_key,
            staff_id=_staff_id(request),
            now=now,
        )
    return signed_call(
        wanted=Wanted(
            method=chosen.method.name,
            arguments=values,
            carried=_one_of(CARRIED, request.POST.get("carried")),
            style=_one_of(STYLES, request.POST.get("style")),
            way=_one_of(SIGN_METHODS, request.POST.get("way")),
        ),
        app_key=chosen.app.app_key,
        secret=_app_that_calls(chosen, now).secrets[0],
        session=key,
        now=_instant(request, now),
    )


def _check_may_send(request: MerchantRequest, chosen: Chosen, now: datetime) -> None:
    """A sandbox is there to be changed; elsewhere is only read, and nobody is told plainly."""
    if chosen.is_sandbox:
        return
    if chosen.method.does == "writes":
        raise NotTriedHere(why="writes")
    app = _app_that_calls(chosen, now)
    key = trial_key(
        merchant_id=request.merchant_id,
        app_key=app.app_key,
        staff_id=_staff_id(request),
        now=now,
    )
    session = openplatform.session_of(app=app, session_key=key, now=now) if key else None
    if session is not None and session.sees_personal_data == "plain":
        raise NotTriedHere(why="plain")


def _staff_id(request: MerchantRequest) -> int:
    return int(request.actor.id) if request.actor.kind == "staff" else 0


def _instant(request: MerchantRequest, now: datetime) -> datetime:
    said = request.POST.get("at", "")
    if not (said.isascii() and said.isdigit() and len(said) <= len("1794240000")):
        return now
    first = datetime.fromtimestamp(int(said), UTC)
    return first if abs(now - first) <= SAME_CALL else now


def _one_of(choices: tuple[Any, ...], asked: str | None) -> Any:
    return next((each for each in choices if each == asked), choices[0])


def _page(
    request: MerchantRequest,
    chosen: Chosen,
    values: Mapping[str, str],
    *,
    call: SignedCall | None = None,
    answer: RouterAnswer | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    now = datetime.now(UTC)
    told = {
        "chosen": chosen,
        "apps": openplatform.registered_apps(merchant_id=request.merchant_id),
        "methods": topgateway.described_methods(),
        "fields": [(each, values.get(each.name, "")) for each in chosen.method.arguments],
        "choices": {"carried": CARRIED, "style": STYLES, "way": SIGN_METHODS},
        "picked": {name: request.POST.get(name, "") for name in ("carried", "style", "way")},
        "at": int(now.timestamp()),
        "session_ends_at": trial_ends_at(
            merchant_id=request.merchant_id,
            app_key=chosen.app.app_key,
            staff_id=_staff_id(request),
            now=now,
        ),
        "may_edit": request.actor.may(EDIT),
        "refusal": sentence_of(refused) if refused else "",
        "why": getattr(refused, "why", ""),
        **(_of_call(request, call) if call else {}),
        **(_of_answer(answer) if answer else {}),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "explorer", told, section=SECTION, status=status)


def _of_call(request: MerchantRequest, call: SignedCall) -> dict[str, Any]:
    return {
        "call": call,
        "request_text": written_request(call, host=request.get_host()),
        "snippets": snippets_of(call, site=site_of(request)),
    }


def _of_answer(answer: RouterAnswer) -> dict[str, Any]:
    told = told_by(answer.body)
    return {
        "answer": answer,
        "answer_text": laid_out(answer.body),
        "told": told,
        "error": code_lines((told.code,))[0] if told.code else None,
    }
