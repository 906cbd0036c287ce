"""The tables of portal."""

from santong.portal.models.runs import ConformanceRun

__all__ = ["ConformanceRun"]
