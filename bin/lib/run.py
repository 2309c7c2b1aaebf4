"""Running other programs: output in a log file, a sign of life for the user, trouble in words."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import time

from .paths import LOG
from .say import Problem, detail

SIGN_OF_LIFE = 15  # seconds between two signs of life of a long command

# What package managers say when something outside of them is wrong, and what we say.
NO_NETWORK = (
    r"Could not resolve|Temporary failure (in name )?resol|Name or service not known|"
    r"Could not connect|Unable to connect|Connection (failed|refused|timed out)|"
    r"NewConnectionError|ConnectTimeout|Network is unreachable|No route to host|"
    r"Max retries exceeded|Read timed out|ProxyError"
)
NO_SIGNATURE = (
    r"NO_PUBKEY|is not signed|EXPKEYSIG|(no longer has|does not have) a Release file|"
    r"is not valid yet"
)
TROUBLE = (
    (
        r"No space left on device|not enough free space|Disk quota exceeded",
        "the disk is full. Free some space and run the command again.",
    ),
    (
        r"Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock",
        "another program is installing packages. Wait until it is done and run the command again.",
    ),
    (
        r"dpkg was interrupted",
        "an earlier installation of system packages was cut off. Run `dpkg --configure -a` as "
        "root, then run the command again.",
    ),
    (
        r"certificate verify failed|CERTIFICATE_VERIFY_FAILED|SSLError",
        "the package server's certificate is not trusted on this machine. Install the certificate "
        "of your proxy, or the package ca-certificates, and run the command again.",
    ),
    (
        NO_NETWORK,
        "the network or the package server cannot be reached. Check the connection (and proxy "
        "settings) and run the command again; what was downloaded already is kept.",
    ),
    (
        r"Hash Sum mismatch|DO NOT MATCH THE HASHES|hash mismatch",
        "a download does not match its checksum. Run the command again; if it happens again, the "
        "mirror is faulty.",
    ),
    (
        NO_SIGNATURE,
        "the package server's signature cannot be checked. Install debian-archive-keyring as root, "
        "check the clock of this machine, and run the command again.",
    ),
)

running = set()  # processes that end with us, whatever happens


def trouble(output):
    """The sentence for a well-known cause in a program's output, or None."""
    for pattern, sentence in TROUBLE:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    return None


@contextlib.contextmanager
def spawn(command, log, **kwargs):
    """Start a program, its output in a log; leaving the block ends it with all its children."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **kwargs,
        )
        running.add(process)
        try:
            yield process
        finally:
            end(process)
            running.discard(process)


def end(process, patience=20):
    """End a process if it still runs, first politely, and then whatever it left behind."""
    with contextlib.suppress(ProcessLookupError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=patience)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_all():
    """End everything that is still running."""
    for process in list(running):
        end(process, patience=3)


def run(what, command, log_name, **kwargs):
    """Run a program that may take a while, its output in a log; a failure is a Problem."""
    log = LOG / log_name
    with spawn(command, log, **kwargs) as process:
        _wait(process, log)
    output = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise Problem(failure_sentence(what, command, output, log))
    return output


def failure_sentence(what, command, output, log):
    """Why a program failed: a known cause, or its last words and where the rest is."""
    known = trouble(output)
    if known:
        return f"{what} failed: {known}"
    lines = [line for line in output.splitlines() if line.strip() and " INFO " not in line]
    last = "\n  ".join(lines[-5:]) or "(it said nothing)"
    start = shlex.join(str(part) for part in command[:3])
    return f"{what} failed. `{start} …` said:\n  {last}\nThe whole log is {log}."


def capture(command, **kwargs):
    """The output of a short command, or None when it fails or does not exist."""
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, **kwargs
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _wait(process, log):
    """Wait for a process and show now and then where it is."""
    started = said = time.monotonic()
    while True:
        try:
            process.wait(timeout=0.2)
            return
        except subprocess.TimeoutExpired:
            pass
        now = time.monotonic()
        if now - said >= SIGN_OF_LIFE:
            said = now
            detail(f"… {now - started:.0f} s: {_last_line(log)}")


def _last_line(log):
    """The last line of a log so far, short enough for one line on the screen."""
    with open(log, "rb") as stream:
        stream.seek(max(0, os.path.getsize(log) - 2000))
        lines = stream.read().decode("utf-8", "replace").replace("\r", "\n").splitlines()
    return next((line.strip()[:90] for line in reversed(lines) if line.strip()), "…")
