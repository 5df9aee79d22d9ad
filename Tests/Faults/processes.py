"""The processes of the scratch city: looked at, killed, started again as `deploy/local` starts them."""
import pathlib
import random
import subprocess
import threading
import time
import urllib.error
import urllib.request

from running_city import REPO, eventually

SERVICES = ("registry", "disclosure", "patrol-ledger", "notification", "parent-access")
# The same in every run, so that a failure can be looked for again.
CHANCE = random.Random(20261123)


def stack(command):
    """A function of deploy/stack, as `deploy/local` runs it."""
    done = subprocess.run(
        ["bash", "-c", f'set -euo pipefail; for part in deploy/stack/*.sh; do . "$part"; done; {command}'],
        cwd=REPO, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def process(city, name):
    return int((city.state / "pids" / name).read_text().split()[0])


def lives(city, name):
    """A zombie does not: in a container nobody may ever collect it."""
    try:
        status = pathlib.Path(f"/proc/{process(city, name)}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rsplit(") ", 1)[1][0] not in "ZX"


def is_ready(city, service):
    port = int(city.gateway.rsplit(":", 1)[1]) + 11 + SERVICES.index(service)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.HTTPError):
        return False


def restart(city, service):
    """Seconds from the start of the process to the moment it says that it is ready."""
    began = time.monotonic()
    stack(f"BOOTSTRAP={city.bootstrap}; start_service {service}")
    eventually(lambda: is_ready(city, service), f"{service} is ready", seconds=60, every=0.02)
    return round(time.monotonic() - began, 2)


def pause(seconds=2.0):
    """A random moment in the middle of the load."""
    threading.Event().wait(CHANCE.uniform(0.2, seconds))
