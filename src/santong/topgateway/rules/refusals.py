"""What a context refuses, in the platform's numbers."""

from __future__ import annotations

from typing import Final

from santong.kernel.errors import (
    DomainError,
    Invalid,
    LimitExceeded,
    NotAllowed,
    Unavailable,
)
from santong.topgateway import errors
from santong.topgateway.errors import Refused

LONGEST_MESSAGE: Final = 200


def refused_by_context(refused: DomainError) -> Refused:
    """A refusal of ours as a client of the platform knows it.

    `isp.` says that the same call may succeed later; everything else is the caller's to mend.
    """
    told = ", ".join(f"{name}: {value}" for name, value in refused.members().items())
    side = "isp" if isinstance(refused, Unavailable) else "isv"
    code = refused.code.replace("_", "-")
    return Refused(_number_of(refused), f"{side}.{code}", told[:LONGEST_MESSAGE])


def _number_of(refused: DomainError) -> int:
    if isinstance(refused, Invalid):
        return errors.INVALID_ARGUMENTS
    if isinstance(refused, NotAllowed):
        return errors.USER_PERMISSIONS
    if isinstance(refused, LimitExceeded):
        return errors.CALL_LIMITED
    if isinstance(refused, Unavailable):
        return errors.UNAVAILABLE
    return errors.REMOTE_ERROR
