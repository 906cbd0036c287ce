"""Every word that a state, a reason or a refusal can ask for is there in both languages."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings

import santong
from santong.aftersales import public as aftersales
from santong.agreements import public as agreements
from santong.benefits import public as benefits
from santong.clocks import public as clocks
from santong.console.rules.menu import MENU
from santong.console.rules.staged_trail import STAGED_ACTIONS
from santong.console.selectors.member_timeline import HAPPENED, MERGED_WHY
from santong.console.selectors.statement_days import Mark
from santong.console.selectors.why import SENTENCES
from santong.console.templatetags.visiting import ACTIONS, PROMISES
from santong.console.views.benefits import STEPS as BATCH_STEPS
from santong.console.views.connections import WINDOWS
from santong.console.views.member import PARTS
from santong.console.views.promises import PERIODS
from santong.console.views.steps import STEPS
from santong.console.views.store import GROUPS
from santong.console.views.webhooks import topics_by_group
from santong.customers import public as customers
from santong.fieldservice import public as fieldservice
from santong.fulfilment import public as fulfilment
from santong.gateway import public as gateway
from santong.inventory import public as inventory
from santong.kernel.errors import DomainError
from santong.kernel.lint import catalogues
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.messaging import public as messaging
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import public as presales
from santong.qimen import public as qimen
from santong.reconciliation import public as reconciliation
from santong.routing import public as routing
from santong.stagedsales import public as stagedsales
from santong.storefront import public as storefront

PRESALE_PROBLEMS = [
    "missing",
    "unknown",
    "twice",
    "over",
    "no_lines",
    "no_currency",
    "out_of_range",
    "too_early",
    "not_a_part",
    "less_than_the_deposit",
    "no_balance_left",
    "more_than_a_fifth",
]
PRESALE_STORY = [
    "join",
    "take_deposit",
    "take_balance",
    "lapsed",
    "forfeited",
    "cancelled",
    "failed",
    "share_kept",
    "compensate",
    "renew_link",
    "forget_buyer",
]


def fields(provider: str) -> tuple[payments.Setting, ...]:
    return payments.settings_of(provider=provider)


KINDS: dict[str, Iterable[str]] = {
    "notice": storefront.NOTICE_STATES,
    "notice_kind": storefront.NOTICE_KINDS,
    "menu": [page for _, pages in MENU for page, _ in pages],
    "menu_group": [group for group, _ in MENU],
    "clock": [*get_args(clocks.ClockState), "kept", "broken", "late"],
    "clock_by": clocks.BYS,
    "clock_period": PERIODS,
    "clock_standing": clocks.STANDINGS,
    "clock_event": get_args(clocks.EventKind),
    "clock_term": [
        *("ship", "recover", "arrival", "completion"),
        *("first_reply", "decision", "refund"),
    ],
    "escalation": get_args(clocks.EscalationState),
    "step_basis": clocks.STEP_BASES,
    "step_place": clocks.STEP_PLACES,
    "year_source": ["library", "file"],
    "calendar_day": ["holiday", "makeup", "own"],
    "order": get_args(orders.State),
    "presale": presales.PRESALE_STATES,
    "presale_offer": presales.OFFER_STATES,
    "presale_stage": ["before", "deposit", "between", "balance", "over"],
    "presale_forfeit": presales.FORFEITS,
    "presale_stock": presales.STOCKS,
    "presale_compensation": presales.COMPENSATION_STATES,
    "presale_problem": PRESALE_PROBLEMS,
    "presale_story": [f"presales.{each}" for each in PRESALE_STORY],
    "agreement": agreements.STATES,
    "agreement_category": agreements.CATEGORIES,
    "agreement_done": ["ship", "delivery", "install", "yes"],
    "agreement_finding": agreements.FINDING_KINDS,
    "agreement_how": agreements.HOWS,
    "agreed_field": {
        each.name
        for table in (agreements.FIELDS_BY_KIND, agreements.TEMPLATE_FIELDS_BY_KIND)
        for fields in table.values()
        for each in fields
    },
    "document_kind": ["order", "stagedsale", "other"],
    "term_kind": agreements.KINDS,
    "term_outcome": agreements.OUTCOMES,
    "breach": agreements.BREACH_STATES,
    "breach_finder": agreements.FINDERS,
    "remedy": agreements.REMEDIES,
    "bearer": agreements.BEARERS,
    "visit": fieldservice.STATES,
    "visit_said": fieldservice.STATES,
    "visit_action": ACTIONS,
    "visit_promise": PROMISES,
    "visit_file": ["photo", "signature", "document"],
    "follow_reason": fieldservice.FOLLOW_REASONS,
    "dispatch_refusal": fieldservice.REFUSALS,
    "visit_accepted_by": fieldservice.ACCEPTED_BY,
    "checked_in_by": fieldservice.CHECKED_IN_BY,
    "side": fieldservice.SIDES,
    "day_plan": fieldservice.PLAN_STATES,
    "part_kind": fieldservice.PART_KINDS,
    "territory": fieldservice.TERRITORY_KINDS,
    "case": aftersales.CASE_STATES,
    "buyer_case": aftersales.CASE_STATES,
    "case_kind": aftersales.KINDS,
    "case_way": aftersales.WAYS,
    "case_reason": aftersales.REASONS,
    "case_channel": aftersales.CHANNELS,
    "case_verdict": get_args(aftersales.Verdict),
    "case_because": aftersales.BECAUSE,
    "case_freight": ("buyer", "merchant"),
    "owed_waits": aftersales.WAITS_FOR,
    "case_overruled": aftersales.OVERRULED,
    "case_refund": aftersales.REFUND_WHATS,
    "case_money": aftersales.REFUND_STATES,
    "buyer_money": aftersales.REFUND_STATES,
    "repair": aftersales.REPAIR_STATES,
    "repairer": aftersales.REPAIRERS,
    "claim_party": aftersales.CLAIM_PARTIES,
    "claim_what": aftersales.CLAIM_WHATS,
    "carrier_claim": aftersales.CLAIM_STATES,
    "work": get_args(fulfilment.State),
    "parcel": get_args(fulfilment.ParcelState),
    "exception": get_args(fulfilment.ExceptionKind),
    "resolution": get_args(fulfilment.Resolution),
    "decline": get_args(fulfilment.DeclineReason),
    "reassign": get_args(fulfilment.ReassignReason),
    "refusal": get_args(routing.Refusal),
    "cost": get_args(routing.CostPart),
    "tie_break": get_args(routing.TieBreak),
    "unfilled": get_args(routing.WhyUnfilled),
    "movement": get_args(inventory.MovementKind),
    "reservation": get_args(inventory.State),
    "timeline.parcel": get_args(fulfilment.ParcelState),
    "timeline.fulfilment": [*get_args(fulfilment.State), "reassigned"],
    "timeline": get_args(orders.PaymentKind),
    "role": merchants.ROLES,
    "queue": [name for name, _ in GROUPS],
    "done": STEPS,
    "window": WINDOWS,
    "part": [name for name, _ in PARTS],
    "join": get_args(membership.JoinKind),
    "member": get_args(membership.MemberState),
    "binding": ["bound", "unbound"],
    "identifier": get_args(customers.Kind),
    "gender": [each for each in get_args(customers.Gender) if each],
    "merge_why": MERGED_WHY,
    "happened": HAPPENED,
    "accrual": get_args(membership.AccrualState),
    "tier_why": get_args(membership.Why),
    "asset": ["points", "experience"],
    "effect": ["base", "multiplier", "bonus"],
    "per": ["purchase", "line", "unit"],
    "birthday": ["any", "day", "month"],
    "staged": stagedsales.SALE_STATES,
    "stage": stagedsales.STAGE_STATES,
    "stage_due": stagedsales.DUES,
    "stage_basis": stagedsales.BASES,
    "change_order": stagedsales.CHANGE_STATES,
    "redemption_code": stagedsales.CODE_STATES,
    "accepted_by": [each for each in stagedsales.ACCEPTED_BY if each],
    "not_checked": stagedsales.NOT_CHECKED_OFFLINE,
    "staged_trail": sorted(STAGED_ACTIONS - {"change_state"}),
    "tier_window": ["rolling", "calendar"],
    "grace": ["none", "one_step", "one_period"],
    "on_return": ["at_period_end", "at_once"],
    "counted_from": ["purchase", "delivery"],
    "experience_at": ["at_once", "at_maturity"],
    "expiry": ["never", "months", "end_of_year", "date"],
    "claw_back": get_args(membership.ClawBackPolicy),
    "request": get_args(membership.RequestState),
    "request_kind": get_args(membership.RequestKind),
    "match": get_args(customers.MatchState),
    "supply_kind": get_args(benefits.SupplyKind),
    "charged_when": get_args(benefits.ChargedWhen),
    "batch": get_args(benefits.BatchState),
    "batch_step": BATCH_STEPS,
    "benefit": get_args(benefits.Kind),
    "benefit_term": {term for terms in benefits.TERMS.values() for term in terms},
    "coupon": get_args(benefits.CouponState),
    "wallet": get_args(benefits.WalletState),
    "return_policy": get_args(benefits.ReturnPolicy),
    "funnel": ["granted", "claimed", "redeemed", "revisited"],
    "purpose": get_args(customers.Purpose),
    "contact": [each for each in get_args(customers.Channel) if each],
    "connection": get_args(gateway.ConnectionState),
    "connection_kind": get_args(gateway.ConnectionKind),
    "connection_way": get_args(gateway.ConnectionKind),
    "waiting": get_args(gateway.WaitingState),
    "unsigned": get_args(gateway.RefusalCode),
    "breaker": get_args(gateway.BreakerState),
    "qimen_side": get_args(qimen.Side),
    "qimen_message": get_args(qimen.MessageState),
    "qimen_sending": get_args(qimen.SendingState),
    "direction": get_args(gateway.Direction),
    "outcome": get_args(gateway.Outcome),
    "webhook": messaging.ENDPOINT_STATES,
    "webhook_paused": ["asked", "failed_too_long", "gone"],
    "delivery_outcome": messaging.OUTCOMES,
    "delivery_why": [
        "no_such_host",
        "address_not_allowed",
        "too_slow",
        "tls_refused",
        "no_answer",
        "answer_too_large",
        "refused",
    ],
    "topic_group": topics_by_group(),
    "intent": get_args(payments.IntentState),
    "method": payments.METHODS,
    "tender": get_args(payments.TenderState),
    "refund": get_args(payments.RefundState),
    "refund_reason": ["cancelled", "overpaid"],
    "refund_part": ["queued", "sent", "done", "failed"],
    "dispute": ["opened", "won", "lost"],
    "money_movement": get_args(payments.MovementKind),
    "told": ["payment", "refund", "transfer", "dispute"],
    "errand": ["ask", "query", "capture", "close", "refund", "query_refund", "transfer"],
    "pay_provider": payments.PROVIDERS,
    "pay_setting": {field.name for each in payments.PROVIDERS for field in fields(each)},
    "pay_choice": {
        choice for each in payments.PROVIDERS for field in fields(each) for choice in field.choices
    },
    "pay_problem": [
        *("missing", "unknown", "too_long"),
        *(f"not_a_{kind}" for kind in get_args(payments.SettingKind)),
    ],
    "day_mark": get_args(Mark),
    "statement_format": reconciliation.FORMATS,
    "statement_file": get_args(reconciliation.FileState),
    "statement_line": get_args(reconciliation.LineKind),
    "difference": reconciliation.CATEGORIES,
    "difference_why": reconciliation.CATEGORIES,
    "difference_state": reconciliation.DIFFERENCE_STATES,
    "difference_step": get_args(reconciliation.Step),
    "difference_offer": ["ask_provider", "refund_at_provider"],
    "obstacle": ["too_early", "file_missing", "file_not_matched", "difference_open"],
}


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_no_word_is_missing(language: str) -> None:
    known = words_of(language)
    wanted = {f"{kind}.{value}" for kind, values in KINDS.items() for value in values}

    assert wanted - known == set()


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_refusal_has_words(language: str) -> None:
    assert set(codes()) - words_of(language) == set()


def test_every_choice_has_its_sentence() -> None:
    assert SENTENCES.keys() == set(get_args(routing.WhyChosen))


def words_of(language: str) -> set[str]:
    (folder,) = settings.LOCALE_PATHS
    text = (Path(folder) / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    return {entry.source for entry in catalogues.entries(text) if all(entry.translations)}


def codes() -> Iterator[str]:
    """The codes of all refusals of all contexts."""
    for module in pkgutil.iter_modules(santong.__path__):
        name = f"santong.{module.name}.errors"
        if (
            importlib.util.find_spec(f"santong.{module.name}")
            and (Path(santong.__path__[0]) / module.name / "errors.py").is_file()
        ):
            for value in vars(importlib.import_module(name)).values():
                if isinstance(value, type) and issubclass(value, DomainError):
                    yield value.code
