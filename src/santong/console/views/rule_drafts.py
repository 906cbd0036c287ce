"""The form in which the next version of the rules of sharing is drafted, and tried."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.console.forms.reading import moment_in
from santong.console.forms.share_rules import (
    MOST_OWNERS,
    MOST_RULES,
    ROW_GROUPS,
    TYPED,
    field_of_pointer,
    fields_of_terms,
    fits,
    open_rows,
    rows,
    terms_of_fields,
    with_row,
    without_row,
)
from santong.console.selectors.rule_trial import trial_of
from santong.console.selectors.share_changes import words_of_difference
from santong.console.templatetags.rule_rows import where_of
from santong.console.views.fields import MOST_DIGITS
from santong.console.views.frame import command, sentence_of, shown
from santong.console.views.hints import hint_of
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.settlement import public as settlement

EDITS: Final = "shares.edit"


@whole_page(EDITS)
def form(request: MerchantRequest, rule_draft_id: str = "") -> HttpResponse:
    """The newest version as rows that can be changed; or somebody's own draft."""
    draft = _draft(request, rule_draft_id)
    terms = draft.terms if draft else _version(request, _newest(request))
    fields = fields_of_terms(terms, currency=_currency(request))
    if draft:
        starts = draft.valid_from
        fields |= {
            "reason": draft.reason,
            "valid_from": f"{timezone.localtime(starts):%Y-%m-%dT%H:%M}" if starts else "",
        }
    base = draft.base_version if draft else _newest(request)
    return _form_page(request, fields, draft=draft, base_version=base, is_small=fits(terms))


@whole_page(EDITS, method="POST")
def again(request: MerchantRequest, rule_draft_id: str = "") -> HttpResponse:
    """The form with a row more or less, or with what it would have changed: nothing is written."""
    draft, fields = _draft(request, rule_draft_id), _sent(request)
    asked, _colon, what = request.POST.get("do", "").partition(":")
    group, _dot, place = what.partition(".")
    extra: dict[str, Any] = {}
    if asked == "add" and group in ROW_GROUPS:
        fields = with_row(fields, group)
        extra["first"] = f"{group}.{rows(fields, group)[-1]}.{TYPED[group][0]}"
    elif asked == "remove" and group in ROW_GROUPS and _is_number(place):
        fields = without_row(fields, group, int(place))
    elif asked == "try":
        try:
            extra["trial"] = _tried(request, fields)
        except DomainError as refused:
            return _form_page(
                request, fields, draft=draft, base_version=_base(request), refused=refused
            )
    return _form_page(request, fields, draft=draft, base_version=_base(request), extra=extra)


@whole_page(EDITS, method="POST")
def save(request: MerchantRequest, rule_draft_id: str = "") -> HttpResponse:
    """Keep the draft, for somebody else to publish."""
    draft, fields = _draft(request, rule_draft_id), _sent(request)

    def act() -> str:
        asked: dict[str, Any] = {
            "merchant_id": request.merchant_id,
            "base_version": _base(request),
            "terms": terms_of_fields(fields, currency=_currency(request)),
            "reason": fields.get("reason", ""),
            "valid_from": moment_in(fields, "valid_from"),
            "now": datetime.now(UTC),
        }
        if draft:
            kept = settlement.change_rule_draft(
                draft_id=draft.id, revision=_number(request, "revision"), **asked
            )
        else:
            kept = settlement.draft_rules(**asked)
        messages.success(request, _("The draft is kept. Another person publishes it."))
        return f"/console/share-rules/drafts/{kept.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: _form_page(
            request, fields, draft=draft, base_version=_base(request), refused=refused
        ),
    )


