"""The door of fieldservice: who comes to buyers, when, and what came of it."""

from __future__ import annotations

from santong.fieldservice.contracts import (
    ACCEPTED_BY,
    CHECKED_IN_BY,
    FOLLOW_REASONS,
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_REASON,
    PART_KINDS,
    PLAN_STATES,
    REFUSALS,
    SIDES,
    STATES,
    TERRITORY_KINDS,
    AcceptedBy,
    CheckedInBy,
    CodeTried,
    Contact,
    DayPlan,
    Decision,
    DecisionOffer,
    FollowReason,
    Holiday,
    Hours,
    Leave,
    MaskedContact,
    NewServiceType,
    Part,
    PartKind,
    Place,
    PlanMove,
    PlanState,
    Point,
    Provider,
    Refusal,
    RevealedContact,
    ServiceType,
    Side,
    Slot,
    Speed,
    State,
    Technician,
    Territory,
    TerritoryKind,
    Visit,
    VisitFee,
    Window,
)
from santong.fieldservice.errors import (
    CannotCome,
    CodeNeeded,
    KeyTaken,
    LinkOver,
    NothingToPlan,
    PhotosMissing,
    PlaceUnknown,
    PlanOutdated,
    PlanPassed,
    SlotTaken,
    StillWaits,
    TooFar,
    TooLateToChange,
    TooOften,
    VisitPassed,
    VisitsAhead,
)
from santong.fieldservice.selectors.board import (
    BoardRow,
    board_of,
)
from santong.fieldservice.selectors.codes import (
    arrival_code,
    completion_code,
)
from santong.fieldservice.selectors.fees import fee_of
from santong.fieldservice.selectors.invariants import (
    check_invariants,
)
from santong.fieldservice.selectors.links import link_path
from santong.fieldservice.selectors.offers import (
    OfferedDay,
    windows_for,
)
from santong.fieldservice.selectors.people import (
    holidays_of,
    hours_of,
    leave_of,
    names_of_technicians,
    provider_by_code,
    providers,
    service_type_by_code,
    service_types,
    technician_by_code,
    technicians,
    territories,
)
from santong.fieldservice.selectors.persons import (
    export_person,
)
from santong.fieldservice.selectors.photos import (
    photos_of,
)
from santong.fieldservice.selectors.plans import (
    day_plan_by_id,
    day_plans,
)
from santong.fieldservice.selectors.sight import (
    Sight,
    sight_of,
)
from santong.fieldservice.selectors.visits import (
    decisions_of,
    follower_of,
    held_slot,
    parts_of,
    visit_by_id,
    visits_of,
    visits_on,
    visits_page,
)
from santong.fieldservice.services.accept_visit import (
    accept_by_code,
    accept_by_signature,
)
from santong.fieldservice.services.add_photos import (
    add_photos,
)
from santong.fieldservice.services.book_visit import (
    book,
    confirm,
    reschedule,
)
from santong.fieldservice.services.cancel_visit import (
    cancel,
)
from santong.fieldservice.services.check_in import (
    check_in_by_code,
    check_in_by_place,
)
from santong.fieldservice.services.end_plan import (
    refuse_day_plan,
    take_day_plan,
)
from santong.fieldservice.services.follow_visit import (
    follow_visit,
)
from santong.fieldservice.services.forget_person import (
    forget_person,
)
from santong.fieldservice.services.hold_slot import (
    hold_slot,
    release_hold,
)
from santong.fieldservice.services.keep_calendar import (
    add_holiday,
    add_leave,
    remove_holiday,
    remove_leave,
    set_hours,
)
from santong.fieldservice.services.keep_people import (
    keep_provider,
    keep_service_type,
    keep_technician,
    keep_territory,
)
from santong.fieldservice.services.note_parts import (
    note_used_parts,
)
from santong.fieldservice.services.offer_visit import (
    goods_arrived,
    parts_arrived,
)
from santong.fieldservice.services.plan_day import (
    ask_day_plan,
    propose_day_plan,
    work_out_day_plans,
)
from santong.fieldservice.services.renew_link import renew_link
from santong.fieldservice.services.report_done import (
    report_done,
)
from santong.fieldservice.services.report_no_show import (
    report_no_show,
)
from santong.fieldservice.services.request_visit import (
    request_visit,
)
from santong.fieldservice.services.reveal_contact import (
    reveal_contact,
)
from santong.fieldservice.services.set_out import (
    begin_work,
    set_out,
)

__all__ = [
    "ACCEPTED_BY",
    "CHECKED_IN_BY",
    "FOLLOW_REASONS",
    "LONGEST_CODE",
    "LONGEST_NAME",
    "LONGEST_REASON",
    "PART_KINDS",
    "PLAN_STATES",
    "REFUSALS",
    "SIDES",
    "STATES",
    "TERRITORY_KINDS",
    "AcceptedBy",
    "BoardRow",
    "CannotCome",
    "CheckedInBy",
    "CodeNeeded",
    "CodeTried",
    "Contact",
    "DayPlan",
    "Decision",
    "DecisionOffer",
    "FollowReason",
    "Holiday",
    "Hours",
    "KeyTaken",
    "Leave",
    "LinkOver",
    "MaskedContact",
    "NewServiceType",
    "NothingToPlan",
    "OfferedDay",
    "Part",
    "PartKind",
    "PhotosMissing",
    "Place",
    "PlaceUnknown",
    "PlanMove",
    "PlanOutdated",
    "PlanPassed",
    "PlanState",
    "Point",
    "Provider",
    "Refusal",
    "RevealedContact",
    "ServiceType",
    "Side",
    "Sight",
    "Slot",
    "SlotTaken",
    "Speed",
    "State",
    "StillWaits",
    "Technician",
    "Territory",
    "TerritoryKind",
    "TooFar",
    "TooLateToChange",
    "TooOften",
    "Visit",
    "VisitFee",
    "VisitPassed",
    "VisitsAhead",
    "Window",
    "accept_by_code",
    "accept_by_signature",
    "add_holiday",
    "add_leave",
    "add_photos",
    "arrival_code",
    "ask_day_plan",
    "begin_work",
    "board_of",
    "book",
    "cancel",
    "check_in_by_code",
    "check_in_by_place",
    "check_invariants",
    "completion_code",
    "confirm",
    "day_plan_by_id",
    "day_plans",
    "decisions_of",
    "export_person",
    "fee_of",
    "follow_visit",
    "follower_of",
    "forget_person",
    "goods_arrived",
    "held_slot",
    "hold_slot",
    "holidays_of",
    "hours_of",
    "keep_provider",
    "keep_service_type",
    "keep_technician",
    "keep_territory",
    "leave_of",
    "link_path",
    "names_of_technicians",
    "note_used_parts",
    "parts_arrived",
    "parts_of",
    "photos_of",
    "propose_day_plan",
    "provider_by_code",
    "providers",
    "refuse_day_plan",
    "release_hold",
    "remove_holiday",
    "remove_leave",
    "renew_link",
    "report_done",
    "report_no_show",
    "request_visit",
    "reschedule",
    "reveal_contact",
    "service_type_by_code",
    "service_types",
    "set_hours",
    "set_out",
    "sight_of",
    "take_day_plan",
    "technician_by_code",
    "technicians",
    "territories",
    "visit_by_id",
    "visits_of",
    "visits_on",
    "visits_page",
    "windows_for",
    "work_out_day_plans",
]
