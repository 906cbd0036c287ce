import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from santong_launcher import processes
from santong_launcher.checkout import Checkout
from santong_launcher.tests.conftest import command, environment

Santong = Callable[..., "subprocess.CompletedProcess[str]"]

PATIENCE_SECONDS = 30


def started(santong: Santong) -> str:
    """Brings the site up in the background; its address."""
    told = santong("up", "--port", "0", "--detach")
    assert told.returncode == 0, told.stdout + told.stderr
    address = re.search(r"runs at (http://\S+/)", told.stdout)
    assert address is not None, told.stdout
    return address[1]


def answer(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return int(response.status)
    except OSError:
        return 0


def answers_again(url: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if answer(url + "readyz") == 200:
            return True
        time.sleep(0.1)
    return False


def pid_of(checkout: Checkout, record: str) -> int:
    return int(json.loads((checkout.run / f"{record}.json").read_text())["pid"])


def started_again(checkout: Checkout, record: str, *, before: int) -> bool:
    """Between the end of a part and its next start there is no record of it."""
    try:
        return pid_of(checkout, record) != before
    except FileNotFoundError:
        return False


def living(checkout: Checkout) -> list[str]:
    """Every process that has to do with the checkout, whoever started it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(checkout.root).encode() in words and state != "Z":
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


@pytest.fixture
def as_in_a_terminal() -> Iterator[None]:
    """Whoever runs the tests by `nohup` or in the background hands on that signals are ignored."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {
        number: signal.signal(number, signal.SIG_DFL)
        for number in numbers
        if signal.getsignal(number) is signal.SIG_IGN
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def kept(santong: Santong) -> set[int]:
    told = santong("manage", "numbers")
    assert told.returncode == 0, told.stderr
    return {int(number) for number in told.stdout.split()}


def test_down_leaves_no_process(checkout: Checkout, santong: Santong) -> None:
    url = started(santong)
    was_up = answer(url + "readyz")

    told = santong("down")

    assert was_up == 200
    assert told.stdout == "Stopped.\n"
    assert living(checkout) == []
    assert santong("down").stdout == "Nothing was running.\n"


@pytest.mark.usefixtures("as_in_a_terminal")
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_foreground_leaves_no_process(
    checkout: Checkout, signal_number: signal.Signals
) -> None:
    with subprocess.Popen(
        command(checkout, "up", "--port", "0"),
        env=environment(checkout),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if "down stops it" in line:
                break
        running.send_signal(signal_number)
        running.stdout.read()

        assert running.wait(timeout=PATIENCE_SECONDS) == 0
    assert living(checkout) == []


@pytest.mark.usefixtures("as_in_a_terminal")
def test_a_signal_during_set_up_leaves_no_process(checkout: Checkout) -> None:
    with subprocess.Popen(
        command(checkout, "up", "--port", "0"),
        env=environment(checkout),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if "PostgreSQL" in line:
                break
        running.send_signal(signal.SIGINT)
        running.stdout.read()
        running.wait(timeout=PATIENCE_SECONDS)

    assert living(checkout) == []


def test_a_second_up_finds_the_first(checkout: Checkout, santong: Santong) -> None:
    url = started(santong)

    told = santong("up")

    assert told.returncode == 0
    assert f"already runs at {url}" in told.stdout


@pytest.mark.parametrize(
    "part", ["part-server", "part-streams", "part-worker", "part-relay", "postgres"]
)
def test_what_is_killed_is_started_again(part: str, checkout: Checkout, santong: Santong) -> None:
    url = started(santong)
    before = pid_of(checkout, part)
    answer(url + "1")

    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not started_again(checkout, part, before=before) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert started_again(checkout, part, before=before)
    assert answers_again(url)


def test_up_takes_over_after_the_supervisor_was_killed(
    checkout: Checkout, santong: Santong
) -> None:
    url = started(santong)
    answer(url + "7")
    database = pid_of(checkout, "postgres")
    server = pid_of(checkout, "part-server")

    os.kill(pid_of(checkout, "supervisor"), signal.SIGKILL)
    url = started(santong)

    assert answer(url + "readyz") == 200
    assert pid_of(checkout, "postgres") == database, "a database that answers is kept"
    assert processes.identify(pid=server) is None, "an orphan is replaced"
    assert 7 in kept(santong)


def test_down_cleans_up_after_the_supervisor_was_killed(
    checkout: Checkout, santong: Santong
) -> None:
    started(santong)

    os.kill(pid_of(checkout, "supervisor"), signal.SIGKILL)
    os.kill(pid_of(checkout, "part-server"), signal.SIGKILL)
    told = santong("down")

    assert told.stdout == "Stopped.\n"
    assert living(checkout) == []


def test_up_loses_nothing_after_everything_was_killed(checkout: Checkout, santong: Santong) -> None:
    url = started(santong)
    acknowledged = {number for number in range(50) if answer(f"{url}{number}") == 200}

    for record in (
        "supervisor",
        "postgres",
        "part-server",
        "part-streams",
        "part-worker",
        "part-relay",
    ):
        os.kill(pid_of(checkout, record), signal.SIGKILL)
    url = started(santong)

    assert len(acknowledged) == 50
    assert answer(url + "readyz") == 200
    assert kept(santong) == acknowledged


def test_a_copy_of_the_checkout_leaves_the_original_running(
    checkout: Checkout, santong: Santong, tmp_path: Path
) -> None:
    url = started(santong)
    copy = Checkout(root=tmp_path / "copy")
    shutil.copytree(checkout.root, copy.root, symlinks=True, ignore_dangling_symlinks=True)

    told = subprocess.run(
        command(copy, "down"), env=environment(copy), capture_output=True, text=True, check=False
    )

    assert told.stdout == "Nothing was running.\n", told.stderr
    assert answer(url + "readyz") == 200


def test_a_port_that_is_taken_is_named(checkout: Checkout, santong: Santong) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        told = santong("up", "--port", str(port))

    assert told.returncode == 1
    assert f"port {port}" in told.stderr
    assert "--port N" in told.stderr
    assert living(checkout) == []


def test_a_part_that_does_not_stay_up_is_shown_with_its_log(
    checkout: Checkout, santong: Santong
) -> None:
    (checkout.root / "src/santong/config/wsgi.py").write_text("raise RuntimeError('no such luck')")

    told = santong("up", "--port", "0", "--detach")

    assert told.returncode != 0
    assert "no such luck" in told.stdout
    assert living(checkout) == []


def test_a_failing_step_is_shown_with_its_log(checkout: Checkout, santong: Santong) -> None:
    (checkout.root / "src/santong/__main__.py").write_text("raise SystemExit('tables are bad')")

    told = santong("up", "--port", "0")

    assert told.returncode == 1
    assert "tables are bad" in told.stderr
    assert "prepare.log" in told.stderr
    assert living(checkout) == []


def test_a_command_brings_its_database_and_takes_it_away(
    checkout: Checkout, santong: Santong
) -> None:
    told = santong("manage", "migrate_cells")

    assert told.returncode == 0, told.stderr
    assert living(checkout) == []


def test_a_command_leaves_the_running_site_its_database(
    checkout: Checkout, santong: Santong
) -> None:
    url = started(santong)

    told = santong("manage", "migrate_cells")

    assert told.returncode == 0, told.stderr
    assert answer(url + "readyz") == 200


def test_a_command_that_is_told_to_end_takes_its_database_away(checkout: Checkout) -> None:
    with subprocess.Popen(
        command(checkout, "manage", "work"),
        env=environment(checkout),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGTERM)

        assert running.wait(timeout=PATIENCE_SECONDS) == 0
    assert living(checkout) == []


def test_a_command_passes_on_its_exit_status(checkout: Checkout, santong: Santong) -> None:
    told = santong("manage", "fail")

    assert told.returncode == 1
    assert "it failed on purpose" in told.stderr


def test_only_the_script_knows_where_python_is(tmp_path: Path) -> None:
    script = Path(__file__).parents[3] / "santong"
    nowhere = {"PATH": str(tmp_path), "SANTONG_PYTHON": str(tmp_path / "python")}
    for program in ("dirname", "cat"):
        (tmp_path / program).symlink_to(shutil.which(program) or program)

    told = subprocess.run(
        ["/bin/sh", str(script), "up"], env=nowhere, capture_output=True, text=True, check=False
    )

    assert told.returncode == 1
    assert "no Python >= 3.11 with venv" in told.stderr
    assert sys.version_info >= (3, 11)
