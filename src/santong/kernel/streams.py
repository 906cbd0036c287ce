"""What is answered by the asynchronous process: applications by path, each with its life.

Its event loop never waits for the database: that is done by threads (`santong.kernel.threads`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from asgiref.typing import ASGI3Application

Life = Callable[[], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """An application under a path (`/tmc`), which it is given as it came.

    `running` is entered before the first call and left when the process is told to end: what is
    open then has to be closed there.
    """

    path: str
    application: ASGI3Application
    running: Life = nullcontext

    def takes(self, path: str) -> bool:
        """Whether a path is this one, or below it."""
        return path == self.path or path.startswith(f"{self.path}/")
