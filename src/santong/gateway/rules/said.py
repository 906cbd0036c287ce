"""What the answer to a call of ours means: done, a no that will stay a no, or try again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from santong.gateway.contracts import Outcome
from santong.gateway.rules.masking import shown_code

OK: Final = 200
# Codes of the business, in the answers of an older CRM: these say that it is broken at the moment.
_BROKEN: Final = frozenset({"E04", "E05"})
_CODES: Final = ("query_code", "bind_code", "register_code")
# The caller's data is wrong, and will be wrong again.
_ARGUMENTS: Final = frozenset({"40", "41", "43"})
_BUSINESS: Final = frozenset({"15", "50"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was answered, and what that makes of the call."""

    outcome: Outcome
    code: str
    document: Mapping[str, object]


def said_by_platform(*, status: int, document: object) -> Said:
    """The answer of a platform's router: `error_response`, or `…_response` with its content.

    Without permission or with a wrong signature nothing is wrong with what was sent: it waits.
    """
    if status != OK or not isinstance(document, Mapping):
        return _unreadable(status)
    root = cast("Mapping[str, object]", document)
    error = root.get("error_response")
    if isinstance(error, Mapping):
        told = cast("Mapping[str, object]", error)
        code, sub_code = _text(told.get("code")), _text(told.get("sub_code"))
        is_theirs = code in _ARGUMENTS or (code in _BUSINESS and sub_code.startswith("isv."))
        outcome: Outcome = "no" if is_theirs else "failed"
        return Said(outcome=outcome, code=_shown(sub_code or code) or "error", document=told)
    content = _content(root)
    success = _text(content.get("result_success", content.get("is_success", "true")))
    if success.lower() == "false":
        return Said(outcome="no", code="result_success", document=content)
    return _of_result(content)


def said_by_crm(*, status: int, document: object) -> Said:
    """The bare business document of an older CRM that speaks as brands' CRMs do."""
    if status != OK or not isinstance(document, Mapping):
        return _unreadable(status)
    content = cast("Mapping[str, object]", document)
    if _text(content.get("success")).lower() == "false":
        return Said(
            outcome="failed",
            code=_shown(_text(content.get("failCode"))) or "failure",
            document=content,
        )
    if content.get("bindable") is True:
        return Said(outcome="ok", code="bindable", document=content)
    named = next((name for name in _CODES if content.get(name)), "")
    if named:
        return _of_code(named, _text(content[named]), content)
    if not isinstance(content.get("result"), Mapping):
        return Said(outcome="failed", code="no_code", document=content)
    return _of_result(content)


def _of_code(name: str, code: str, content: Mapping[str, object]) -> Said:
    if code == "SUC":
        return Said(outcome="ok", code=code, document=content)
    is_broken = code in _BROKEN and not (name == "bind_code" and code == "E04")
    return Said(outcome="failed" if is_broken else "no", code=_shown(code), document=content)


def _of_result(content: Mapping[str, object]) -> Said:
    """`result{code, message}`, as the later member service answers."""
    result = content.get("result")
    if not isinstance(result, Mapping):
        return Said(outcome="ok", code="", document=content)
    code = _text(cast("Mapping[str, object]", result).get("code"))
    if code in {"", "0", "SUC", "200"}:
        return Said(outcome="ok", code=code, document=content)
    is_broken = code.startswith("isp.") or code in _BROKEN
    return Said(outcome="failed" if is_broken else "no", code=_shown(code), document=content)


def _content(root: Mapping[str, object]) -> Mapping[str, object]:
    """What stands under the root that is named after the method, or the simplified form."""
    if len(root) == 1:
        ((name, inner),) = root.items()
        if name.endswith("_response") and isinstance(inner, Mapping):
            return cast("Mapping[str, object]", inner)
    return root


def _unreadable(status: int) -> Said:
    return Said(
        outcome="failed", code="unreadable" if status == OK else f"http_{status}", document={}
    )


def _shown(code: str) -> str:
    """What goes into the log and into what waits: a code, and no sentence."""
    return shown_code(code=code)


def _text(value: object) -> str:
    return "" if value is None else str(value)[:60]
