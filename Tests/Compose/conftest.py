"""The compose deployment that `deploy/local test compose` has brought up."""
import json
import os
import pathlib
import shlex
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
STATE = pathlib.Path(os.environ["COMPOSE_STATE"])
URL = os.environ["COMPOSE_URL"]
COMPOSE = shlex.split(os.environ["COMPOSE_COMMAND"])
DOCKER = os.environ["DOCKER"]
# urllib checks the gateway's certificate against this one, as a browser does against the city's.
os.environ["SSL_CERT_FILE"] = str(STATE / "secrets/gateway/certificate.pem")
SERVICES = ("registry", "disclosure", "patrol-ledger", "notification", "parent-access")


def eventually(check, what, seconds=90, every=0.5):
    """Asks again until `check` answers something, with a deadline."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {what() if callable(what) else what}"
        pause.wait(every)


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

    def request(self, method, path, body=None, token=None, headers=()):
        headers = {"Accept": "application/json", **dict(headers)}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        return urllib.request.Request(URL + path, data, headers, method=method)

    def json(self, method, path, body=None, token=None, headers=()):
        """One answer as JSON; 502 and 503 while something restarts are asked again."""
        request = self.request(method, path, body, token, headers)

        def answer():
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    return [response.read()]
            except urllib.error.HTTPError as error:
                if error.code in (502, 503):
                    return None
                raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error

        text = eventually(answer, f"{method} {path}")[0]
        return json.loads(text) if text else None


@pytest.fixture(scope="session")
def stack():
    return Stack()
