"""The door of fulfilment: the work that places do for orders, and how far it has come."""

from santong.fulfilment.carriers.simulated import CARRIER as SIMULATED_CARRIER
from santong.fulfilment.carriers.simulated import advance as advance_simulated_carrier
from santong.fulfilment.carriers.simulated import tracking_number_of
from santong.fulfilment.contracts import (
    DECLINE_REASONS,
    REASSIGN_REASONS,
    RESOLUTIONS,
    STATES,
    DeclineReason,
    ExceptionCase,
    ExceptionKind,
    FilledRest,
    FulfilmentLine,
    FulfilmentOrder,
    Offer,
    Parcel,
    ParcelState,
    PlaceAnswers,
    Ready,
    ReassignReason,
    Resolution,
    Sight,
    State,
    TimelineEntry,
    TrackingEvent,
)
from santong.fulfilment.errors import (
    CaseClosed,
    CodeLocked,
    CodeWrong,
    NoteMissing,
    NotWhatWasAsked,
    OfferClosed,
    PickupStays,
    StatePassed,
    TooManyAttempts,
    TrackingNumberTaken,
)
from santong.fulfilment.rules.offers import may_try_again
from santong.fulfilment.rules.states import LIVE, REASSIGNABLE
from santong.fulfilment.selectors.checks import check_invariants
from santong.fulfilment.selectors.codes import work_of_code
from santong.fulfilment.selectors.figures import answers_by_place, parcels_under_way
from santong.fulfilment.selectors.sight import Seen, order_seen, orders_seen
from santong.fulfilment.selectors.timeline import timeline_of, timeline_of_work
from santong.fulfilment.selectors.work import (
    bound_work_of,
    cases_of,
    count_open_cases,
    counts_by_state,
    open_cases,
    orders_bound_to,
    orders_of_parcel,
    parcels_of,
    queue_of,
    work_by_id,
    work_of,
    work_page,
)
from santong.fulfilment.services.accept import accept
from santong.fulfilment.services.call_waiting import call_waiting
from santong.fulfilment.services.close_case import close_case
from santong.fulfilment.services.collect import collect
from santong.fulfilment.services.decline import decline
from santong.fulfilment.services.fill_rest import fill_rest
from santong.fulfilment.services.hand_over import hand_over
from santong.fulfilment.services.hold_back import hold_back, let_go
from santong.fulfilment.services.make_ready import make_ready
from santong.fulfilment.services.open_case import open_case
from santong.fulfilment.services.pack import pack
from santong.fulfilment.services.reassign import reassign
from santong.fulfilment.services.record_picked import record_picked
from santong.fulfilment.services.record_tracking import record_tracking
from santong.fulfilment.services.start_order import start_order
from santong.fulfilment.services.start_picking import start_picking
from santong.fulfilment.services.time_out_offers import time_out_offers

__all__ = [
    "DECLINE_REASONS",
    "LIVE",
    "REASSIGNABLE",
    "REASSIGN_REASONS",
    "RESOLUTIONS",
    "SIMULATED_CARRIER",
    "STATES",
    "CaseClosed",
    "CodeLocked",
    "CodeWrong",
    "DeclineReason",
    "ExceptionCase",
    "ExceptionKind",
    "FilledRest",
    "FulfilmentLine",
    "FulfilmentOrder",
    "NotWhatWasAsked",
    "NoteMissing",
    "Offer",
    "OfferClosed",
    "Parcel",
    "ParcelState",
    "PickupStays",
    "PlaceAnswers",
    "Ready",
    "ReassignReason",
    "Resolution",
    "Seen",
    "Sight",
    "State",
    "StatePassed",
    "TimelineEntry",
    "TooManyAttempts",
    "TrackingEvent",
    "TrackingNumberTaken",
    "accept",
    "advance_simulated_carrier",
    "answers_by_place",
    "bound_work_of",
    "call_waiting",
    "cases_of",
    "check_invariants",
    "close_case",
    "collect",
    "count_open_cases",
    "counts_by_state",
    "decline",
    "fill_rest",
    "hand_over",
    "hold_back",
    "let_go",
    "make_ready",
    "may_try_again",
    "open_case",
    "open_cases",
    "order_seen",
    "orders_bound_to",
    "orders_of_parcel",
    "orders_seen",
    "pack",
    "parcels_of",
    "parcels_under_way",
    "queue_of",
    "reassign",
    "record_picked",
    "record_tracking",
    "start_order",
    "start_picking",
    "time_out_offers",
    "timeline_of",
    "timeline_of_work",
    "tracking_number_of",
    "work_by_id",
    "work_of",
    "work_of_code",
    "work_page",
]
