"""Become an unprivileged user, then become the given program.

A script of its own, run by `python -I -S`, because changing user between fork and exec inside a
process with threads is not safe. The database server refuses to run as root; when root's
checkout lies below a directory that the server's user may not enter, the one capability that
lets it read its way there is kept.
"""

import argparse
import ctypes
import os
import signal

CAP_DAC_READ_SEARCH = 2
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def main() -> None:
    """Drop, then exec; the exit status is the program's own."""
    arguments = _arguments()
    libc = ctypes.CDLL(None, use_errno=True)
    if arguments.user is not None:
        _become(libc, uid=arguments.user, gid=arguments.group, keep_reading=arguments.keep_reading)
    if arguments.die_with_parent and hasattr(libc, "prctl"):
        # After the change of user, which clears it.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
    os.execv(arguments.program[0], arguments.program)  # noqa: S606 - this is what it is for


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("--keep-reading", action="store_true")
    parser.add_argument("--die-with-parent", action="store_true")
    parser.add_argument("program", nargs="+")
    return parser.parse_args()


def _become(libc: ctypes.CDLL, *, uid: int, gid: int, keep_reading: bool) -> None:
    if keep_reading:
        # Keeps capabilities over the change of user; and access(2), by which PostgreSQL looks for
        # its own programs, otherwise ignores the capabilities of an ordinary user.
        _demand(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0), "set secure bits")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    os.umask(0o077)
    if keep_reading:
        _keep_only(libc, CAP_DAC_READ_SEARCH)


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    _demand(libc.capset(header, effective_permitted_inheritable), "set capabilities")
    _demand(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0), "pass them on")


def _demand(result: int, deed: str) -> None:
    if result != 0:
        raise SystemExit(f"cannot {deed}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main()
