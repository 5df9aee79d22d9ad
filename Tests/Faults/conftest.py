"""A scratch city that is broken on purpose. `deploy/local test faults` runs this folder; figures go to docs/reliability.json.

BRIGHT_KITCHEN_FAULT_ROUNDS: how often each fault is injected (5; services are killed four times as often).
"""
import json
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Story"))

from processes import SERVICES, stack  # noqa: E402 - the folder is known now
from running_city import City, local, superuser  # noqa: E402


@pytest.fixture(scope="session")
def city():
    if pathlib.Path(os.environ["BRIGHT_KITCHEN_STATE"]).exists():
        local("reset")
    local("up")
    # Nobody watches: the cameras' pictures would only take time from the machine.
    stack('for camera in $(running_names | grep ^camera-); do stop "$camera"; done')
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


@pytest.fixture(autouse=True)
def ledgers_hold(city):
    """After every fault: each journal proves itself, and numbers of bulletins have no gap."""
    yield
    for service in SERVICES:
        assert "intact" in city.service(service, "verify").stdout
    given = superuser(city, "SELECT coalesce(sum(last), 0) FROM notification.bulletin_counter")
    used = superuser(city, "SELECT count(DISTINCT number) FROM notification.bulletin WHERE number IS NOT NULL")
    assert given == used, f"{given} numbers were given, {used} bulletins have one"
