"""Apps over HTTP: for whoever makes them, and for whoever lets them in."""

from __future__ import annotations

from santong.openplatform.api import apps, authorisations
from santong.openplatform.api.routes import router

__all__ = ["apps", "authorisations", "router"]
