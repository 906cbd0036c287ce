"""Keys and passwords of one installation: made once, never printed, never committed.

Losing the master key loses every encrypted address, so a key is on the disk before it is used.
"""

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from santong_launcher.passwords import Passwords


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What the product and its database are locked with."""

    secret_key: str
    master_key: str
    passwords: Passwords


def new_keys() -> Keys:
    """Keys for something that will be thrown away."""
    return Keys(secret_key=_signing_key(), master_key=_master_key(), passwords=Passwords())


def kept_keys(*, folder: Path) -> Keys:
    """The keys kept in a folder; those that are missing are made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Keys(
        secret_key=_kept(folder / "secret_key", _signing_key),
        master_key=_kept(folder / "master_key", _master_key),
        passwords=Passwords(
            superuser=_kept(folder / "database_superuser_password", _password),
            owner=_kept(folder / "database_owner_password", _password),
            app=_kept(folder / "database_app_password", _password),
        ),
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        _write_through(draft, make())
        try:
            # Unlike a rename, this never replaces a key that somebody else made meanwhile.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        _sync(path.parent)
    return path.read_text().strip()


def _write_through(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _signing_key() -> str:
    return secrets.token_urlsafe(50)


def _master_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    return secrets.token_urlsafe(24)
