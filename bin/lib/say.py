"""Talking to the person at the keyboard: progress, and sentences instead of tracebacks."""

from __future__ import annotations

import errno
import signal
import sys
import time
import traceback

STARTED = time.monotonic()
quiet = False


class Problem(Exception):
    """Something the user can act on; its text says what is wrong and what to do."""


def step(text):
    """Say what is being done now, with the seconds since the start."""
    if not quiet:
        print(f"[{time.monotonic() - STARTED:4.0f} s] {text}", flush=True)


def detail(text):
    """Say a small thing under the current step."""
    if not quiet:
        print(f"         {text}", flush=True)


def main(command, log):
    """Run `command` and exit with what it returns; a failure becomes one sentence.

    What we did not foresee keeps its traceback in the file `log`, for a bug report.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        code = command()
    except KeyboardInterrupt:
        code = _fail("Stopped.", 130)
    except Problem as problem:
        code = _fail(f"Error: {problem}")
    except OSError as error:
        code = _fail(f"Error: {os_error_sentence(error)}")
        _keep_traceback(log)
    except Exception as error:
        code = _fail(
            f"Error: something unforeseen went wrong ({type(error).__name__}: {error}). "
            f"The details are in {log}."
        )
        _keep_traceback(log)
    sys.exit(code)


def os_error_sentence(error):
    """Put an operating system error into words."""
    name = error.filename or "a file"
    if error.errno == errno.ENOSPC:
        return "the disk is full. Free some space and run the command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to write {name}. Run the command as the owner of that folder."
    return f"{error.strerror or error} ({name})."


def _interrupt(*_args):
    raise KeyboardInterrupt


def _fail(text, code=1):
    print(text, file=sys.stderr, flush=True)
    return code


def _keep_traceback(log):
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(traceback.format_exc())
    except OSError:
        pass  # the sentence has been said; a full disk must not add a traceback to it
