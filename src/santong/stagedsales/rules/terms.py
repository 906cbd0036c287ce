"""What a plan may promise, how it is written down, and what a field may say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.stagedsales.contracts import (
    BASES,
    DUES,
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_DAYS,
    MOST_MINOR,
    MOST_STAGES,
    WHOLE_BP,
    PlanTerms,
    RefundTerms,
    StageTerms,
)

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
MOST_MINUTES = 60 * 24 * 30
MOST_CODE_DAYS = 730
MOST_GRACE_HOURS = 24 * 14


def check_plan(*, code: str, terms: PlanTerms) -> None:
    """A plan is one that can be kept. Raises FieldInvalid, which names the field."""
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise FieldInvalid(
            pointer="/code", reason="1 to 40 letters, digits, dots, hyphens, underscores"
        )
    check_text(terms.name.strip(), pointer="/name", most=LONGEST_NAME, least=1)
    if not _CURRENCY.fullmatch(terms.currency):
        raise FieldInvalid(pointer="/currency", reason="three capital letters")
    check_between(terms.deposit_minor, 1, MOST_MINOR, pointer="/deposit_minor")
    check_between(terms.payable_minutes, 1, MOST_MINUTES, pointer="/payable_minutes")
    check_between(terms.code_days, 1, MOST_CODE_DAYS, pointer="/code_days")
    check_between(terms.grace_hours, 0, MOST_GRACE_HOURS, pointer="/grace_hours")
    for name in ("deposit_kept_bp", "paid_kept_bp", "done_kept_bp"):
        check_between(getattr(terms.refunds, name), 0, WHOLE_BP, pointer=f"/refunds/{name}")
    check_text(terms.category, pointer="/category", most=LONGEST_CODE)
    check_stages(terms.stages)
    check_between(terms.credited_to, 1, len(terms.stages), pointer="/credited_to")
    credited = terms.stages[terms.credited_to - 1]
    if credited.basis == "fixed" and credited.amount_minor < terms.deposit_minor:
        raise deposit_exceeds(terms.deposit_minor, credited.amount_minor)


def check_stages(stages: Sequence[StageTerms], *, pointer: str = "/stages") -> None:
    """Stages are well formed, and exactly one takes what is left. Raises FieldInvalid."""
    if not 1 <= len(stages) <= MOST_STAGES:
        raise FieldInvalid(pointer=pointer, reason=f"1 to {MOST_STAGES}")
    for place, stage in enumerate(stages):
        _check_stage(stage, pointer=f"{pointer}/{place}")
    if sum(stage.basis == "remainder" for stage in stages) != 1:
        raise FieldInvalid(pointer=pointer, reason="exactly one stage takes the remainder")


def deposit_exceeds(deposit_minor: int, amount_minor: int) -> FieldInvalid:
    """The stage that the deposit counts for is smaller than the deposit."""
    return FieldInvalid(
        pointer="/credited_to",
        reason=f"the deposit of {deposit_minor} exceeds the stage of {amount_minor}",
    )


def _check_stage(stage: StageTerms, *, pointer: str) -> None:
    check_text(stage.name.strip(), pointer=f"{pointer}/name", most=LONGEST_NAME, least=1)
    if stage.basis not in BASES:
        raise FieldInvalid(pointer=f"{pointer}/basis", reason=f"one of {', '.join(BASES)}")
    if stage.due not in DUES:
        raise FieldInvalid(pointer=f"{pointer}/due", reason=f"one of {', '.join(DUES)}")
    if stage.basis == "fixed":
        check_between(stage.amount_minor, 1, MOST_MINOR, pointer=f"{pointer}/amount_minor")
    if stage.basis == "percent":
        check_between(stage.share_bp, 1, WHOLE_BP, pointer=f"{pointer}/share_bp")
    if stage.due == "days_after":
        check_between(stage.due_days, 1, MOST_DAYS, pointer=f"{pointer}/due_days")
    check_between(stage.silence_days, 0, MOST_DAYS, pointer=f"{pointer}/silence_days")
    if stage.due == "acceptance" and not stage.waits_for_acceptance:
        raise FieldInvalid(
            pointer=f"{pointer}/waits_for_acceptance", reason="due on an acceptance, it has one"
        )


def check_text(text: str, *, pointer: str, most: int, least: int = 0) -> None:
    """Refuse what could not be kept or shown. Raises FieldInvalid."""
    if not least <= len(text) <= most or (text and not text.isprintable()):
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most} printable characters")


def check_between(number: int, least: int, most: int, *, pointer: str) -> None:
    """Refuse what is too little or too much. Raises FieldInvalid."""
    if not least <= number <= most:
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most}")


def clean_reason(reason: str, *, pointer: str = "/reason") -> str:
    """Why something is done, as it is kept: it names nobody. Raises FieldInvalid."""
    reason = reason.strip()
    check_prose(reason, pointer=pointer)
    check_text(reason, pointer=pointer, most=LONGEST_REASON, least=1)
    return reason


def content_hash(**said: object) -> str:
    """What makes two commands with one key the same one."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def terms_to_json(terms: PlanTerms) -> dict[str, Any]:
    """Terms as they are stored."""
    said = asdict(terms)
    return {**said, "stages": [stage_to_json(stage) for stage in terms.stages]}


def terms_from_json(said: Mapping[str, Any]) -> PlanTerms:
    """What `terms_to_json` wrote."""
    given: dict[str, Any] = dict(said)
    given["stages"] = tuple(stage_from_json(stage) for stage in given["stages"])
    given["refunds"] = refunds_from_json(given["refunds"])
    return PlanTerms(**given)


def stage_to_json(stage: StageTerms) -> dict[str, Any]:
    """A stage as it is stored."""
    return {**asdict(stage), "due_on": stage.due_on.isoformat() if stage.due_on else None}


def stage_from_json(said: Mapping[str, Any]) -> StageTerms:
    """What `stage_to_json` wrote."""
    given: dict[str, Any] = dict(said)
    given["due_on"] = date.fromisoformat(given["due_on"]) if given["due_on"] else None
    return StageTerms(**given)


def refunds_from_json(said: Mapping[str, Any]) -> RefundTerms:
    """The rules of refunds as they were frozen."""
    given: dict[str, Any] = dict(said)
    return RefundTerms(**given)
