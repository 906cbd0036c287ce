"""What a policy may promise."""

from __future__ import annotations

from collections.abc import Collection

from santong.clocks.contracts import (
    MOST_AFTER_SECONDS,
    MOST_STEPS,
    MOST_TARGET_SECONDS,
    STEP_BASES,
    STEP_PLACES,
    Promise,
    Step,
)
from santong.kernel.errors import FieldInvalid


def check_promise(promise: Promise, *, roles: Collection[str]) -> None:
    """Refuse a promise that could not be kept or told of. Raises FieldInvalid."""
    if not 1 <= promise.target_seconds <= MOST_TARGET_SECONDS:
        raise FieldInvalid(pointer="/target_seconds", reason=f"1 to {MOST_TARGET_SECONDS}")
    if not 0 <= promise.warn_percent <= 99:  # noqa: PLR2004  percent
        raise FieldInvalid(pointer="/warn_percent", reason="0 to 99")
    if len(promise.steps) > MOST_STEPS:
        raise FieldInvalid(pointer="/steps", reason=f"at most {MOST_STEPS}")
    for place, step in enumerate(promise.steps):
        _check_step(step, pointer=f"/steps/{place}", roles=roles)


def _check_step(step: Step, *, pointer: str, roles: Collection[str]) -> None:
    if step.basis not in STEP_BASES:
        raise FieldInvalid(pointer=f"{pointer}/basis", reason=f"one of {', '.join(STEP_BASES)}")
    if step.place not in STEP_PLACES:
        raise FieldInvalid(pointer=f"{pointer}/place", reason=f"one of {', '.join(STEP_PLACES)}")
    if step.role not in roles:
        raise FieldInvalid(pointer=f"{pointer}/role", reason="a role of ours")
    least, most = (1, 100) if step.basis == "share" else (0, MOST_AFTER_SECONDS)
    if not least <= step.value <= most:
        raise FieldInvalid(pointer=f"{pointer}/value", reason=f"{least} to {most}")
