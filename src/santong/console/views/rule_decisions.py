"""A draft of rules as the second person sees it: what it changes, and the decision on it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.selectors.rule_trial import trial_of
from santong.console.selectors.share_changes import words_of_terms
from santong.console.views.fields import text_of, whole_number
from santong.console.views.frame import command, places_of, sentence_of, shown
from santong.console.views.rule_drafts import EDITS
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.merchants import public as merchants
from santong.settlement import public as settlement

MOST_REVISIONS = 2**31 - 1


@whole_page("shares.view")
def detail(request: MerchantRequest, rule_draft_id: str) -> HttpResponse:
    """One draft, what it would change, and who decides on it."""
    return draft_page(request, _draft(request, rule_draft_id))


def draft_page(
    request: MerchantRequest,
    draft: settlement.RuleDraft,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one draft; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    currency = request.merchant.currency  # type: ignore[attr-defined]
    now = datetime.now(UTC)
    waits = draft.state == "draft"
    values = {
        "draft": draft,
        "terms": words_of_terms(terms=draft.terms, currency=currency),
        "trial": (
            trial_of(
                merchant_id=merchant_id,
                terms=draft.terms,
                valid_from=draft.valid_from,
                currency=currency,
                now=now,
            )
            if waits
            else None
        ),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id, signatures=[draft.drafted_by, draft.ended_by]
        ),
        "may_edit": places_of(request, EDITS) is None,
        "is_mine": draft.drafted_by == f"{request.actor.kind}:{request.actor.id}",
        "is_late": bool(waits and draft.valid_from and draft.valid_from < now),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "settlement/rule_draft", values, section="share_rules", status=status)


@whole_page(EDITS, method="POST")
def publish(request: MerchantRequest, rule_draft_id: str) -> HttpResponse:
    """Make the draft that was looked at the next version, as somebody else than its drafter."""
    draft = _draft(request, rule_draft_id)

    def act() -> str:
        published = settlement.publish_rule_draft(
            merchant_id=request.merchant_id,
            draft_id=draft.id,
            revision=whole_number(request, "revision", least=1, most=MOST_REVISIONS),
            now=datetime.now(UTC),
        )
        messages.success(
            request,
            _("Version %(n)s is published. What was shared stays as it was.")
            % {"n": published.version},
        )
        return f"/console/share-rules/{published.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: draft_page(request, draft, refused=refused, failed="publish"),
    )


@whole_page(EDITS, method="POST")
def decline(request: MerchantRequest, rule_draft_id: str) -> HttpResponse:
    """Say no to a draft of somebody else, with a reason."""
    draft = _draft(request, rule_draft_id)

    def act() -> str:
        settlement.decline_rule_draft(
            merchant_id=request.merchant_id,
            draft_id=draft.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Declined. The rules in force stay as they are."))
        return f"/console/share-rules/drafts/{draft.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: draft_page(request, draft, refused=refused, failed="decline"),
    )


@whole_page(EDITS, method="POST")
def withdraw(request: MerchantRequest, rule_draft_id: str) -> HttpResponse:
    """Take one's own draft back, with a reason."""
    draft = _draft(request, rule_draft_id)

    def act() -> str:
        settlement.withdraw_rule_draft(
            merchant_id=request.merchant_id,
            draft_id=draft.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Withdrawn. The rules in force stay as they are."))
        return f"/console/share-rules/drafts/{draft.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: draft_page(request, draft, refused=refused, failed="withdraw"),
    )


def _draft(request: MerchantRequest, rule_draft_id: str) -> settlement.RuleDraft:
    return settlement.rule_draft(
        merchant_id=request.merchant_id, draft_id=id_of(rule_draft_id, kind="rule draft")
    )
