"""The door of membership: programmes, who is a member, and how they became one."""

from __future__ import annotations

from santong.membership.contracts import (
    AccrualRule,
    AccrualState,
    Accrued,
    Attribution,
    Authorisation,
    BindAnswer,
    Binding,
    BindKind,
    Bound,
    Burned,
    BurnTerms,
    Caps,
    Card,
    CardFace,
    ClawBackPolicy,
    ClawedBack,
    Conditions,
    ExpiryTerms,
    ImportedBatch,
    ImportProblem,
    ImportProof,
    ImportRow,
    Joined,
    JoinKind,
    JoinSource,
    MaturityTerms,
    Member,
    MemberState,
    MemberSummary,
    OpeningLot,
    PastPurchase,
    PointsCredited,
    PointsLiability,
    PointsRequest,
    PointsShown,
    Pool,
    Programme,
    PublishedTerms,
    Purchase,
    PurchaseLine,
    Quote,
    Registered,
    RequestKind,
    RequestState,
    SettlementStatement,
    Sight,
    Simulated,
    Terms,
    Tier,
    TierChange,
    TierProgress,
    TierTerms,
    TransferTerms,
    Why,
)
from santong.membership.errors import (
    AlreadyBound,
    AuthorisationEnded,
    AuthorisationStands,
    BurnEnded,
    CardMissing,
    CardTaken,
    CardUnreadable,
    CodeTaken,
    IdentityBound,
    MemberEnded,
    MonthOpen,
    MoreThanBought,
    MoreThanBurned,
    NotAMember,
    NotAuthorised,
    NothingPromised,
    OwnRequest,
    PointsKeyTaken,
    ProgrammeClosed,
    RequestDecided,
    SeveralMembers,
    TierGranted,
    TierInUse,
    TooFewPoints,
    TransferLimit,
)
from santong.membership.rules.liability import (
    deferred,
    recognised,
)
from santong.membership.rules.simulation import simulate
from santong.membership.rules.terms import check_terms
from santong.membership.selectors.accruals import (
    accrual_by_id,
    accrual_by_key,
    accrual_lines,
    accruals_page,
    claw_backs_of,
    replays_the_same,
)
from santong.membership.selectors.anniversaries import members_joined_on
from santong.membership.selectors.authorisations import authorisation_by_id, authorisations_of
from santong.membership.selectors.bindings import (
    bind_query,
    bindings_of,
    programme_of_storefront,
)
from santong.membership.selectors.burns import burn_by_id, burn_by_key
from santong.membership.selectors.cards import cards_of_programme, count_cards
from santong.membership.selectors.credits import credits_by_key
from santong.membership.selectors.experience import tier_changes_of
from santong.membership.selectors.find import (
    find_member,
    find_members,
)
from santong.membership.selectors.import_proof import prove_import
from santong.membership.selectors.invariants import check_invariants
from santong.membership.selectors.liability import points_liability
from santong.membership.selectors.members import (
    attributions_of,
    current_member_ids,
    member_by_id,
    member_ids_of_persons,
    member_of_number,
    member_of_person,
    members_by_id,
    members_of_card,
    members_of_persons,
    members_page,
)
from santong.membership.selectors.persons import export_person
from santong.membership.selectors.points import (
    points_by_pool,
    points_seen_by,
    points_shown,
    quote_burn,
)
from santong.membership.selectors.programmes import (
    pool_by_code,
    pools,
    programme_by_code,
    programme_by_id,
    programme_of_brand,
    programmes,
)
from santong.membership.selectors.progress import tier_progress
from santong.membership.selectors.requests import requests_page
from santong.membership.selectors.settlements import settlement_statement
from santong.membership.selectors.sight import (
    attributions_in_sight,
    bindings_in_sight,
    pools_in_sight,
    sees_whole_pool,
    sight_of,
    storefronts_in_sight,
)
from santong.membership.selectors.terms import (
    terms_of,
    terms_page,
)
from santong.membership.services.accrue import accrue
from santong.membership.services.accrue_many import accrue_many
from santong.membership.services.approve_request import approve_request
from santong.membership.services.authorise import authorise
from santong.membership.services.bind import bind
from santong.membership.services.burn import burn
from santong.membership.services.capture_points import capture_points
from santong.membership.services.change_authorisation import change_authorisation
from santong.membership.services.claw_back import claw_back
from santong.membership.services.claw_back_order import claw_back_order
from santong.membership.services.close_member import close_member
from santong.membership.services.credit_points import credit_points
from santong.membership.services.end_authorisation import end_authorisation
from santong.membership.services.end_granted_tier import end_granted_tier
from santong.membership.services.enrol import enrol
from santong.membership.services.forget_person import forget_person
from santong.membership.services.give_back_points import give_back_points
from santong.membership.services.grant_tier import grant_tier
from santong.membership.services.hold_points import hold_points
from santong.membership.services.import_members import import_members
from santong.membership.services.join import join
from santong.membership.services.mature_due import mature_due
from santong.membership.services.note_activity import note_activity
from santong.membership.services.open_pool import open_pool
from santong.membership.services.open_programme import open_programme
from santong.membership.services.publish_pool_terms import publish_pool_terms
from santong.membership.services.publish_terms import publish_terms
from santong.membership.services.record_delivery import record_delivery
from santong.membership.services.register import register
from santong.membership.services.reject_request import reject_request
from santong.membership.services.release_points import release_points
from santong.membership.services.remind_of_expiry import remind_of_expiry
from santong.membership.services.reopen_member import reopen_member
from santong.membership.services.request_correction import request_correction
from santong.membership.services.review_dormancy import review_dormancy
from santong.membership.services.review_tiers import review_tiers
from santong.membership.services.set_card_face import set_card_face
from santong.membership.services.settle_month import settle_month
from santong.membership.services.take_back_credit import take_back_credit
from santong.membership.services.take_over import take_over
from santong.membership.services.transfer import transfer
from santong.membership.services.unbind import unbind
from santong.membership.services.unbind_account import unbind_account

