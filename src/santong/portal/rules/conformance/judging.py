"""What an answer of a brand's endpoint says, and whether that is what the contract asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from santong.portal.rules.conformance.asks import Seen

SLOWEST_MS: Final = 1_200
OK: Final = 200
_BAD_REQUEST, _SERVER_ERROR = 400, 500
_CODES: Final = ("bind_code", "register_code", "query_code")
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a case has failed: a stable reason, what was wanted and what came."""

    reason: str
    wanted: str = ""
    got: str = ""


Judge = Callable[[Sequence[Seen]], Fault | None]


def answers(field: str, *codes: str) -> Judge:
    """Each answer is a document whose `field` is one of the codes; an empty one may be left out."""

    def judge(seen: Sequence[Seen]) -> Fault | None:
        for each in seen:
            if fault := readable(each):
                return fault
            if code_of(each, field) not in codes:
                wanted = " / ".join(code or "(empty)" for code in codes)
                return Fault(reason="other_code", wanted=f"{field} = {wanted}", got=told(each))
        return None

    return judge


def can_be_bound(seen: Sequence[Seen]) -> Fault | None:
    """A member is found: bindable with a whole number of points, or bound already (E02)."""
    (each,) = seen
    if fault := readable(each):
        return fault
    if code_of(each, "bind_code") == "E02":
        return None
    if _is_true(document_of(each).get("bindable")) and not code_of(each, "bind_code"):
        return _of_member(each)
    wanted = "bindable = true, bind_code = (empty)"
    return Fault(reason="not_bindable", wanted=wanted, got=told(each))


def has_member(field: str, code: str) -> Judge:
    """The answer has this code and shows the member."""

    def judge(seen: Sequence[Seen]) -> Fault | None:
        return answers(field, code)(seen) or _of_member(seen[0])

    return judge


def offers_registration(seen: Sequence[Seen]) -> Fault | None:
    """Nobody has the telephone number: `bindable` false with E04."""
    (each,) = seen
    if fault := answers("bind_code", "E04")(seen):
        return fault
    if _is_true(document_of(each).get("bindable")):
        return Fault(reason="bindable_with_code", wanted="bindable = false", got=told(each))
    return None


def is_refused(seen: Sequence[Seen]) -> Fault | None:
    """The signature is not taken: nothing is told and nothing is done."""
    (each,) = seen
    if each.failure:
        return Fault(reason=each.failure, wanted="failCode = sign-check-failure")
    if each.status >= _SERVER_ERROR:
        return Fault(reason="broke", wanted="failCode = sign-check-failure", got=str(each.status))
    said = each.document or {}
    is_done = any(said.get(field) == "SUC" for field in _CODES)
    if is_done or _is_true(said.get("bindable")) or isinstance(said.get("member"), Mapping):
        return Fault(reason="took_it", wanted="failCode = sign-check-failure", got=told(each))
    is_named = said.get("failCode") == "sign-check-failure"
    is_coded = any(str(said.get(field, "")) in {"E01", "E05"} for field in _CODES)
    is_status = _BAD_REQUEST <= each.status < _SERVER_ERROR
    if not (is_named or is_coded or is_status):
        wanted = "failCode = sign-check-failure"
        return Fault(reason="not_refused_plainly", wanted=wanted, got=told(each))
    return None


def does_not_break(seen: Sequence[Seen]) -> Fault | None:
    """A body that makes no sense is refused, and the endpoint goes on."""
    (each,) = seen
    if each.failure:
        return Fault(reason=each.failure)
    if each.status >= _SERVER_ERROR:
        return Fault(reason="broke", got=str(each.status))
    if any((each.document or {}).get(field) == "SUC" for field in _CODES):
        return Fault(reason="took_it", got=told(each))
    return None


def in_time(seen: Sequence[Seen]) -> Fault | None:
    """No answer took longer than a marketplace waits."""
    slowest = max((each.milliseconds for each in seen), default=0)
    if slowest > SLOWEST_MS:
        return Fault(reason="too_slow", wanted=f"≤ {SLOWEST_MS} ms", got=f"{slowest} ms")
    return None


def as_json(seen: Sequence[Seen]) -> Fault | None:
    """Every answer says that it is JSON; clients that read it otherwise hand on a text."""
    for each in seen:
        if each.failure or each.status != OK:
            continue
        kind = each.content_type.lower()
        if "application/json" not in kind and "text/javascript" not in kind:
            return Fault(
                reason="not_json", wanted="application/json", got=each.content_type[:_LONGEST]
            )
    return None


def readable(seen: Seen) -> Fault | None:
    """Whether an answer can be read at all."""
    if seen.failure:
        return Fault(reason=seen.failure)
    if seen.status != OK:
        return Fault(reason="other_status", wanted="HTTP 200", got=f"HTTP {seen.status}")
    if seen.document is None:
        return Fault(reason="not_a_document", wanted="{…}", got=seen.text[:_LONGEST])
    return None


def document_of(seen: Seen) -> Mapping[str, object]:
    """The business document: bare, or under a root named after the method."""
    said = seen.document or {}
    if len(said) == 1:
        ((name, inner),) = said.items()
        if name.endswith("_response") and isinstance(inner, Mapping):
            return cast("Mapping[str, object]", inner)
    return said


def code_of(seen: Seen, field: str) -> str:
    """A code of the answer as text; nothing where it is left out."""
    found = document_of(seen).get(field)
    return "" if found is None else str(found)[:_LONGEST]


def told(seen: Seen) -> str:
    """The codes of an answer, for the report: nothing that names anybody."""
    said = document_of(seen)
    shown = ("bindable", *_CODES, "success", "failCode")
    parts = [f"{name} = {str(said[name])[:_LONGEST]}" for name in shown if name in said]
    return ", ".join(parts) or "{}"


def _of_member(seen: Seen) -> Fault | None:
    member = document_of(seen).get("member")
    if not isinstance(member, Mapping):
        return Fault(reason="no_member", wanted="member{point, level}", got=told(seen))
    point = cast("Mapping[str, object]", member).get("point")
    is_whole = (isinstance(point, int) and not isinstance(point, bool)) or (
        isinstance(point, str) and point.isascii() and point.removeprefix("-").isdigit()
    )
    if not is_whole:
        got = f"member.point = {str(point)[:_LONGEST]}"
        return Fault(reason="points_not_whole", wanted="member.point = 0, 1, 2 …", got=got)
    return None


def _is_true(value: object) -> bool:
    return value is True or value == "true"
