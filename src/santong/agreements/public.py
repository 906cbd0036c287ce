"""The door of agreements: what other contexts may use."""

from __future__ import annotations

from santong.agreements.contracts import (
    BASES,
    BEARERS,
    BREACH_STATES,
    CATEGORIES,
    FINDERS,
    FINDING_KINDS,
    GOODS_REMEDIES,
    HOWS,
    KINDS,
    MONEY_REMEDIES,
    OUTCOMES,
    PERS,
    REMEDIES,
    STATES,
    WINDOWS,
    Acceptance,
    Agreement,
    AgreementState,
    Amount,
    Breach,
    BreachState,
    Buyer,
    Compensated,
    Finding,
    KeptAndBroken,
    Kind,
    NewAgreement,
    Offered,
    OwedGoods,
    Payment,
    Remedy,
    Settings,
    Template,
    Term,
    Verified,
)
from santong.agreements.errors import (
    AboveLimit,
    AgreementPassed,
    AlreadyAccepted,
    AlreadyBroken,
    ClaimPassed,
    LinkGone,
    NoPaper,
    NothingSold,
    NotInForce,
    OfferOver,
    ReportedTooLate,
    SignatureMissing,
    TemplateMoved,
)
from santong.agreements.rules.library import PROPOSALS, Proposal
from santong.agreements.rules.schema import (
    FIELDS_BY_KIND,
    TEMPLATE_FIELDS_BY_KIND,
    Field,
    json_schema,
)
from santong.agreements.rules.sentences import promise, sentence
from santong.agreements.rules.terms import on_day
from santong.agreements.selectors.agreements import (
    agreement_by_id,
    agreement_in_force,
    agreements_of,
    agreements_page,
    terms_in_force,
)
from santong.agreements.selectors.breaches import breach_by_id, breaches_page, kept_and_broken
from santong.agreements.selectors.compensations import compensations_of
from santong.agreements.selectors.invariants import check_invariants
from santong.agreements.selectors.links import link_path
from santong.agreements.selectors.papers import paper_of
from santong.agreements.selectors.persons import export_person
from santong.agreements.selectors.settings import (
    settings_of,
    template_by_code,
    template_versions,
    templates,
)
from santong.agreements.selectors.verification import verify_agreement
from santong.agreements.services.accept import accept
from santong.agreements.services.cancel import cancel
from santong.agreements.services.claim import claim, grant, record_remedy, reject
from santong.agreements.services.draft import draft, revise
from santong.agreements.services.find_broken import record_done
from santong.agreements.services.forget_person import forget_person
from santong.agreements.services.make_paper import make_paper
from santong.agreements.services.offer import offer, offer_draft, renew_link, supersede
from santong.agreements.services.pay import try_again
from santong.agreements.services.reveal_buyer import reveal_buyer
from santong.agreements.services.settings import publish_template, retire_template, set_settings

__all__ = [
    "BASES",
    "BEARERS",
    "BREACH_STATES",
    "CATEGORIES",
    "FIELDS_BY_KIND",
    "FINDERS",
    "FINDING_KINDS",
    "GOODS_REMEDIES",
    "HOWS",
    "KINDS",
    "MONEY_REMEDIES",
    "OUTCOMES",
    "PERS",
    "PROPOSALS",
    "REMEDIES",
    "STATES",
    "TEMPLATE_FIELDS_BY_KIND",
    "WINDOWS",
    "AboveLimit",
    "Acceptance",
    "Agreement",
    "AgreementPassed",
    "AgreementState",
    "AlreadyAccepted",
    "AlreadyBroken",
    "Amount",
    "Breach",
    "BreachState",
    "Buyer",
    "ClaimPassed",
    "Compensated",
    "Field",
    "Finding",
    "KeptAndBroken",
    "Kind",
    "LinkGone",
    "NewAgreement",
    "NoPaper",
    "NotInForce",
    "NothingSold",
    "OfferOver",
    "Offered",
    "OwedGoods",
    "Payment",
    "Proposal",
    "Remedy",
    "ReportedTooLate",
    "Settings",
    "SignatureMissing",
    "Template",
    "TemplateMoved",
    "Term",
    "Verified",
    "accept",
    "agreement_by_id",
    "agreement_in_force",
    "agreements_of",
    "agreements_page",
    "breach_by_id",
    "breaches_page",
    "cancel",
    "check_invariants",
    "claim",
    "compensations_of",
    "draft",
    "export_person",
    "forget_person",
    "grant",
    "json_schema",
    "kept_and_broken",
    "link_path",
    "make_paper",
    "offer",
    "offer_draft",
    "on_day",
    "paper_of",
    "promise",
    "publish_template",
    "record_done",
    "record_remedy",
    "reject",
    "renew_link",
    "retire_template",
    "reveal_buyer",
    "revise",
    "sentence",
    "set_settings",
    "settings_of",
    "supersede",
    "template_by_code",
    "template_versions",
    "templates",
    "terms_in_force",
    "try_again",
    "verify_agreement",
]
