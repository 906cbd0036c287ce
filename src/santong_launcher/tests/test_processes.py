import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from santong_launcher import processes
from santong_launcher.processes import MARK_VARIABLE, Identity


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that does nothing, for a long time."""
    running = subprocess.Popen(["/bin/sleep", "600"])
    yield running
    running.kill()
    running.wait()


def identity_of(sleeper: "subprocess.Popen[bytes]") -> Identity:
    identity = processes.identify(pid=sleeper.pid)
    assert identity is not None
    return identity


def test_stops_the_process_it_knows(sleeper: "subprocess.Popen[bytes]") -> None:
    identity = identity_of(sleeper)

    processes.stop(identity=identity, patience_seconds=5)

    assert not identity.is_alive()
    assert sleeper.wait() == -signal.SIGTERM


def test_leaves_a_stranger_with_a_recycled_number_alone(
    sleeper: "subprocess.Popen[bytes]",
) -> None:
    earlier = dataclasses.replace(identity_of(sleeper), started="1")

    processes.stop(identity=earlier, patience_seconds=1)

    assert sleeper.poll() is None


def test_leaves_a_process_of_another_boot_alone(sleeper: "subprocess.Popen[bytes]") -> None:
    earlier = dataclasses.replace(identity_of(sleeper), boot="before the power cut")

    processes.stop(identity=earlier, patience_seconds=1)

    assert sleeper.poll() is None


def test_a_child_that_nobody_wrote_down_is_ended() -> None:
    """As when a signal comes in the middle of `subprocess.Popen`."""
    program = (
        "import os, signal\n"
        "from santong_launcher import processes\n"
        "child = os.posix_spawn('/bin/sleep', ['sleep', '600'], os.environ)\n"
        "processes.end_children(patience_seconds=5)\n"
        "print(os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGTERM)\n"
    )

    told = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )

    assert told.stdout == "True\n"


def test_a_zombie_is_not_alive(sleeper: "subprocess.Popen[bytes]") -> None:
    identity = identity_of(sleeper)

    os.kill(sleeper.pid, signal.SIGKILL)

    assert processes.wait_for_end(identity=identity, patience_seconds=5)
    assert sleeper.returncode is None, "nobody has reaped it yet"


def test_kills_what_does_not_listen() -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(99)"
    )
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        identity = identity_of(running)

        processes.stop(identity=identity, patience_seconds=0.2)

        assert running.wait(timeout=5) == -signal.SIGKILL


def test_a_record_brings_back_the_same_process(
    sleeper: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    record = tmp_path / "run" / "sleeper.json"
    identity = identity_of(sleeper)

    processes.remember(record=record, identity=identity, facts={"url": "here"})

    assert processes.recall(record=record) == (identity, {"url": "here"})


def test_a_record_copied_with_its_checkout_is_not_believed(
    sleeper: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    record = tmp_path / "original" / "sleeper.json"
    processes.remember(record=record, identity=identity_of(sleeper))

    copy = shutil.copytree(record.parent, tmp_path / "copy") / record.name

    assert processes.recall(record=copy) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"pid": "x"}'])
def test_an_unreadable_record_names_nobody(content: str, tmp_path: Path) -> None:
    record = tmp_path / "broken.json"

    record.write_text(content)

    assert processes.recall(record=record) is None


def test_finds_what_it_marked_although_its_parent_is_gone() -> None:
    mark = f"test:{os.getpid()}"
    child = "sleep 600 >/dev/null & echo $!"
    told = subprocess.run(
        ["/bin/sh", "-c", child],
        env={MARK_VARIABLE: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        start_new_session=True,
    ).stdout

    found = processes.marked(mark=mark)

    assert [identity.pid for identity in found] == [int(told)]
    for identity in found:
        processes.stop(identity=identity, patience_seconds=5)


def test_finds_processes_by_where_they_work(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "600"], cwd=tmp_path) as inside:
        time.sleep(0.1)

        found = processes.working_in(directory=tmp_path)

        assert [identity.pid for identity in found] == [inside.pid]
        inside.kill()
