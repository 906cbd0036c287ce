"""Writes and removes files where the installation keeps them."""

from __future__ import annotations

import contextlib
import os
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import Final

import structlog
from django.core.files.base import ContentFile

from santong.evidence.errors import FilesUnavailable
from santong.evidence.selectors.files import storage

log = structlog.get_logger(__name__)

ROOT: Final = "evidence"


def folder_of(*, merchant_id: int, day: date | None = None) -> str:
    """Where a merchant's files are; those of a day, if one is named."""
    return f"{ROOT}/{merchant_id}" + (f"/{day.isoformat()}" if day else "")


def write_file(*, name: str, sealed: bytes) -> None:
    """Keep bytes under a new name, so that they survive a power cut. Raises FilesUnavailable."""
    try:
        kept = storage().save(name, ContentFile(sealed))
        _settle(kept)
    except Exception as failure:
        # A bucket's client raises what it likes; what it means is that nothing was kept.
        log.exception("file_not_kept")
        raise FilesUnavailable from failure
    assert kept == name, "a name is new"


def new_name(*, merchant_id: int, now: datetime) -> str:
    """A name that nothing has, in the folder of the day."""
    return f"{folder_of(merchant_id=merchant_id, day=now.date())}/{uuid.uuid4().hex}"


def remove_file(name: str) -> bool:
    """Whether the file is gone. What cannot be removed now is swept later."""
    try:
        storage().delete(name)
    except Exception:
        log.exception("file_not_removed")
        return False
    return True


def _settle(name: str) -> None:
    """A folder of this machine: on the disk, not only on its way there."""
    with contextlib.suppress(NotImplementedError):
        path = Path(storage().path(name))
        for each in (path, path.parent):
            opened = os.open(each, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
