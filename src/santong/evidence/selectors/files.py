"""Reads files from where the installation keeps them."""

from __future__ import annotations

from django.core.files.storage import Storage, storages

from santong.evidence.errors import FilesUnavailable


def storage() -> Storage:
    """Where files are kept: a folder of this machine, or a bucket, by the settings."""
    return storages["default"]


def read_file(name: str) -> bytes | None:
    """The bytes as they are kept; nothing, if there is no such file. Raises FilesUnavailable."""
    if not name:
        return None
    try:
        with storage().open(name, "rb") as opened:
            return bytes(opened.read())
    except FileNotFoundError:
        return None
    except Exception as failure:
        # A bucket's client raises what it likes; what it means is that nobody knows.
        raise FilesUnavailable from failure
