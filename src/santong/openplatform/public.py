"""The door of openplatform: apps, what merchants let them do, their calls."""

from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.calls.credentials import AppCredentials, brings_session_key
from santong.openplatform.calls.limits import take_call
from santong.openplatform.calls.log import flush_calls, log_call
from santong.openplatform.calls.registration import open_sandbox
from santong.openplatform.calls.sessions import actor_of, session_of
from santong.openplatform.contracts import (
    APP_STATES,
    PERSONAL_DATA,
    App,
    AppChange,
    AppState,
    Authorisation,
    Call,
    CallRecord,
    CallsWanted,
    Check,
    Consent,
    ErrorRate,
    FailureCount,
    MethodFigures,
    NewApp,
    NewSecret,
    Outcome,
    Pack,
    PersonalData,
    RegisteredApp,
    Sandbox,
    Session,
    Tokens,
    Traffic,
    Worded,
)
from santong.openplatform.documents.words import pack_lines, person_lines
from santong.openplatform.errors import (
    AppKeyTaken,
    AppStateForbids,
    AskedTooMuch,
    MoreThanOwn,
    NotApprovedHere,
    NotReady,
    TwoAppSecretsAlready,
    UnknownPack,
)
from santong.openplatform.oauth.documents import server_metadata
from santong.openplatform.rules.addresses import is_within
from santong.openplatform.rules.lifetimes import LIFETIMES
from santong.openplatform.rules.packs import PACKS
from santong.openplatform.selectors.apps import registered_app, registered_apps
from santong.openplatform.selectors.authorisations import authorisation_of, authorisations
from santong.openplatform.selectors.calls import calls_of_app, error_rates
from santong.openplatform.selectors.checks import checks_of_app
from santong.openplatform.selectors.invariants import check_invariants
from santong.openplatform.selectors.monitor import (
    call_by_id,
    calls_page,
    failures_by_code,
    method_figures,
    traffic,
)
from santong.openplatform.selectors.sandboxes import is_sandbox
from santong.openplatform.services.approve_packs import approve_packs
from santong.openplatform.services.authorise import authorise
from santong.openplatform.services.change_app import change_app
from santong.openplatform.services.go_live import go_live
from santong.openplatform.services.open_session import open_session
from santong.openplatform.services.record_conformance import record_conformance
from santong.openplatform.services.register_app import register_app
from santong.openplatform.services.resume_app import resume_app
from santong.openplatform.services.revoke_authorisation import revoke_authorisation
from santong.openplatform.services.rotate_app_secret import rotate_app_secret
from santong.openplatform.services.start_trial import start_trial
from santong.openplatform.services.suspend_app import suspend_app

__all__ = [
    "APP_STATES",
    "LIFETIMES",
    "PACKS",
    "PERSONAL_DATA",
    "App",
    "AppChange",
    "AppCredentials",
    "AppKeyTaken",
    "AppState",
    "AppStateForbids",
    "AskedTooMuch",
    "Authorisation",
    "Call",
    "CallRecord",
    "CallsWanted",
    "Check",
    "Consent",
    "ErrorRate",
    "FailureCount",
    "MethodFigures",
    "MoreThanOwn",
    "NewApp",
    "NewSecret",
    "NotApprovedHere",
    "NotReady",
    "Outcome",
    "Pack",
    "PersonalData",
    "RegisteredApp",
    "Sandbox",
    "Session",
    "Tokens",
    "Traffic",
    "TwoAppSecretsAlready",
    "UnknownPack",
    "Worded",
    "actor_of",
    "app_by_key",
    "approve_packs",
    "authorisation_of",
    "authorisations",
    "authorise",
    "brings_session_key",
    "call_by_id",
    "calls_of_app",
    "calls_page",
    "change_app",
    "check_invariants",
    "checks_of_app",
    "error_rates",
    "failures_by_code",
    "flush_calls",
    "go_live",
    "is_sandbox",
    "is_within",
    "log_call",
    "method_figures",
    "open_sandbox",
    "open_session",
    "pack_lines",
    "person_lines",
    "record_conformance",
    "register_app",
    "registered_app",
    "registered_apps",
    "resume_app",
    "revoke_authorisation",
    "rotate_app_secret",
    "server_metadata",
    "session_of",
    "start_trial",
    "suspend_app",
    "take_call",
    "traffic",
]
