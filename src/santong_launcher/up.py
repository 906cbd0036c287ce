"""`up` and `down`: bring the whole site up, keep it running, stop exactly what was started."""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import TextIO

from santong_launcher import database, processes, product, web
from santong_launcher.checkout import Checkout, exclusive
from santong_launcher.parts import STOP_SECONDS, Part, stop_left_over
from santong_launcher.postgres import STOP_SECONDS as DATABASE_STOP_SECONDS
from santong_launcher.postgres import Cluster
from santong_launcher.problems import Problem
from santong_launcher.steps import Steps, say

PART_NAMES = ("relay", "worker", "streams", "server")
WORKERS = 2
READY_SECONDS = 60
HOPELESS_FAILURES = 3
WATCH_SECONDS = 0.2
TOTAL_STEPS = 6
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the site listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """For a browser on this machine."""
        return f"http://{self._reachable_host}:{self.port}/"

    @property
    def _reachable_host(self) -> str:
        named = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"[{named}]" if ":" in named and not named.startswith("[") else named


@dataclass(frozen=True, kw_only=True)
class Listening:
    """The site's two addresses: pages and calls, and what is held open."""

    site: Address
    streams: Address


class Stopped(BaseException):
    """The person or the system asked the supervisor to end."""


def up(*, checkout: Checkout, arguments: Sequence[str]) -> int:
    """Run the site until it is told to stop. Raises Problem when a step fails."""
    options = _options(checkout, arguments)
    if options.detach:
        return _detach(checkout, arguments)
    _stop_on_signals()
    with exclusive(path=checkout.run / "up.lock", wait=False) as is_ours:
        if not is_ours:
            return _already_running(checkout)
        try:
            _remember_supervisor(checkout, url="")
            _run(checkout, options)
        except (Stopped, KeyboardInterrupt):
            say("")
        finally:
            _ignore_signals()
            processes.end_children(patience_seconds=STOP_SECONDS)
            _record(checkout).unlink(missing_ok=True)
    return 0


def down(*, checkout: Checkout) -> int:
    """Stop the supervisor and all it started; and what a killed one left behind."""
    found = processes.recall(record=_record(checkout))
    stopped = bool(found and found[0].is_alive())
    if found and found[0].is_alive():
        patience = 2 * STOP_SECONDS + DATABASE_STOP_SECONDS
        processes.stop(identity=found[0], patience_seconds=patience)
    stopped |= sum(stop_left_over(checkout=checkout, name=name) for name in PART_NAMES) > 0
    cluster = database.own_cluster(checkout=checkout)
    if cluster and cluster.postmaster():
        cluster.stop()
        stopped = True
    _record(checkout).unlink(missing_ok=True)
    say("Stopped." if stopped else "Nothing was running.")
    return 0


