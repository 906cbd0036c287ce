"""The checkout's database: the configured one, or a cluster of its own under `var/`."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from santong_launcher import postgres_programs, processes
from santong_launcher.checkout import Checkout, exclusive
from santong_launcher.keys import kept_keys
from santong_launcher.postgres import Cluster, socket_directory
from santong_launcher.postgres_programs import Programs
from santong_launcher.problems import Problem
from santong_launcher.server_user import ServerUser, server_user

URLS = ("SANTONG_DATABASE_URL", "SANTONG_OWNER_DATABASE_URL")
OUTSIDE = Path("/var/lib/santong")


def own_cluster(*, checkout: Checkout) -> Cluster | None:
    """The checkout's own cluster, not started yet; None when a server is configured.

    Raises Problem when this machine cannot run one.
    """
    given = [name for name in URLS if checkout.configured.get(name)]
    if len(given) == len(URLS):
        return None
    if given:
        missing = next(name for name in URLS if name not in given)
        raise Problem(
            f"{given[0]} is set but {missing} is not. The product runs as a role that does not "
            f"own its tables, and migrates as one that does: set both, or neither."
        )
    checkout.var.mkdir(exist_ok=True)
    data = (checkout.var / "postgres").resolve()
    user = server_user(data=data)
    programs = postgres_programs.choose(
        available=postgres_programs.available(),
        data=data,
        forced=checkout.configured.get("SANTONG_POSTGRES", ""),
    )
    places = (data.parent, programs.directory)
    if not all(user.can_reach(place, keep_reading=True) for place in places):
        data, programs = _moved_outside(checkout, user, programs)
    return Cluster(
        programs=programs,
        user=user,
        data=data,
        sockets=socket_directory(user=user, name=_digest(data)),
        log=checkout.log("postgres"),
        record=checkout.run / "postgres.json",
        passwords=kept_keys(folder=checkout.var / "secrets").passwords,
    )


def start(*, checkout: Checkout, cluster: Cluster | None) -> None:
    """Bring the cluster up; only one process at a time tries."""
    if cluster:
        with exclusive(path=checkout.run / "database.start", wait=True):
            cluster.start()


@contextmanager
def in_use(*, checkout: Checkout) -> Iterator[None]:
    """While this lasts, no other command of this checkout stops the database."""
    checkout.run.mkdir(parents=True, exist_ok=True)
    with _users(checkout).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        yield


@contextmanager
def running(*, checkout: Checkout) -> Iterator[Cluster | None]:
    """The database up for one command; the last one to leave stops it."""
    cluster = own_cluster(checkout=checkout)
    try:
        with in_use(checkout=checkout):
            start(checkout=checkout, cluster=cluster)
            yield cluster
    finally:
        if cluster:
            with exclusive(path=_users(checkout), wait=False) as is_last:
                if is_last and not _parts_run(checkout):
                    cluster.stop()


def _users(checkout: Checkout) -> Path:
    return checkout.run / "database.users"


def _parts_run(checkout: Checkout) -> bool:
    """Parts may outlive their supervisor; they keep their database."""
    records = (processes.recall(record=path) for path in checkout.run.glob("part-*.json"))
    return any(record[0].is_alive() for record in records if record)


def _moved_outside(
    checkout: Checkout, user: ServerUser, programs: Programs
) -> tuple[Path, Programs]:
    """Where neither rights nor capabilities lead into the checkout, `var/postgres` is a link."""
    home = OUTSIDE / _digest(checkout.root)
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    data = home / "postgres"
    link = checkout.var / "postgres"
    if not link.is_symlink():
        if link.exists():
            raise Problem(
                f"PostgreSQL's user cannot enter {checkout.root}, and this machine gives root no "
                f"right to lend it one.\nMove {link} to {data}, then run this again."
            )
        link.symlink_to(data)
    if not user.can_reach(programs.directory):
        version = ".".join(map(str, programs.version))
        programs = postgres_programs.copied(programs=programs, to=home / f"programs-{version}")
    return data, programs


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