def _form_page(
    request: MerchantRequest,
    fields: dict[str, str],
    *,
    draft: settlement.RuleDraft | None,
    base_version: int,
    refused: DomainError | None = None,
    extra: dict[str, Any] | None = None,
    is_small: bool = True,
) -> HttpResponse:
    """The form as it was sent, and before it what was published meanwhile.

    It names the newest version then: saved again, the draft stands beside that one.
    """
    currency, newest = _currency(request), _newest(request)
    places = {group: rows(fields, group) for group in ROW_GROUPS}
    wrong = _wrong_field(refused, fields)
    values = {
        "fields": fields,
        "draft": draft,
        "unit": currency,
        "rule_rows": places["rules"],
        "owner_rows": places["owners"],
        "open_rows": open_rows(fields, wrong=wrong),
        "may_add_rule": len(places["rules"]) < MOST_RULES,
        "may_add_owners": len(places["owners"]) < MOST_OWNERS,
        "base_version": newest,
        "revision": request.POST.get("revision") or (draft.revision if draft else 0),
        "meanwhile": (
            words_of_difference(
                before=_version(request, base_version),
                after=_version(request, newest),
                currency=currency,
            )
            if base_version != newest
            else None
        ),
        "newest": newest,
        "is_small": is_small,
        "wrong": wrong,
        "where": where_of(wrong, currency, places=places) if wrong else "",
        "hint": _hint(refused),
        "refusal": sentence_of(refused) if refused else "",
        **(extra or {}),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "settlement/rule_form", values, section="share_rules", status=status)


def _wrong_field(refused: DomainError | None, fields: dict[str, str]) -> str:
    if isinstance(refused, settlement.TooEarly):
        return "valid_from"
    if not isinstance(refused, FieldInvalid):
        return ""
    name = refused.pointer.removeprefix("/")
    return name if name in fields else field_of_pointer(refused.pointer, fields=fields)


def _hint(refused: DomainError | None) -> str:
    if not isinstance(refused, FieldInvalid):
        return ""
    line, _colon, _rest = refused.reason.partition(": a SKU and its price")
    if line.startswith("line "):
        return _("line %(n)s: a SKU and its price, like SKU1 12.50") % {
            "n": line.removeprefix("line ")
        }
    return {
        "stands for another share": _("another rule is called so"),
        "nobody bears their own share": _("nobody pays for their own share"),
        "freight is shared by rates only": _("freight is shared by rates only"),
        "freight has no goods": _("freight has no SKUs and no categories"),
        "names an installer, and nobody else": _("only an installer has a code"),
        "more than the most": _("more than the most"),
        "a commission has none": _("a commission has no prices"),
        "has terms already": _("these two have an agreement already"),
    }.get(refused.reason, hint_of(refused))


def _tried(request: MerchantRequest, fields: dict[str, str]) -> Any:
    terms = terms_of_fields(fields, currency=_currency(request))
    settlement.check_terms(terms=terms)
    return trial_of(
        merchant_id=request.merchant_id,
        terms=terms,
        valid_from=moment_in(fields, "valid_from"),
        currency=_currency(request),
        now=datetime.now(UTC),
    )


def _sent(request: MerchantRequest) -> dict[str, str]:
    """All that was typed, as it was typed; only what a database cannot keep is left out."""
    return {
        name: text.replace("\0", "").replace("\r\n", "\n")
        for name, text in request.POST.items()
        if isinstance(text, str)
        and name not in {"csrfmiddlewaretoken", "key", "do", "base_version", "revision"}
    }


def _draft(request: MerchantRequest, text: str) -> settlement.RuleDraft | None:
    """The draft that is changed, which is one's own and waits; none for a new one.

    Raises NoSuch, NotYourDraft, DraftPassed.
    """
    if not text:
        return None
    found = settlement.rule_draft(
        merchant_id=request.merchant_id, draft_id=id_of(text, kind="rule draft")
    )
    if found.drafted_by != f"{request.actor.kind}:{request.actor.id}":
        raise settlement.NotYourDraft(draft_id=text)
    if found.state != "draft":
        raise settlement.DraftPassed(draft_id=text, state=found.state)
    return found


def _newest(request: MerchantRequest) -> int:
    return settlement.newest_version(merchant_id=request.merchant_id)


def _version(request: MerchantRequest, version: int) -> settlement.SharingTerms:
    found = settlement.rule_set_by_version(merchant_id=request.merchant_id, version=version)
    return found.terms if found else settlement.SharingTerms()


def _base(request: MerchantRequest) -> int:
    return _number(request, "base_version")


def _number(request: MerchantRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if _is_number(text) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < MOST_DIGITS


def _currency(request: MerchantRequest) -> str:
    own: str = request.merchant.currency  # type: ignore[attr-defined]
    return own
