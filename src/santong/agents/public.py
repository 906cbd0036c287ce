"""The door of agents: what other contexts may use."""

from __future__ import annotations

from santong.agents.selectors.invariants import check_invariants
from santong.agents.selectors.persons import export_person
from santong.agents.services.forget_person import forget_person
from santong.agents.services.set_shop import set_shop
from santong.agents.tools import joined as _joined  # noqa: F401  joins the tools of all contexts
from santong.agents.tools.registry import (
    AnyTool,
    Asked,
    Call,
    Preview,
    Told,
    Tool,
    Words,
    every_tool,
    register,
)

__all__ = [
    "AnyTool",
    "Asked",
    "Call",
    "Preview",
    "Told",
    "Tool",
    "Words",
    "check_invariants",
    "every_tool",
    "export_person",
    "forget_person",
    "register",
    "set_shop",
]
