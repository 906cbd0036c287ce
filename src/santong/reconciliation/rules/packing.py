"""Files as they come: plain, gzip or zip; unpacked within bounds, packed again in pieces."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from santong.reconciliation.errors import FileTooLarge, FileUnreadable

PIECE = 1 << 20
MOST_BYTES = 1 << 30
# No statement is so much smaller when it is packed; what claims to be is there to fill the disk.
MOST_TIMES = 200
_HARMLESS = 32 * PIECE
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_MOST_MEMBERS = 20


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in packed pieces, with the hash and the length of what it holds unpacked."""

    sha256: str
    size: int
    parts: tuple[bytes, ...]


def pack(source: IO[bytes], *, most_bytes: int = MOST_BYTES) -> Packed:
    """Read a file once, unpacking what was packed. Raises FileTooLarge, FileUnreadable."""
    hashed = hashlib.sha256()
    length = 0
    parts: list[bytes] = []
    for piece in pieces_of(source, most_bytes=most_bytes):
        hashed.update(piece)
        length += len(piece)
        parts.append(zlib.compress(piece, 1))
    if not length:
        raise FileUnreadable(line=0, column="", reason="the file is empty")
    return Packed(hashed.hexdigest(), length, tuple(parts))


def unpack(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a file that `pack` made."""
    for part in parts:
        yield zlib.decompress(part)


def pieces_of(source: IO[bytes], *, most_bytes: int) -> Iterator[bytes]:
    """A file unpacked, in pieces. Raises FileTooLarge, FileUnreadable."""
    begins = source.read(4)
    source.seek(0)
    if begins.startswith(_ZIP):
        found = _unzipped(source)
    elif begins.startswith(_GZIP):
        found = _gunzipped(source)
    else:
        found = iter(lambda: source.read(PIECE), b"")
    length = 0
    for piece in found:
        length += len(piece)
        if length > most_bytes:
            raise FileTooLarge(most_bytes=most_bytes)
        yield piece


def _gunzipped(source: IO[bytes]) -> Iterator[bytes]:
    packed = unpacked = 0
    machine = zlib.decompressobj(wbits=31)
    rest = b""
    try:
        while True:
            if not rest:
                rest = source.read(PIECE)
                packed += len(rest)
                if not rest:
                    break
            if machine.eof:
                machine = zlib.decompressobj(wbits=31)
            piece = machine.decompress(rest, PIECE)
            rest = machine.unconsumed_tail or machine.unused_data
            unpacked += len(piece)
            _check_bomb(packed=packed, unpacked=unpacked)
            if piece:
                yield piece
        piece = machine.flush()
    except zlib.error:
        raise FileUnreadable(line=0, column="", reason="not gzip") from None
    if not machine.eof:
        raise FileUnreadable(line=0, column="", reason="the gzip file is cut off")
    if piece:
        yield piece


def _unzipped(source: IO[bytes]) -> Iterator[bytes]:
    """The one table of a zip file; Alipay's has a second one beside it, with sums (汇总)."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise FileUnreadable(line=0, column="", reason="too many files in the zip file")
            tables = [each for each in members if not each.is_dir() and "汇总" not in _name(each)]
            if len(tables) != 1:
                raise FileUnreadable(
                    line=0, column="", reason=f"{len(tables)} tables in the zip file"
                )
            unpacked = 0
            with archive.open(tables[0]) as member:
                while piece := member.read(PIECE):
                    unpacked += len(piece)
                    _check_bomb(packed=tables[0].compress_size, unpacked=unpacked)
                    yield piece
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise FileUnreadable(line=0, column="", reason="not a zip file") from None


def _name(member: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 come from Windows in China."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _check_bomb(*, packed: int, unpacked: int) -> None:
    if unpacked > _HARMLESS and unpacked > packed * MOST_TIMES:
        raise FileTooLarge(most_bytes=_HARMLESS)
