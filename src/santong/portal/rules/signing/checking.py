"""A request that somebody pasted, looked at step by step as the router looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from santong.kernel.signing import (
    ALLOWANCE,
    SIGN,
    SIGN_METHODS,
    SignMethod,
    instant_of,
    is_same_signature,
    timestamp_of,
    top_sign,
)
from santong.portal.rules.signing.mistakes import Mistake, mistake_of
from santong.portal.rules.signing.steps import OPENS, Signing, signing_of, without

Outcome = Literal["good", "bad", "note"]
DEFAULT_WAY: Final[SignMethod] = "md5"
_HEX: Final = frozenset("0123456789ABCDEFabcdef")
_LENGTH: Final[Mapping[str, int]] = {"md5": 32, "hmac": 32, "hmac-sha256": 64}
_CONTEXT: Final = 24
# So many hours lie between the clocks of the world at most.
_FARTHEST_ZONES: Final = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was looked at: what came of it, and what it was about."""

    code: str
    outcome: Outcome
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the text that somebody signed parts from ours; `name` is the parameter there."""

    name: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found. `signing` is how it is done right, where it is known whose call it is."""

    steps: tuple[Step, ...]
    signing: Signing | None = None
    difference: Difference | None = None

    @property
    def is_good(self) -> bool:
        return all(step.outcome != "bad" for step in self.steps)


def looked_at(
    *,
    params: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    signed_text: str = "",
    now: datetime,
) -> Looked:
    """Each step of checking a signature; `signed_text` is what the caller thinks it signed.

    Without secrets the app is none of the developer's, and nothing is told of its signature.
    """
    steps = [*_of_system(params), *_of_time(params, now)]
    if not secrets:
        return Looked(steps=(*steps, Step(code="app_unknown", outcome="bad")))
    way = _way(params)
    if way is None:
        wanted = ", ".join(SIGN_METHODS)
        return Looked(steps=(*steps, Step(code="way_unknown", outcome="bad", about=wanted)))
    signing = signing_of(way=way, secret=secrets[0], params=params, body=body)
    return Looked(
        steps=(*steps, *_of_signature(params, body, way, secrets)),
        signing=signing,
        difference=(
            _difference(signing, signed_text, (*secrets, *_opening(params)))
            if signed_text.strip()
            else None
        ),
    )


def _of_system(params: Mapping[str, str]) -> list[Step]:
    steps = [
        Step(code="missing", outcome="bad", about=name)
        for name in ("method", "app_key", "v", "timestamp", SIGN)
        if not params.get(name)
    ]
    if params.get("v", "2.0") not in {"2.0", ""}:
        steps.append(Step(code="version", outcome="bad", about=params["v"]))
    if params.get("format", "xml") not in {"xml", "json", ""}:
        steps.append(Step(code="format", outcome="bad", about=params["format"]))
    if any(name != name.strip() for name in params):
        steps.append(Step(code="blank_in_name", outcome="bad"))
    return steps or [Step(code="complete", outcome="good")]


def _of_time(params: Mapping[str, str], now: datetime) -> list[Step]:
    said = params.get("timestamp", "")
    if not said:
        return []
    at = instant_of(timestamp=said)
    if at is None:
        return [Step(code="time_unreadable", outcome="bad", about=said)]
    off = at - now
    if abs(off) <= ALLOWANCE:
        return [Step(code="in_time", outcome="good", about=timestamp_of(now=now))]
    hours = round(off / timedelta(hours=1))
    if 0 < abs(hours) <= _FARTHEST_ZONES and abs(off - timedelta(hours=hours)) <= ALLOWANCE:
        return [Step(code="other_zone", outcome="bad", about=str(-hours))]
    code = "too_old" if off < timedelta() else "too_early"
    return [Step(code=code, outcome="bad", about=str(abs(round(off / timedelta(minutes=1)))))]


def _way(params: Mapping[str, str]) -> SignMethod | None:
    said = params.get("sign_method") or DEFAULT_WAY
    return next((way for way in SIGN_METHODS if way == said), None)


def _of_signature(
    params: Mapping[str, str], body: bytes, way: SignMethod, secrets: Sequence[str]
) -> list[Step]:
    given = params.get(SIGN, "")
    if not given:
        return []
    for secret in secrets:
        for keeps_empty in (False, True):
            expected = top_sign(
                method=way, secret=secret, params=params, body=body, keeps_empty=keeps_empty
            )
            if is_same_signature(given=given, expected=expected):
                return _agreed(params, is_older=secret != secrets[0], keeps_empty=keeps_empty)
    shape = _of_shape(given, way)
    for secret in secrets:
        known = mistake_of(given=given, way=way, secret=secret, params=params, body=body)
        if known is not None:
            return [_step(known)]
    return [*shape, Step(code="differs", outcome="bad")]


def _agreed(params: Mapping[str, str], *, is_older: bool, keeps_empty: bool) -> list[Step]:
    has_empty = any(not value for value in params.values())
    steps = [Step(code="agrees", outcome="good")]
    if keeps_empty and has_empty:
        steps.append(Step(code="empty_signed", outcome="note"))
    if is_older:
        steps.append(Step(code="older_secret", outcome="note"))
    return steps


def _of_shape(given: str, way: SignMethod) -> list[Step]:
    if not set(given) <= _HEX:
        return [Step(code="no_hex", outcome="bad")]
    if len(given) != _LENGTH[way]:
        return [Step(code="other_length", outcome="bad", about=str(_LENGTH[way]))]
    return []


def _step(mistake: Mistake) -> Step:
    code = f"{mistake.code}_one" if mistake.about and mistake.code in _OF_ONE else mistake.code
    return Step(code=code, outcome="bad", about=mistake.about)


# Mistakes that are made with all values, or with one.
_OF_ONE: Final = frozenset(
    {"encoded", "form_encoded", "plus_unencoded", "trimmed", "lower_case", "no_line_ends"}
)


def _opening(params: Mapping[str, str]) -> list[str]:
    return [value for name, value in params.items() if name in OPENS]


def _difference(signing: Signing, signed_text: str, secrets: Sequence[str]) -> Difference | None:
    """The first place at which the two texts part, with the parameter that stands there."""
    masked = without(signed_text.strip("\r\n"), secrets=tuple(secrets))
    theirs = masked.strip("*") if signing.around or masked.startswith("*") else masked
    ours = signing.text
    if theirs == ours:
        return None
    same = 0
    while same < min(len(ours), len(theirs)) and ours[same] == theirs[same]:
        same += 1
    begin = max(0, same - _CONTEXT)
    return Difference(
        name=_parameter_at(signing, same),
        ours=ours[begin : same + _CONTEXT],
        theirs=theirs[begin : same + _CONTEXT],
    )


def _parameter_at(signing: Signing, place: int) -> str:
    reached = 0
    for part in signing.parts:
        if part.left_out:
            continue
        reached += len(part.name) + len(part.value)
        if place < reached:
            return part.name
    return "" if not signing.has_body else "body"
