"""Rules of sharing in words, and what they would give whom of an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse

from santong.console.selectors import share_changes
from santong.console.selectors.share_changes import DifferenceWords
from santong.console.views.frame import page, places_of, shown
from santong.console.views.lists import SHOWN, asked_text, next_page
from santong.kernel.errors import PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.settlement import public as settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the rules would give whom of an order; without a sale, it was not shared."""

    order: orders.Order | None
    shared: settlement.Simulated | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A version in the history, and what it changed of the one before."""

    rules: settlement.RuleSet
    changed: DifferenceWords


@page("shares.view")
def rule_set_list(request: MerchantRequest) -> HttpResponse:
    """The rules in force in words, drafts that wait, and versions, the newest first."""
    _check_everywhere(request)
    merchant_id = request.merchant_id
    currency = request.merchant.currency  # type: ignore[attr-defined]
    drafts = settlement.rule_drafts_page(merchant_id=merchant_id, state="draft")
    found = settlement.rule_sets_page(
        merchant_id=merchant_id, below_id=before_id(request.GET.get("cursor")), limit=SHOWN + 1
    )
    current = settlement.rule_set_at(merchant_id=merchant_id, at=datetime.now(UTC))
    values = {
        "history": _history(found, currency),
        "current": current,
        "terms": (
            share_changes.words_of_terms(terms=current.terms, currency=currency)
            if current
            else None
        ),
        "drafts": drafts,
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[
                *(name for each in found for name in (each.drafted_by, each.published_by)),
                *(each.drafted_by for each in drafts),
            ],
        ),
        "may_edit": places_of(request, "shares.edit") is None,
        "next": next_page(found),
    }
    return shown(request, "settlement/rule_sets", values, section="share_rules")


@page("shares.view")
def rule_set_detail(request: MerchantRequest, rule_set_id: str) -> HttpResponse:
    """One version in words; with an order's number, what that order would give whom."""
    _check_everywhere(request)
    merchant_id = request.merchant_id
    rules = settlement.rule_set_by_id(
        merchant_id=merchant_id, rule_set_id=id_of(rule_set_id, kind="rule set")
    )
    currency = request.merchant.currency  # type: ignore[attr-defined]
    number = asked_text(request, "order")
    values = {
        "rules": rules,
        "terms": share_changes.words_of_terms(terms=rules.terms, currency=currency),
        "changed": _changed(
            rules,
            settlement.rule_set_by_version(merchant_id=merchant_id, version=rules.version - 1),
            currency,
        ),
        "names": merchants.names_by_signature(
            merchant_id=merchant_id, signatures=[rules.drafted_by, rules.published_by]
        ),
        "is_future": rules.valid_from > datetime.now(UTC),
        "may_try": places_of(request, "shares.edit") is None,
        "number": number,
        "preview": _preview(request, rules, number) if number else None,
    }
    return shown(request, "settlement/rule_set", values, section="share_rules")


def _history(found: list[settlement.RuleSet], currency: str) -> list[Past]:
    """Each version beside the one before: of one more than is shown, the last is only that."""
    return [
        Past(rules=rules, changed=_changed(rules, before, currency))
        for rules, before in zip(found[:SHOWN], [*found[1:], None], strict=False)
    ]


def _changed(
    rules: settlement.RuleSet, before: settlement.RuleSet | None, currency: str
) -> DifferenceWords:
    terms = before.terms if before else settlement.SharingTerms()
    return share_changes.words_of_difference(before=terms, after=rules.terms, currency=currency)


def _preview(request: MerchantRequest, rules: settlement.RuleSet, number: str) -> Preview:
    if places_of(request, "shares.edit") is not None:
        raise PermissionMissing(permission="shares.edit")
    found = orders.orders_page(merchant_id=request.merchant_id, external_number=number, limit=1)
    if not found:
        return Preview(order=None, shared=None)
    tried = settlement.simulate_rules(
        merchant_id=request.merchant_id,
        terms=rules.terms,
        documents=[f"order:{found[0].id}"],
    )
    return Preview(order=found[0], shared=tried[0] if tried else None)


def _check_everywhere(request: MerchantRequest) -> None:
    """Rules are the whole merchant's."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission="shares.view")
