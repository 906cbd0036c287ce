"""Who comes to buyers: providers, their technicians, and the visits of these days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from santong.simulation.rules.demo.money import ZONE
from santong.simulation.rules.demo.shape import Role


class Caller(NamedTuple):
    """A technician: log-in and code are the same; skills, and how far from the showroom."""

    code: str
    provider: str
    name: str
    skills: tuple[str, ...]
    north: float
    east: float
    has_log_in: bool = False


class Company(NamedTuple):
    code: str
    name: str
    dispatcher: str


class Call(NamedTuple):
    """A visit: what is done for which document, in how many days, from which hour on, by whom."""

    name: str
    document: str
    service: str
    in_days: int
    hour: int
    by: str
    ends: str = "accepted"  # of those that are over: accepted or missed


COMPANIES: Final = (
    Company("anju", "安居上门服务（示范）", "dispatch-anju"),
    Company("jiangxin", "匠心安装工坊（示范）", "dispatch-jiangxin"),
)
CALLERS: Final = (
    Caller("fitter-1", "anju", "榆清川", ("door", "furniture"), 0.02, 0.01, has_log_in=True),
    Caller("fitter-2", "anju", "荻以溪", ("door", "measure"), -0.03, 0.02),
    Caller("fitter-3", "anju", "枫半野", ("furniture", "appliance"), 0.01, -0.04),
    Caller("fitter-4", "jiangxin", "岚初树", ("appliance",), 0.03, 0.03),
    Caller("fitter-5", "jiangxin", "砚若安", ("appliance", "light"), -0.02, -0.03),
    Caller("fitter-6", "jiangxin", "笙语行", ("measure", "light"), 0.0, 0.04),
)
# Days and hours where the merchant is; what is over today ends by itself as its window does.
CALLS: Final = (
    Call("fridge", "order:fridge", "appliance-install", -7, 10, "fitter-3"),
    Call("measure", "stagedsale:measured", "measuring", -2, 14, "fitter-2"),
    Call("missed", "order:shelf", "furniture-install", -1, 10, "fitter-3", ends="missed"),
    Call("door", "stagedsale:fitting", "door-fitting", 0, 8, "fitter-1"),
    Call("table", "order:table", "furniture-install", 0, 10, "fitter-1"),
    Call("first", "stagedsale:code", "measuring", 0, 14, "fitter-2"),
    Call("lamp", "order:lamp", "light-repair", 0, 16, "fitter-5"),
    Call("shelf-again", "order:shelf", "furniture-install", 0, 16, "fitter-1"),
    Call("doors-2", "stagedsale:changing", "door-fitting", 1, 8, "fitter-1"),
    Call("washer", "order:washer", "appliance-install", 1, 10, "fitter-4"),
    Call("shelf", "order:hinges", "furniture-install", 1, 14, "fitter-1"),
    Call("again", "stagedsale:measured", "measuring", 2, 10, "fitter-6"),
)
DISPATCHER: Final[Role] = "provider"
TECHNICIAN: Final[Role] = "technician"


def window_of(call: Call, *, now: datetime) -> datetime:
    """When the window of a call begins."""
    day = now.astimezone(ZONE).date() + timedelta(days=call.in_days)
    return datetime.combine(day, time(call.hour), ZONE)
