"""Folders that exist completely or not at all, and locks between two runs of ours."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from .say import Problem, step


@contextlib.contextmanager
def lock(path, what="setup"):
    """Hold the lock file `path`; wait, and say so, when another run holds it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"Waiting for another {what} that is running ({path}) …")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def build_folder(target, make):
    """Let `make(folder)` fill a folder next to `target`, which gets its name only when complete.

    Left-overs of a run that was cut off carry another name, so they are never taken for the real
    thing; they are removed here. Call it under a lock.
    """
    target = Path(target)
    if target.is_dir():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    make(unfinished)
    os.sync()
    unfinished.rename(target)
    return True


def require_space(folder, megabytes, what):
    """Stop early, in words, when the disk under `folder` lacks room."""
    folder = Path(folder)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Problem(
            f"{what} needs {megabytes} MB and the disk of {folder} has {free} MB free. "
            "Free some space and run the command again."
        )


def sha256(path):
    """The SHA256 of a file as a hexadecimal string."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_of(*parts):
    """A short name for the content of some texts and files."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part.encode()
        digest.update(str(len(data)).encode() + b":" + data)
    return digest.hexdigest()[:12]
