"""The account PostgreSQL runs under: it refuses root, so root hands it to an ordinary one."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from santong_launcher.problems import Problem

RUN_AS = Path(__file__).with_name("run_as.py")
CREATED_NAME = "santong-postgres"


@dataclass(frozen=True, kw_only=True)
class ServerUser:
    """An account for the server's processes and files."""

    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """True when no change of user is needed."""
        return self.uid == os.geteuid()

    def command(
        self, *, program: list[str], keep_reading: bool = False, die_with_parent: bool = False
    ) -> list[str]:
        """The command line that runs a program under this account."""
        options: list[str] = []
        if not self.is_me:
            options += [f"--user={self.uid}", f"--group={self.gid}"]
            options += ["--keep-reading"] if keep_reading else []
        options += ["--die-with-parent"] if die_with_parent else []
        if not options:
            return program
        return [sys.executable, "-I", "-S", str(RUN_AS), *options, "--", *program]

    def can_reach(self, path: Path, *, keep_reading: bool = False) -> bool:
        """True when this account may come to the path, through all of its parents."""
        if self.is_me:
            return os.access(path, os.R_OK)
        command = self.command(
            program=["/bin/sh", "-c", 'test -r "$1"', "sh", str(path)], keep_reading=keep_reading
        )
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def give(self, path: Path) -> None:
        """Make a directory or file this account's own, closed to others."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if not self.is_me:
            os.chown(path, self.uid, self.gid)

    def give_all(self, folder: Path) -> None:
        """Make a folder and everything in it this account's own."""
        for place, _, names in os.walk(folder):
            for name in ("", *names):
                os.chown(Path(place) / name, self.uid, self.gid, follow_symlinks=False)


def server_user(*, data: Path) -> ServerUser:
    """The owner of existing data; else this user; for root, an unprivileged account.

    Root's own data are handed over. Raises Problem when the data are another user's, or root has
    no account to hand over to.
    """
    if data.exists():
        return _owner_of(data)
    if os.geteuid() != 0:
        return ServerUser(uid=os.geteuid(), gid=os.getegid())
    return _unprivileged()


def _owner_of(data: Path) -> ServerUser:
    owner = data.stat()
    if owner.st_uid == os.geteuid() == 0:
        # A copy that root made; the server would refuse it as it is.
        user = _unprivileged()
        user.give_all(data)
        return user
    if os.geteuid() not in (0, owner.st_uid):
        raise Problem(
            f"{data} belongs to user {_name(owner.st_uid)}: this checkout was started by root or "
            f"by somebody else before.\nRun ./santong as that user or as root, or use a checkout "
            f"of your own."
        )
    return ServerUser(uid=owner.st_uid, gid=owner.st_gid)


def _unprivileged() -> ServerUser:
    for name in ("postgres", CREATED_NAME):
        if account := _account(name):
            return account
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        subprocess.run(
            [useradd, "--system", "--no-create-home", "--shell=/usr/sbin/nologin", CREATED_NAME],
            capture_output=True,
            check=False,
        )
    account = _account(CREATED_NAME) or _account("nobody")
    if account is None:
        raise Problem(
            "PostgreSQL refuses to run as root, and there is no other account to run it under.\n"
            "Create one named 'postgres', or run ./santong as an ordinary user."
        )
    return account


def _account(name: str) -> ServerUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
