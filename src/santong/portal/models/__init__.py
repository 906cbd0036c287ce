"""The tables of portal."""

from santong.portal.models.runs import ConformanceRun
from santong.portal.models.trials import TrialKey

__all__ = ["ConformanceRun", "TrialKey"]
