import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from santong_launcher import processes
from santong_launcher.checkout import this_checkout
from santong_launcher.postgres import Cluster, keep_copy, temporary_cluster
from santong_launcher.problems import Problem

SOURCES = {**os.environ, "PYTHONPATH": str(this_checkout().root / "src")}


def keep(url: str, *numbers: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        for number in numbers:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])


def kept(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]


def scalar(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_loses_nothing_when_every_process_is_killed(cluster: Cluster) -> None:
    keep(cluster.owner_url, 1, 2, 3)

    for pid in cluster.pids():
        # Some of its processes end by themselves, and all of them once the first is gone.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    cluster.start()

    assert kept(cluster.owner_url) == [1, 2, 3]


def test_loses_nothing_when_only_the_first_process_is_killed(cluster: Cluster) -> None:
    keep(cluster.owner_url, 1, 2, 3)

    os.kill(cluster.pids()[0], signal.SIGKILL)
    cluster.start()

    assert kept(cluster.owner_url) == [1, 2, 3]


def test_starting_twice_keeps_the_server_that_answers(cluster: Cluster) -> None:
    before = cluster.postmaster()

    cluster.start()

    assert cluster.postmaster() == before


def test_finds_its_server_again_when_the_record_is_lost(cluster: Cluster) -> None:
    before = cluster.postmaster()
    cluster.record.unlink()

    cluster.start()

    assert cluster.postmaster() == before


def test_a_pid_file_that_names_a_stranger_is_not_believed(cluster: Cluster) -> None:
    keep(cluster.owner_url, 1)
    pid_file = cluster.data / "postmaster.pid"
    content = pid_file.read_text()
    cluster.stop()

    with subprocess.Popen(["/bin/sleep", "600"], user=cluster.user.uid) as stranger:
        lines = [str(stranger.pid), *content.splitlines()[1:]]
        pid_file.write_text("\n".join(lines))
        os.chown(pid_file, cluster.user.uid, cluster.user.gid)
        cluster.start()

        assert kept(cluster.owner_url) == [1]
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_that_hangs_is_replaced(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(cluster.owner_url, 1)
    monkeypatch.setattr("santong_launcher.postgres.SILENCE_SECONDS", 1)
    monkeypatch.setattr("santong_launcher.postgres.ANSWER_SECONDS", 1)
    hanging = cluster.postmaster()
    assert hanging is not None

    hanging.send(signal.SIGSTOP)
    cluster.start()

    assert kept(cluster.owner_url) == [1]
    assert not hanging.is_alive()


def test_neither_role_may_see_past_row_level_security(cluster: Cluster) -> None:
    query = (
        "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'santong%'"
        " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)"
    )

    assert scalar(cluster.app_url, query) == 2


def test_the_owner_may_make_databases_and_the_app_may_not(cluster: Cluster) -> None:
    with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
        owner.execute("CREATE DATABASE of_a_test")

    with (
        psycopg.connect(cluster.app_url, autocommit=True) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE DATABASE of_an_intruder")


def test_nobody_comes_in_without_the_password(cluster: Cluster) -> None:
    wrong = cluster.app_url.replace(cluster.passwords.app, "guess")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_listens_on_no_network(cluster: Cluster) -> None:
    assert scalar(cluster.app_url, "SHOW listen_addresses") == ""


@pytest.mark.parametrize("kind", ["wheel", "system"])
def test_finds_parts_of_chinese_words(kind: str) -> None:
    try:
        with temporary_cluster(kind="wheel" if kind == "wheel" else "system") as cluster:
            with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
                owner.execute("CREATE EXTENSION pg_trgm")

            trigrams = scalar(cluster.owner_url, "SELECT cardinality(show_trgm('红色连衣裙'))")
            checksums = scalar(cluster.owner_url, "SHOW data_checksums")
    except Problem:
        pytest.skip("this machine has no system PostgreSQL 15 or newer")

    assert trigrams == 6
    assert checksums == "on"


def test_a_throw_away_cluster_leaves_nothing() -> None:
    with temporary_cluster() as cluster:
        server = cluster.postmaster()

    assert server is not None
    assert not server.is_alive()
    assert not cluster.data.parent.exists()


def test_a_cluster_like_another_begins_with_what_that_one_had(tmp_path: Path) -> None:
    with temporary_cluster() as first:
        keep(first.owner_url, 17)
        keep_copy(cluster=first, to=tmp_path)
        keep(first.owner_url, 18)

        with temporary_cluster(fsync=True, like=tmp_path) as second:
            found = kept(second.owner_url)

    assert found == [17]


def test_a_throw_away_cluster_ends_with_the_process_that_made_it(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    script = (
        "import os, signal; from pathlib import Path;"
        "from santong_launcher.postgres import temporary_cluster\n"
        f"with temporary_cluster() as c: Path({str(told)!r}).write_text(str(c.pids()[0]));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )

    subprocess.run([sys.executable, "-c", script], env=SOURCES, check=False)
    server = processes.identify(pid=int(told.read_text()))

    assert server is None or processes.wait_for_end(identity=server, patience_seconds=10)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to somebody else")
def test_root_runs_it_below_a_folder_that_is_closed_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with temporary_cluster() as ordinary:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        cluster = Cluster(
            programs=ordinary.programs,
            user=ordinary.user,
            data=closed / "postgres",
            sockets=ordinary.sockets,
            log=closed / "postgres.log",
            record=closed / "postgres.json",
            passwords=ordinary.passwords,
            die_with_parent=True,
        )
        ordinary.stop()
        cluster.start()

        owner_of_server = Path(f"/proc/{cluster.pids()[0]}").stat().st_uid
        cluster.stop()

    assert owner_of_server != 0
    assert (closed / "postgres" / "PG_VERSION").exists()
    # It was asked to end and did; who loses patience kills it, and then it says nothing more.
    assert cluster.log.read_text().rstrip().endswith("database system is shut down")
