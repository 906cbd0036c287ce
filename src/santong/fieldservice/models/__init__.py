"""The tables of fieldservice."""

from santong.fieldservice.models.days import DayPlan, Decision, Slot
from santong.fieldservice.models.people import (
    Holiday,
    Leave,
    Provider,
    ProviderStaff,
    ServiceType,
    Technician,
    Territory,
    WorkHours,
)
from santong.fieldservice.models.visits import Visit, VisitPart

__all__ = [
    "DayPlan",
    "Decision",
    "Holiday",
    "Leave",
    "Provider",
    "ProviderStaff",
    "ServiceType",
    "Slot",
    "Technician",
    "Territory",
    "Visit",
    "VisitPart",
    "WorkHours",
]
