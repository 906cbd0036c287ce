"""Messaging over HTTP."""

from santong.messaging.api.webhooks import router

__all__ = ["router"]
