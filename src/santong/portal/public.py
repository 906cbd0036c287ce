"""The door of portal: runs of the conformance suite."""

from __future__ import annotations

from santong.portal.contracts import CaseResult, NewRun, Run, RunState
from santong.portal.errors import RunGoesOn
from santong.portal.selectors.runs import has_passed, run_by_id, runs_of
from santong.portal.services.begin_run import begin_run

__all__ = [
    "CaseResult",
    "NewRun",
    "Run",
    "RunGoesOn",
    "RunState",
    "begin_run",
    "has_passed",
    "run_by_id",
    "runs_of",
]
