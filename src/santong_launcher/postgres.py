"""A PostgreSQL cluster of our own: made, started, watched and stopped by the launcher.

Health is an answered `SELECT 1` and nothing else. In particular `postmaster.pid` is never
believed: after a kill it may name a zombie, or a stranger that got the number later.
"""

import contextlib
import functools
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from santong_launcher import postgres_programs, processes
from santong_launcher.passwords import Passwords
from santong_launcher.postgres_programs import Kind, Programs
from santong_launcher.problems import Problem
from santong_launcher.processes import Identity
from santong_launcher.server_user import ServerUser, server_user

DATABASE = "santong"
OWNER, APP, SUPERUSER = "santong_owner", "santong_app", "postgres"
# A cluster listens on its socket alone, so the number only names the socket file.
PORT = 5432

# Recovery after a kill replays up to max_wal_size; so may a server that was found silent.
START_SECONDS, SILENCE_SECONDS = 300, 300
STOP_SECONDS, ANSWER_SECONDS = 60, 5
LOG_BYTES_MAX = 10_000_000
# From this major version on the server brings its own, the same on every system.
BUILTIN_LOCALES = 17
TEMPORARY_PREFIX = "santong-pg-"
COPIED_DATA, COPIED_PASSWORDS = "data", "passwords.json"

