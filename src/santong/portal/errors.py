"""The refusals of portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, NotAllowed


@dataclass
class RunGoesOn(Conflict):
    """The suite is already run for this app; its result comes first."""

    code: ClassVar[str] = "portal.run_goes_on"
    app_key: str


@dataclass
class NotTriedHere(NotAllowed):
    """A method cannot be tried so: `why` says what it would do, or what is missing."""

    code: ClassVar[str] = "portal.not_tried_here"
    why: str
