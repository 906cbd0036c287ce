"""Apps and their secrets, what merchants let them do, what they hold, and what they called."""

from santong.openplatform.models.apps import App, AppSecret, CallBudget, Sandbox
from santong.openplatform.models.authorisations import Authorisation
from santong.openplatform.models.calls import Call, CallCount
from santong.openplatform.models.keys import (
    AccessToken,
    AppSession,
    AuthorisationCode,
    RefreshToken,
)

__all__ = [
    "AccessToken",
    "App",
    "AppSecret",
    "AppSession",
    "Authorisation",
    "AuthorisationCode",
    "Call",
    "CallBudget",
    "CallCount",
    "RefreshToken",
    "Sandbox",
]