__all__ = [
    "AccrualRule",
    "AccrualState",
    "Accrued",
    "AlreadyBound",
    "Attribution",
    "Authorisation",
    "AuthorisationEnded",
    "AuthorisationStands",
    "BindAnswer",
    "BindKind",
    "Binding",
    "Bound",
    "BurnEnded",
    "BurnTerms",
    "Burned",
    "Caps",
    "Card",
    "CardFace",
    "CardMissing",
    "CardTaken",
    "CardUnreadable",
    "ClawBackPolicy",
    "ClawedBack",
    "CodeTaken",
    "Conditions",
    "ExpiryTerms",
    "IdentityBound",
    "ImportProblem",
    "ImportProof",
    "ImportRow",
    "ImportedBatch",
    "JoinKind",
    "JoinSource",
    "Joined",
    "MaturityTerms",
    "Member",
    "MemberEnded",
    "MemberState",
    "MemberSummary",
    "MonthOpen",
    "MoreThanBought",
    "MoreThanBurned",
    "NotAMember",
    "NotAuthorised",
    "NothingPromised",
    "OpeningLot",
    "OwnRequest",
    "PastPurchase",
    "PointsCredited",
    "PointsKeyTaken",
    "PointsLiability",
    "PointsRequest",
    "PointsShown",
    "Pool",
    "Programme",
    "ProgrammeClosed",
    "PublishedTerms",
    "Purchase",
    "PurchaseLine",
    "Quote",
    "Registered",
    "RequestDecided",
    "RequestKind",
    "RequestState",
    "SettlementStatement",
    "SeveralMembers",
    "Sight",
    "Simulated",
    "Terms",
    "Tier",
    "TierChange",
    "TierGranted",
    "TierInUse",
    "TierProgress",
    "TierTerms",
    "TooFewPoints",
    "TransferLimit",
    "TransferTerms",
    "Why",
    "accrual_by_id",
    "accrual_by_key",
    "accrual_lines",
    "accruals_page",
    "accrue",
    "accrue_many",
    "approve_request",
    "attributions_in_sight",
    "attributions_of",
    "authorisation_by_id",
    "authorisations_of",
    "authorise",
    "bind",
    "bind_query",
    "bindings_in_sight",
    "bindings_of",
    "burn",
    "burn_by_id",
    "burn_by_key",
    "capture_points",
    "cards_of_programme",
    "change_authorisation",
    "check_invariants",
    "check_terms",
    "claw_back",
    "claw_back_order",
    "claw_backs_of",
    "close_member",
    "count_cards",
    "credit_points",
    "credits_by_key",
    "current_member_ids",
    "deferred",
    "end_authorisation",
    "end_granted_tier",
    "enrol",
    "export_person",
    "find_member",
    "find_members",
    "forget_person",
    "give_back_points",
    "grant_tier",
    "hold_points",
    "import_members",
    "join",
    "mature_due",
    "member_by_id",
    "member_ids_of_persons",
    "member_of_number",
    "member_of_person",
    "members_by_id",
    "members_joined_on",
    "members_of_card",
    "members_of_persons",
    "members_page",
    "note_activity",
    "open_pool",
    "open_programme",
    "points_by_pool",
    "points_liability",
    "points_seen_by",
    "points_shown",
    "pool_by_code",
    "pools",
    "pools_in_sight",
    "programme_by_code",
    "programme_by_id",
    "programme_of_brand",
    "programme_of_storefront",
    "programmes",
    "prove_import",
    "publish_pool_terms",
    "publish_terms",
    "quote_burn",
    "recognised",
    "record_delivery",
    "register",
    "reject_request",
    "release_points",
    "remind_of_expiry",
    "reopen_member",
    "replays_the_same",
    "request_correction",
    "requests_page",
    "review_dormancy",
    "review_tiers",
    "sees_whole_pool",
    "set_card_face",
    "settle_month",
    "settlement_statement",
    "sight_of",
    "simulate",
    "storefronts_in_sight",
    "take_back_credit",
    "take_over",
    "terms_of",
    "terms_page",
    "tier_changes_of",
    "tier_progress",
    "transfer",
    "unbind",
    "unbind_account",
]
