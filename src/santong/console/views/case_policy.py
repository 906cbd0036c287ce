"""What is granted after the sale, as forms: the policy and the warranty, in versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.console.rules.amounts import minor_of
from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import page, places_of, plain_command, sentence_of, shown
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.merchants import public as merchants

EDITS: Final = "cases.policies"
MOST_DAYS: Final = 3_650
MOST_HOURS: Final = 8_760
MOST_MONTHS: Final = 600
ROWS: Final = 3


@page("cases.decide")
def policy(request: MerchantRequest) -> HttpResponse:
    """What holds now, who published it, and the forms for the next version."""
    return policy_page(request)


def policy_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """The same; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    current = aftersales.current_policy(merchant_id=merchant_id)
    warranty = aftersales.current_warranty(merchant_id=merchant_id)
    by_category = [
        *((category, tuple(kinds)) for category, kinds in current.terms.kinds_by_category.items()),
        *((("", ()),) * ROWS),
    ]
    values = {
        "policy": current,
        "warranty": warranty,
        "policies": aftersales.policies(merchant_id=merchant_id),
        "category_rows": list(enumerate(by_category)),
        "months_rows": list(enumerate([*_months(warranty), *((("", "", ""),) * ROWS)])),
        "kinds": aftersales.KINDS,
        "reasons": aftersales.REASONS,
        "currency": request.merchant.currency,  # type: ignore[attr-defined]
        "names": merchants.names_by_signature(
            merchant_id=merchant_id, signatures=[current.published_by, warranty.published_by]
        ),
        "may_edit": places_of(request, EDITS) is None,
        "refusal": sentence_of(refused) if refused else "",
        "failed": failed,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "cases/policy", values, section="case_policy", status=status)


@page(EDITS, method="POST")
def publish(request: MerchantRequest) -> HttpResponse:
    """Decide by a new policy from now on."""

    def write() -> None:
        aftersales.publish_policy(
            merchant_id=request.merchant_id,
            terms=_terms(request),
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )

    return _command(request, write=write, said=_("Published. Decided cases keep theirs."), form="p")


@page(EDITS, method="POST")
def publish_warranty(request: MerchantRequest) -> HttpResponse:
    """Promise another warranty from now on."""

    def write() -> None:
        aftersales.publish_warranty(
            merchant_id=request.merchant_id,
            terms=_warranty(request),
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )

    return _command(request, write=write, said=_("Published. Decided cases keep theirs."), form="w")


def _terms(request: MerchantRequest) -> aftersales.CasePolicy:
    currency = request.merchant.currency  # type: ignore[attr-defined]
    alone = minor_of(text=optional_text(request, "alone", longest=20) or "0", currency=currency)
    if alone is None:
        raise FieldInvalid(pointer="/alone", reason="an amount")
    days = {
        name: whole_number(request, name, least=0, most=MOST_DAYS)
        for name in ("return_days", "exchange_days", "fault_days")
    }
    hours = {
        name: whole_number(request, name, least=1, most=MOST_HOURS)
        for name in ("reply_hours", "decide_hours", "refund_hours")
    }
    return aftersales.CasePolicy(
        **days,
        **hours,
        buyer_pays_freight=_chosen(request, "buyer_pays_freight", aftersales.REASONS),
        photo_for=_chosen(request, "photo_for", aftersales.REASONS),
        kinds_by_category=_by_category(request),
        alone_minor=alone,
        sends_replacement=choice_of(  # type: ignore[arg-type]  # one of the words of the type
            request, "sends_replacement", among=("on_receipt", "at_once")
        ),
    )


def _by_category(request: MerchantRequest) -> dict[str, tuple[str, ...]]:
    found = {}
    for row in _rows(request, "category-"):
        category = optional_text(request, f"category-{row}", longest=200)
        if category:
            found[category] = _chosen(request, f"kinds-{row}", aftersales.KINDS)
    return found


def _warranty(request: MerchantRequest) -> aftersales.WarrantyTerms:
    by_category, by_sku = dict[str, int](), dict[str, int]()
    for row in _rows(request, "name-"):
        name = optional_text(request, f"name-{row}", longest=200)
        if not name:
            continue
        of = by_sku if request.POST.get(f"of-{row}") == "sku" else by_category
        of[name] = whole_number(request, f"months-{row}", least=0, most=MOST_MONTHS)
    return aftersales.WarrantyTerms(
        months=whole_number(request, "months", least=0, most=MOST_MONTHS),
        months_by_category=by_category,
        months_by_sku=by_sku,
    )


def _months(warranty: aftersales.Warranty) -> list[tuple[str, str, str]]:
    """The rows of the form: what, its name, how many months."""
    terms = warranty.terms
    return [
        *(("category", name, str(months)) for name, months in terms.months_by_category.items()),
        *(("sku", name, str(months)) for name, months in terms.months_by_sku.items()),
    ]


def _rows(request: MerchantRequest, prefix: str) -> list[str]:
    return sorted(name.removeprefix(prefix) for name in request.POST if name.startswith(prefix))


def _chosen(request: MerchantRequest, name: str, among: tuple[str, ...]) -> tuple[str, ...]:
    sent = set(request.POST.getlist(name))
    return tuple(word for word in among if word in sent)


def _command(
    request: MerchantRequest, *, write: Callable[[], object], said: str, form: str
) -> HttpResponse:
    return plain_command(
        request,
        write=write,
        said=said,
        where="/console/case-policy/",
        again=lambda refused: policy_page(request, refused=refused, failed=form),
    )
