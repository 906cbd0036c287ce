from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from santong.simulation.errors import FileUnreadable
from santong.simulation.rules.published.file import SUFFIXES, File
from santong.simulation.rules.published.rows import Made, Maker, made_rows
from santong.simulation.rules.published.tally import Tally


def found_files(*, directory: Path, files: Sequence[File]) -> Mapping[str, Path]:
    """Which of the files lie in a directory, compressed or not, by the name of their table."""
    found: dict[str, Path] = {}
    for file in files:
        candidates = (directory / f"{name}{end}" for name in file.names for end in SUFFIXES)
        path = next((path for path in candidates if path.is_file()), None)
        if path is not None:
            found[file.table] = path
    return found


def rows_of(*, path: Path, file: File, make: Maker[Made], tally: Tally) -> Iterator[Made]:
    """The usable rows of a file; the others go to the tally.

    Raises ColumnsMissing, FileUnreadable.
    """
    with _opened(path) as text:
        try:
            yield from made_rows(text, file=file, name=path.name, make=make, tally=tally)
        except (OSError, EOFError, UnicodeDecodeError, csv.Error) as trouble:
            raise FileUnreadable(
                file=path.name,
                after_line=tally.rows_by_file[file.table] + 1,
                reason=str(trouble),
            ) from trouble


def _opened(path: Path) -> io.TextIOWrapper:
    """The publisher's own files begin with a byte order mark, some of them."""
    plain = path.open("rb")
    binary = gzip.GzipFile(fileobj=plain) if path.suffix == ".gz" else plain
    return io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