# For a developer's or a small shop's machine (two cores, a few GB); production brings its own.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "4GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
WITHOUT_DURABILITY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One data directory with the server on it."""

    programs: Programs
    user: ServerUser
    data: Path
    sockets: Path
    log: Path
    record: Path
    passwords: Passwords
    fsync: bool = True
    die_with_parent: bool = False

    @property
    def owner_url(self) -> str:
        """For the role that owns the database and migrates it."""
        return self._url(role=OWNER, password=self.passwords.owner)

    @property
    def app_url(self) -> str:
        """For the role the product runs as."""
        return self._url(role=APP, password=self.passwords.app)

    @property
    def superuser_url(self) -> str:
        """For the launcher alone."""
        return self._url(role=SUPERUSER, password=self.passwords.superuser, database="postgres")

    def start(self) -> None:
        """Bring the server up, or find it up; afterwards it answers and its roles exist.

        Raises Problem with the end of its log when it does not come up, or when somebody else
        holds the place of its socket.
        """
        self._make_sockets()
        if not self.answers():
            self._clear_remains()
        if not self.answers():
            if postgres_programs.major_of(data=self.data) is None:
                self._initialise()
            self._launch()
        elif self.postmaster() is None:
            self._adopt()
        self._ensure_roles()

    def stop(self) -> None:
        """Disconnect everybody, write a checkpoint, end. A cluster that is down stays down."""
        if postmaster := self.postmaster():
            processes.stop(identity=postmaster, patience_seconds=STOP_SECONDS, first=signal.SIGINT)
        self.record.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.sockets.rmdir()

    def answers(self) -> bool:
        """True when the server answers a query."""
        try:
            with psycopg.connect(self.superuser_url, connect_timeout=ANSWER_SECONDS) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError as reason:
            if "password authentication failed" in str(reason):
                raise Problem(
                    f"The server on {self.data} refuses the launcher's password. The secrets "
                    f"beside it were lost or changed; put var/secrets back."
                ) from reason
            return False

    def pids(self) -> list[int]:
        """The server's processes, to account for the CPU they use."""
        postmaster = self.postmaster()
        if postmaster is None:
            return []
        return [postmaster.pid, *processes.children_of(pid=postmaster.pid)]

    def postmaster(self) -> Identity | None:
        """The server's first process, when it lives."""
        remembered = processes.recall(record=self.record)
        if remembered and remembered[0].is_alive():
            return remembered[0]
        inside = {identity.pid: identity for identity in processes.working_in(directory=self.data)}
        written = _first_number(self.data / "postmaster.pid")
        return inside.get(written) if written is not None else None

    def _url(self, *, role: str, password: str, database: str = DATABASE) -> str:
        place = urlencode({"host": str(self.sockets), "port": PORT})
        return f"postgresql://{role}:{quote(password)}@/{database}?{place}"

    def _make_sockets(self) -> None:
        with contextlib.suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            self.user.give(self.sockets)
        found = self.sockets.lstat()
        is_ours = found.st_uid == self.user.uid and not found.st_mode & 0o077
        if not (stat.S_ISDIR(found.st_mode) and is_ours):
            raise Problem(f"{self.sockets} is in the way: remove it, then run this again.")

    def _initialise(self) -> None:
        # Under another name first: a directory half made is never taken for a cluster.
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        self.user.give(draft)
        with tempfile.NamedTemporaryFile("w", dir=self.sockets) as password:
            password.write(self.passwords.superuser)
            password.flush()
            self.user.give(Path(password.name))
            self._run_initdb(draft, password_file=password.name)
        draft.rename(self.data)

    def _run_initdb(self, draft: Path, *, password_file: str) -> None:
        command = [
            self.programs.path("initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # With locale C, trigram search finds nothing in Chinese text.
            "--locale=C.UTF-8",
            "--data-checksums",
            *(["--locale-provider=builtin"] if self.programs.major >= BUILTIN_LOCALES else []),
            *([] if self.fsync else ["--no-sync"]),
        ]
        with self._open_log() as log:
            finished = subprocess.run(
                self.user.command(program=command, keep_reading=self._keep_reading),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                check=False,
            )
        if finished.returncode != 0:
            raise Problem(f"{self.programs} could not make {self.data}.\n{self._log_end()}")

    def _launch(self) -> None:
        settings = {**SETTINGS, **({} if self.fsync else WITHOUT_DURABILITY)}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [self.programs.path("postgres"), "-D", str(self.data), *options]
        command += ["-k", str(self.sockets), "-p", str(PORT)]
        with self._open_log() as log:
            server = subprocess.Popen(
                self.user.command(
                    program=command,
                    keep_reading=self._keep_reading,
                    die_with_parent=self.die_with_parent,
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        if identity := processes.identify(pid=server.pid):
            processes.remember(record=self.record, identity=identity)
        # Or it would stay behind as a zombie for as long as the launcher lives.
        threading.Thread(target=server.wait, daemon=True).start()
        self._wait_for_answer(server)

    def _wait_for_answer(self, server: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if server.poll() is not None:
                raise Problem(f"{self.programs} ended at once.\n{self._log_end()}")
            if time.monotonic() > deadline:
                raise Problem(
                    f"{self.programs} has not answered for {START_SECONDS} s.\n{self._log_end()}"
                )
            time.sleep(0.05)

    def _adopt(self) -> None:
        # It answers, so here, and only here, the number it wrote down is its own.
        written = _first_number(self.data / "postmaster.pid")
        if written and (identity := processes.identify(pid=written)):
            processes.remember(record=self.record, identity=identity)

    def _clear_remains(self) -> None:
        """End what still runs on the data without answering, and what it left lying about."""
        postmaster = self.postmaster()
        if postmaster and self._answers_within(SILENCE_SECONDS, postmaster):
            return
        remains = processes.working_in(directory=self.data)
        remains += [postmaster] if postmaster else []
        processes.stop_together(identities=remains, patience_seconds=5, first=signal.SIGQUIT)
        for left_over in (
            self.data / "postmaster.pid",
            self.sockets / f".s.PGSQL.{PORT}",
            self.sockets / f".s.PGSQL.{PORT}.lock",
        ):
            # The server itself takes a zombie's number for a running server and refuses to start.
            left_over.unlink(missing_ok=True)

    def _answers_within(self, seconds: float, postmaster: Identity) -> bool:
        deadline = time.monotonic() + seconds
        while postmaster.is_alive() and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(0.1)
        return False

    def _ensure_roles(self) -> None:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            for role, password, rights in (
                (OWNER, self.passwords.owner, "CREATEDB NOCREATEROLE"),
                (APP, self.passwords.app, "NOCREATEDB NOCREATEROLE"),
            ):
                exists = connection.execute(
                    "SELECT FROM pg_roles WHERE rolname = %s", [role]
                ).rowcount
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS {} PASSWORD {}").format(
                        sql.SQL("ALTER" if exists else "CREATE"),
                        sql.Identifier(role),
                        sql.SQL(rights),
                        sql.Literal(password),
                    )
                )
            if not connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [DATABASE]
            ).rowcount:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    @functools.cached_property
    def _keep_reading(self) -> bool:
        return not (
            self.user.can_reach(self.data.parent) and self.user.can_reach(self.programs.directory)
        )

    def _open_log(self) -> BinaryIO:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def _log_end(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        return "\n".join([*lines, f"The whole log: {self.log}"])


def socket_directory(*, user: ServerUser, name: str) -> Path:
    """A short place for the server's socket, whose path may have 107 bytes."""
    return Path("/tmp") / f"santong-{user.uid}-{name}"  # noqa: S108 - its owner is checked


def keep_copy(*, cluster: Cluster, to: Path) -> None:
    """Copy a cluster into a folder, for others `like` it. It is down meanwhile."""
    cluster.stop()
    shutil.copytree(cluster.data, to / COPIED_DATA)
    cluster.passwords.write(file=to / COPIED_PASSWORDS)
    cluster.start()


@contextlib.contextmanager
def temporary_cluster(
    *,
    kind: Kind = "wheel",
    major: int | None = None,
    fsync: bool = False,
    like: Path | None = None,
) -> Iterator[Cluster]:
    """A throw-away cluster for tests and benchmarks, gone with the `with` block.

    It begins empty, or `like` one of the same kind that was copied into a folder. It also ends
    when the thread that made it ends, so a killed test run leaves no server.
    Raises Problem when this machine has no programs of that kind.
    """
    programs = postgres_programs.of_kind(kind=kind, major=major)
    if programs is None:
        raise Problem(f"No PostgreSQL of kind {kind!r} on this machine.")
    _sweep_abandoned()
    root = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir="/tmp"))
    try:
        if keeper := processes.identify(pid=os.getpid()):
            processes.remember(record=root / "keeper.json", identity=keeper)
        passwords = _copy(like, to=root / "data") if like else Passwords()
        user = server_user(data=root / "data")
        user.give(root)
        if not user.can_reach(programs.directory, keep_reading=True):
            programs = postgres_programs.copied(programs=programs, to=root / "programs")
        cluster = Cluster(
            programs=programs,
            user=user,
            data=root / "data",
            sockets=root / "s",
            log=root / "postgres.log",
            record=root / "postgres.json",
            passwords=passwords,
            fsync=fsync,
            die_with_parent=True,
        )
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _copy(kept: Path, *, to: Path) -> Passwords:
    """Its roles have the passwords of the first one."""
    shutil.copytree(kept / COPIED_DATA, to)
    return Passwords.read(file=kept / COPIED_PASSWORDS)


def _sweep_abandoned() -> None:
    for root in Path("/tmp").glob(TEMPORARY_PREFIX + "*"):  # noqa: S108 - as above
        keeper = processes.recall(record=root / "keeper.json")
        if keeper is None or keeper[0].is_alive():
            continue
        if server := processes.recall(record=root / "postgres.json"):
            processes.stop(identity=server[0], patience_seconds=10, first=signal.SIGQUIT)
        shutil.rmtree(root, ignore_errors=True)


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
