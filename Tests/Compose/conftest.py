"""The compose deployment that `deploy/local test compose` has brought up."""
import json
import os
import pathlib
import shlex
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Story"))
from running_city import REPO, Api, City  # noqa: E402

STATE = pathlib.Path(os.environ["COMPOSE_STATE"])
URL = os.environ["COMPOSE_URL"]
COMPOSE = shlex.split(os.environ["COMPOSE_COMMAND"])
DOCKER = os.environ["DOCKER"]
# urllib checks the gateway's certificate against this one, as a browser does against the city's.
os.environ["SSL_CERT_FILE"] = str(STATE / "secrets/gateway/certificate.pem")
SERVICES = ("registry", "disclosure", "patrol-ledger", "notification", "parent-access")


def run(*command, check=True, timeout=300):
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, timeout=timeout)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


class Stack:
    def compose(self, *arguments, check=True):
        return run(*COMPOSE, *arguments, check=check)

    def container(self, service):
        return self.compose("ps", "-q", service).stdout.split()[0]

    def inspect(self, service):
        return json.loads(run(DOCKER, "inspect", self.container(service)).stdout)[0]

    def is_healthy(self, service):
        return self.inspect(service)["State"].get("Health", {}).get("Status") == "healthy"


@pytest.fixture(scope="session")
def stack():
    return Stack()


class ComposeCity(City):
    """The same accounts and JSON interface as the local stack's, behind TLS."""

    gateway = URL


@pytest.fixture(scope="session")
def city(stack):
    """The demo city through the real import, in a one-shot container; the accounts' passwords come out."""
    out = STATE / "out"
    out.mkdir(exist_ok=True)
    os.chown(out, 10001, 10001)
    demo = REPO / "deploy/demo"
    done = run(*COMPOSE, "run", "--rm", "-T", "-v", f"{demo}:/demo:ro", "-v", f"{out}:/out", "-e", "MODE=local", "registry", "import", "--demo-accounts",
               "--organs", "/demo/organs.csv", "--stations", "/demo/stations.csv", "--roster", "/demo/roster-sample.csv",
               "--cameras", "/demo/cameras-sample.csv", "--staff", "/demo/staff.csv", "--passwords-out", "/out/passwords.tsv",
               check=False)
    assert done.returncode == 65, f"some lines are faulty on purpose: {done.stdout}{done.stderr}"
    city = ComposeCity(STATE)
    city.accounts = out / "passwords.tsv"
    return city


@pytest.fixture(scope="session")
def person(city):
    """An account by its login, as often as it is asked for."""
    return lambda login: Api(city, login)
