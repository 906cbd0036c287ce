"""The passwords of a cluster's roles."""

import functools
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """One for each role the launcher makes."""

    superuser: str = field(default_factory=functools.partial(secrets.token_urlsafe, 24))
    owner: str = field(default_factory=functools.partial(secrets.token_urlsafe, 24))
    app: str = field(default_factory=functools.partial(secrets.token_urlsafe, 24))

    @classmethod
    def read(cls, *, file: Path) -> Self:
        """Those that were written into a file."""
        return cls(**json.loads(file.read_text()))

    def write(self, *, file: Path) -> None:
        """Write them into a file that nobody else can read."""
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self)))
