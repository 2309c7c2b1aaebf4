"""Where things live: the checkout, its ignored folder, the cache that checkouts share."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "buurtbemiddeling"
MODULES = ("buurtbemiddeling_case", "buurtbemiddeling_volunteer", "buurtbemiddeling_report")
TEST_MODULE = "test_buurtbemiddeling"


def modules():
    """Our modules that exist in this checkout, in order of dependency."""
    return [name for name in MODULES if (ROOT / name / "__manifest__.py").exists()]


def test_modules():
    """The addon that holds the tests no single module can hold, if it is there."""
    return [TEST_MODULE] if (ROOT / "tests" / TEST_MODULE / "__manifest__.py").exists() else []


def module_folder(name):
    """The folder of one of our modules."""
    return ROOT / "tests" / name if name == TEST_MODULE else ROOT / name
