"""A scratch city that is broken on purpose. `deploy/local test faults` runs this folder; figures go to docs/reliability.json.

BRIGHT_KITCHEN_FAULT_ROUNDS: how often each fault is injected (5; services are killed four times as often).
"""
import json
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Story"))

from running_city import City, local  # noqa: E402 - the folder is known now


@pytest.fixture(scope="session")
def city():
    if pathlib.Path(os.environ["BRIGHT_KITCHEN_STATE"]).exists():
        local("reset")
    local("up")
    yield City(os.environ["BRIGHT_KITCHEN_STATE"])
    if os.environ.get("BRIGHT_KITCHEN_KEEP") != "1":
        local("reset")


@pytest.fixture(scope="session")
def figures(city):
    """What was measured: one entry a fault, written when the run ends."""
    measured = {}
    yield measured
    (city.state.parent / "reliability.json").write_text(json.dumps(measured, ensure_ascii=False, indent=2) + "\n")


@pytest.fixture(scope="session")
def rounds():
    return int(os.environ.get("BRIGHT_KITCHEN_FAULT_ROUNDS", "5"))
