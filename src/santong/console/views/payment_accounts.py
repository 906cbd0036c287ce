"""Where money comes in: accounts at providers, their settings, and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, text_of, whole_number
from santong.console.views.frame import command, plain_command, sentence_of, shown
from santong.console.views.payments import may_everywhere
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.payments import public as payments

LONGEST_NAME: Final = 100
LONGEST_FIELD: Final = 40_000
MOST_FEE: Final = 200_000
# How a provider is paid by, where it is one way alone.
METHOD_BY_PROVIDER: Final = {
    "alipay": "alipay",
    "wechat_pay": "wechat_pay",
    "cash": "cash",
    "terminal": "card",
}


@whole_page("payments.view")
def account_list(request: MerchantRequest) -> HttpResponse:
    """Every account: open or closed, at which provider, and what the books say is there."""
    found = payments.payment_accounts(merchant_id=request.merchant_id)
    values = {
        "accounts": sorted(found, key=lambda each: (not each.is_open, each.code)),
        "balance_by_code": payments.money_at_accounts(merchant_id=request.merchant_id),
        "providers": payments.PROVIDERS,
        "can_edit": may_everywhere(request, "payments.edit"),
    }
    return shown(request, "payments/accounts", values, section="payment_accounts")


@whole_page("payments.edit")
def new_account(request: MerchantRequest) -> HttpResponse:
    """The form for a new account, made from what its provider has to be told."""
    return new_page(request, provider=request.GET.get("provider", ""))


def new_page(
    request: MerchantRequest, *, provider: str, refused: DomainError | None = None
) -> HttpResponse:
    """The form; with a refusal beside its field."""
    provider = provider if provider in payments.PROVIDERS else payments.PROVIDERS[0]
    only = METHOD_BY_PROVIDER.get(provider)
    values = {
        "provider": provider,
        "providers": payments.PROVIDERS,
        "methods": (only,) if only else payments.METHODS,
        "fields": payments.settings_of(provider=provider),
        "currency": request.merchant.currency,  # type: ignore[attr-defined]
        "known": {},
        "known_secrets": (),
        **_refusal(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "payments/account_new", values, section="payment_accounts", status=status)


@whole_page("payments.edit", method="POST")
def open_account(request: MerchantRequest) -> HttpResponse:
    """Open an account; what is wrong with a field is said beside it."""
    provider = request.POST.get("provider", "")

    def act() -> str:
        code = text_of(request, "code")
        chosen = choice_of(request, "provider", among=payments.PROVIDERS)
        method = _method(request)
        filled = _filled_in(request, provider)
        account = payments.open_payment_account(
            merchant_id=request.merchant_id,
            code=code,
            provider=chosen,
            method=method,
            name=filled.name,
            currency=request.merchant.currency,  # type: ignore[attr-defined]
            settings=filled.settings,
            secrets=filled.secrets,
            fee_per_million=filled.fee_per_million,
            now=datetime.now(UTC),
        )
        messages.success(request, _("The account is open."))
        return _page_of(account)

    return command(
        request,
        act=act,
        again=lambda refused: new_page(request, provider=provider, refused=refused),
    )


@whole_page("payments.view")
def account_detail(request: MerchantRequest, payment_account_id: str) -> HttpResponse:
    """One account: what it holds, its settings, and the way to open and close it."""
    return account_page(request, _account(request, payment_account_id))


def account_page(
    request: MerchantRequest,
    account: payments.PaymentAccount,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one account; with a refusal beside the form that was refused."""
    secrets = payments.secret_names(merchant_id=request.merchant_id, code=account.code)
    balances = payments.money_at_accounts(merchant_id=request.merchant_id)
    values: dict[str, Any] = {
        "account": account,
        "balance_minor": balances.get(account.code, 0),
        "fields": payments.settings_of(provider=account.provider),
        "known": account.settings,
        "known_secrets": secrets,
        "can_edit": may_everywhere(request, "payments.edit"),
        "failed": failed,
        **_refusal(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "payments/account", values, section="payment_accounts", status=status)


@whole_page("payments.edit", method="POST")
def change_account(request: MerchantRequest, payment_account_id: str) -> HttpResponse:
    """Change an account's settings; a secret that is left empty stays."""
    account = _account(request, payment_account_id)
    asked = {field.name for field in payments.settings_of(provider=account.provider)}
    kept = {name: text for name, text in account.settings.items() if name not in asked}

    def write() -> None:
        filled = _filled_in(request, account.provider)
        payments.change_payment_account(
            merchant_id=request.merchant_id,
            code=account.code,
            name=filled.name,
            settings={**kept, **filled.settings},
            secrets=filled.secrets,
            fee_per_million=filled.fee_per_million,
            now=datetime.now(UTC),
        )

    return _about_account(
        request, account, write=write, said=_("The settings are in force."), form="settings"
    )


@whole_page("payments.edit", method="POST")
def close_account(request: MerchantRequest, payment_account_id: str) -> HttpResponse:
    """Take nothing more there, for a reason."""
    account = _account(request, payment_account_id)
    return _about_account(
        request,
        account,
        write=lambda: payments.close_payment_account(
            merchant_id=request.merchant_id,
            code=account.code,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("Nothing more comes in there; refunds still go."),
        form="close",
    )


@whole_page("payments.edit", method="POST")
def reopen_account(request: MerchantRequest, payment_account_id: str) -> HttpResponse:
    """Take money there again, for a reason."""
    account = _account(request, payment_account_id)
    return _about_account(
        request,
        account,
        write=lambda: payments.reopen_payment_account(
            merchant_id=request.merchant_id,
            code=account.code,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("The account is open."),
        form="reopen",
    )


def _about_account(
    request: MerchantRequest,
    account: payments.PaymentAccount,
    *,
    write: Callable[[], object],
    said: str,
    form: str,
) -> HttpResponse:
    """Write, and show the account again; with a refusal beside the form that was refused."""
    return plain_command(
        request,
        write=write,
        said=said,
        where=_page_of(account),
        again=lambda refused: account_page(request, account, refused=refused, failed=form),
    )


def _account(request: MerchantRequest, text: str) -> payments.PaymentAccount:
    wanted = id_of(text, kind="payment_account")
    for account in payments.payment_accounts(merchant_id=request.merchant_id):
        if account.id == wanted:
            return account
    raise NoSuch(kind="payment_account", key=text[:40])


def _page_of(account: payments.PaymentAccount) -> str:
    return f"/console/payments/accounts/{account.id}/"


def _method(request: MerchantRequest) -> payments.Method:
    methods = payments.METHODS
    return methods[methods.index(choice_of(request, "method", among=methods))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _FilledIn:
    """What opening an account and changing it ask for alike."""

    name: str
    settings: dict[str, str]
    secrets: dict[str, str]
    fee_per_million: int


def _filled_in(request: MerchantRequest, provider: str) -> _FilledIn:
    """Raises FieldInvalid."""
    return _FilledIn(
        name=text_of(request, "name", longest=LONGEST_NAME),
        settings=_fields(request, provider, is_secret=False),
        secrets=_fields(request, provider, is_secret=True),
        fee_per_million=whole_number(request, "fee_per_million", least=0, most=MOST_FEE),
    )


def _fields(request: MerchantRequest, provider: str, *, is_secret: bool) -> dict[str, str]:
    """What was filled in. Keys and certificates come as text with line ends."""
    found = {}
    for field in payments.settings_of(provider=provider):
        text = request.POST.get(f"set_{field.name}", "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST_FIELD or "\0" in text:
            raise FieldInvalid(pointer=f"/settings/{field.name}", reason="too_long")
        if field.is_secret == is_secret and text:
            found[field.name] = text
    return found


def _refusal(request: MerchantRequest, refused: DomainError | None) -> dict[str, Any]:
    """Which field it was, why, and what else was filled in; secrets are entered again."""
    pointer = refused.pointer if isinstance(refused, FieldInvalid) else ""
    return {
        "refusal": sentence_of(refused) if refused else "",
        "wrong": pointer.rpartition("/")[2],
        "reason": refused.reason if isinstance(refused, FieldInvalid) else "",
        "sent": request.POST,
    }
