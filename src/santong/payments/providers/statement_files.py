"""Taking a statement out of what it is packed in, and never more than fits."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

from santong.payments.contracts.providers import Unreachable

LARGEST_STATEMENT: Final = 1024 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK"
_MADE_ON_DOS: Final = "cp437"
_NAMED_IN: Final = "gbk"
_SUMMARY: Final = "汇总"


def plain_file(*, packed: bytes) -> bytes:
    """The statement itself, from gzip, from a zip of lines and a summary, or as it is.

    Raises Unreachable where it cannot be read whole: it is fetched again.
    """
    try:
        if packed.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
                return _whole(stream.read)
        if packed.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(packed)) as folder, folder.open(_lines(folder)) as file:
                return _whole(file.read)
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, RuntimeError):
        raise Unreachable("statement_not_readable") from None
    return packed


def _lines(folder: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The file that is not the summary; of several the longest."""
    files = [each for each in folder.infolist() if not each.is_dir()]
    lines = [each for each in files if _SUMMARY not in _name(each)]
    if not lines:
        raise ValueError("no statement")
    return max(lines, key=lambda each: each.file_size)


def _name(each: zipfile.ZipInfo) -> str:
    try:
        return each.filename.encode(_MADE_ON_DOS).decode(_NAMED_IN)
    except UnicodeError:
        return each.filename


def _whole(read: Callable[[int], bytes]) -> bytes:
    found = read(LARGEST_STATEMENT + 1)
    if len(found) > LARGEST_STATEMENT:
        raise ValueError("too large")
    return found
