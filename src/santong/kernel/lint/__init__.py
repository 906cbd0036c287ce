"""House rules as code. Used by tests and by import-linter; the product never imports it."""

from santong.kernel.lint.imports import InsideContexts, PublicOnly

__all__ = ["InsideContexts", "PublicOnly"]