def _options(checkout: Checkout, arguments: Sequence[str]) -> argparse.Namespace:
    configured = checkout.configured
    parser = argparse.ArgumentParser(prog="./santong up")
    parser.add_argument("--host", default=configured.get("SANTONG_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=configured.get("SANTONG_PORT", "8000"))
    parser.add_argument(
        "--streams-port",
        type=int,
        default=configured.get("SANTONG_STREAMS_PORT", "0"),
        help="where streams answer; without it the port after the site's, or any that is free",
    )
    parser.add_argument("--detach", action="store_true", help="run in the background")
    return parser.parse_args(arguments)


def _listening(options: argparse.Namespace) -> Listening:
    """Where the site will listen. Raises Problem when another program has a port that was named."""
    site = _free(Address(host=options.host, port=options.port))
    named = Address(host=LOOPBACK, port=options.streams_port)
    if named.port:
        return Listening(site=site, streams=_free(named, option="--streams-port"))
    try:
        streams = _free(Address(host=LOOPBACK, port=site.port + 1))
    except (Problem, OverflowError):
        streams = _free(named)
    return Listening(site=site, streams=streams)


def _run(checkout: Checkout, options: argparse.Namespace) -> None:
    steps = Steps(total=TOTAL_STEPS, done=1)
    for name in PART_NAMES:
        stop_left_over(checkout=checkout, name=name)
    listening = _listening(options)
    with steps.step("Web assets"):
        web.ensure_assets(checkout=checkout)
    cluster = database.own_cluster(checkout=checkout)
    with contextlib.ExitStack() as until_the_end:
        until_the_end.enter_context(database.in_use(checkout=checkout))
        if cluster:
            until_the_end.callback(_stop_cluster, cluster)
        with steps.step(str(cluster.programs) if cluster else "Configured database"):
            database.start(checkout=checkout, cluster=cluster)
        environment = {
            "SANTONG_PUBLIC_URL": listening.site.url,
            "SANTONG_STREAMS_URL": listening.streams.url,
            **product.environment(checkout=checkout, cluster=cluster),
        }
        _prepare(checkout, steps, environment)
        parts = _parts(checkout, listening, environment)
        until_the_end.callback(_stop_parts, parts)
        with steps.step("Server, streams, worker and relay"):
            # Asked for now, because it takes as long to start as the server does.
            logins = subprocess.Popen(
                product.manage(checkout=checkout, arguments=["logins"]),
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            _start_parts(checkout, parts, listening)
        _welcome(checkout, listening, logins)
        _remember_supervisor(checkout, url=listening.site.url)
        _watch(checkout, parts, cluster)


def _prepare(checkout: Checkout, steps: Steps, environment: Mapping[str, str]) -> None:
    with steps.step("Database tables, translations, static files"):
        product.prepare(
            checkout=checkout, commands=[product.TABLES, *product.PAGES], environment=environment
        )
    with steps.step("Demo merchant", speaks=True):
        finished = subprocess.run(
            product.manage(checkout=checkout, arguments=["load_demo", "--if-empty"]),
            env=dict(environment),
            check=False,
        )
        if finished.returncode != 0:
            raise Problem("the demo merchant could not be loaded; the reason is above.")


def _parts(checkout: Checkout, listening: Listening, environment: Mapping[str, str]) -> list[Part]:
    address = listening.site
    metrics = _empty(checkout.run / "metrics")
    together = {**environment, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    if address.host not in {"127.0.0.1", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        together["SANTONG_ALLOWED_HOSTS"] += f",{address.host}"
    commands = {
        "server": [
            *_granian(checkout, address, workers=WORKERS),
            # With more threads a worker queues unfairly: p99 goes from 50 ms to over a second.
            *("--interface=wsgi", "--blocking-threads=1", "--no-ws"),
            "santong.config.wsgi:application",
        ],
        "streams": [
            *_granian(checkout, listening.streams, workers=1),
            *("--interface=asgi", "santong.config.asgi:application"),
        ],
        "worker": product.manage(checkout=checkout, arguments=["work"]),
        "relay": product.manage(checkout=checkout, arguments=["relay"]),
    }
    return [
        Part(name=name, command=command, environment=together, checkout=checkout)
        for name, command in commands.items()
    ]


def _granian(checkout: Checkout, address: Address, *, workers: int) -> list[str]:
    return [
        *(str(checkout.venv_python), "-P", "-m", "granian"),
        *(f"--host={address.host}", f"--port={address.port}", f"--workers={workers}"),
        *("--respawn-failed-workers", "--workers-kill-timeout=10"),
    ]


def _start_parts(checkout: Checkout, parts: Sequence[Part], listening: Listening) -> None:
    for part in parts:
        part.start()
    deadline = time.monotonic() + READY_SECONDS
    answering = {"server": listening.site, "streams": listening.streams}
    while late := _not_up(parts, answering):
        for part in parts:
            part.tend()
            if part.failures >= HOPELESS_FAILURES:
                raise Problem(f"the {part.name} does not stay up.\n{product.end_of(log=part.log)}")
        if time.monotonic() > deadline:
            log = product.end_of(log=checkout.log(late))
            raise Problem(f"the {late} is not ready after {READY_SECONDS} s.\n{log}")
        time.sleep(0.05)


def _not_up(parts: Sequence[Part], answering: Mapping[str, Address]) -> str:
    """The first part that does not live or does not answer yet."""
    for part in parts:
        address = answering.get(part.name)
        if not part.is_steady() or not (address is None or _is_ready(address)):
            return part.name
    return ""


def _is_ready(address: Address) -> bool:
    # No proxy stands between this machine and itself, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address.url}readyz", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _welcome(checkout: Checkout, listening: Listening, logins: "subprocess.Popen[str]") -> None:
    say(f"\nSantong runs at {listening.site.url}  (logs: {checkout.var / 'log'})")
    say(f"Streams (messages over WebSocket, agents): {listening.streams.url}")
    say(logins.communicate()[0], end="")
    say("ctrl-C or ./santong down stops it." if sys.stdout.isatty() else "./santong down stops it.")


def _watch(checkout: Checkout, parts: Sequence[Part], cluster: Cluster | None) -> None:
    while True:
        time.sleep(WATCH_SECONDS)
        if cluster and not cluster.postmaster():
            say("PostgreSQL ended, starts again")
            _restart(checkout, cluster)
        for part in parts:
            if news := part.tend():
                say(news)


def _restart(checkout: Checkout, cluster: Cluster) -> None:
    try:
        database.start(checkout=checkout, cluster=cluster)
    except Problem as problem:
        # The site is down but its data are safe; trying again costs nothing.
        say(f"santong: {problem}")
        time.sleep(5)


def _stop_parts(parts: Sequence[Part]) -> None:
    _ignore_signals()
    say("Stopping …")
    for part in parts:
        part.ask_to_stop()
    for part in parts:
        part.finish()


def _stop_cluster(cluster: Cluster) -> None:
    _ignore_signals()
    cluster.stop()


def _detach(checkout: Checkout, arguments: Sequence[str]) -> int:
    log = checkout.log("up")
    log.parent.mkdir(parents=True, exist_ok=True)
    rest = [argument for argument in arguments if argument != "--detach"]
    with log.open("wb") as written:
        supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "santong_launcher", "up", *rest],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:
        with log.open() as told:
            return _retell(checkout, supervisor, told)
    except KeyboardInterrupt:
        supervisor.terminate()
        return 130


def _retell(checkout: Checkout, supervisor: "subprocess.Popen[bytes]", told: TextIO) -> int:
    """Pass on what the supervisor says until the site is ready, or it gave up."""
    while True:
        status = supervisor.poll()
        is_ready = bool(_address_of(checkout, pid=supervisor.pid))
        say(told.read(), end="")
        if status is not None or is_ready:
            return status or 0
        time.sleep(0.1)


def _already_running(checkout: Checkout) -> int:
    url = _address_of(checkout, pid=None)
    if not url:
        raise Problem("another `./santong up` is just starting this checkout.")
    say(f"Santong already runs at {url}  (./santong down stops it)")
    return 0


def _remember_supervisor(checkout: Checkout, *, url: str) -> None:
    if me := processes.identify(pid=os.getpid()):
        processes.remember(record=_record(checkout), identity=me, facts={"url": url})


def _address_of(checkout: Checkout, *, pid: int | None) -> str:
    found = processes.recall(record=_record(checkout))
    if found is None or pid not in {None, found[0].pid}:
        return ""
    return found[1].get("url", "")


def _record(checkout: Checkout) -> Path:
    return checkout.run / "supervisor.json"


def _free(address: Address, *, option: str = "--port") -> Address:
    """The address with its port, once nobody else listens there; port 0 means any."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as reason:
            raise Problem(
                f"cannot listen on {address.host}, port {address.port}: {reason.strerror}.\n"
                f"Another program has it; choose another with ./santong up {option} N."
            ) from reason
        return Address(host=address.host, port=probe.getsockname()[1])


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        raise Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)


def _ignore_signals() -> None:
    """Stopping is under way and takes a few seconds; a second ctrl-C must not tear it apart."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
