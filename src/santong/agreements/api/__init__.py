"""Agreements over HTTP: templates, offers, acceptance, checking, claims, evidence."""

from santong.agreements.api import agreements, claims, files, templates
from santong.agreements.api.routes import router

__all__ = ["agreements", "claims", "files", "router", "templates"]
