"""The running scratch city as the tests of Tests/Story and Tests/Faults use it: its addresses, accounts, commands and broker."""
import base64
import hmac
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import threading
import time
import urllib.error
import urllib.request

REPO = pathlib.Path(__file__).resolve().parents[2]
PORT = os.environ.get("BRIGHT_KITCHEN_PORT", "8180")
GATEWAY = f"http://127.0.0.1:{PORT}"


def eventually(check, what, seconds=60, every=0.2):
    """Waits for what travels through Kafka or a restart: asks again until `check` answers something, with a deadline."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {what() if callable(what) else what}"
        pause.wait(every)


def local(*arguments, check=True):
    """Runs deploy/local with the scratch city's settings and returns what it printed."""
    done = subprocess.run(
        ["deploy/local", *arguments], cwd=REPO, capture_output=True, text=True, check=False, timeout=900
    )
    if check and done.returncode:
        raise AssertionError(f"deploy/local {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class City:
    gateway = GATEWAY
    # Seconds by which the services' clocks are ahead of this machine's, while a test steps them.
    clock_ahead = 0

    def __init__(self, state):
        self.state = pathlib.Path(state)
        self.accounts = self.state / "secrets/passwords.tsv"
        self._tokens = {}
        self._steps = {}

    def _account(self, login):
        for line in self.accounts.read_text().splitlines():
            fields = line.split("\t")
            if fields[0] == login:
                return fields
        raise AssertionError(f"no account {login}")

    def password(self, login):
        return self._account(login)[1]

    def token(self, login):
        """A bearer token, kept for ten of its fifteen minutes."""
        kept = self._tokens.get(login)
        if kept and kept[1] > time.monotonic():
            return kept[0]
        answer = eventually(lambda: self._token(login), f"{login} signs in", seconds=90, every=1)
        self._tokens[login] = (answer, time.monotonic() + 600)
        return answer

    def clock_stepped(self, ahead):
        """The services' clocks were set: tokens and codes of before are of another time."""
        self.clock_ahead = ahead
        self._tokens.clear()
        self._steps.clear()

    def _token(self, login):
        body = {"login": login, "password": self.password(login)}
        code = self.code(login)
        request = urllib.request.Request(
            self.gateway + "/registry/v1/tokens", json.dumps(body | ({"code": code} if code else {})).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)["token"]
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if problem["code"] != "wrong_code":
                raise AssertionError(problem) from error
            return None

    def code(self, login):
        """The next one-time code (RFC 6238) of a demo account; each is used once. None where there is no second factor."""
        secret = self._account(login)[3:]
        if not secret:
            return None
        key = base64.b32decode(secret[0] + "=" * (-len(secret[0]) % 8))
        pause = threading.Event()

        def now():
            return int(time.time() + self.clock_ahead) // 30

        step = max(now(), self._steps.get(login, 0) + 1)
        while step > now() + 1:
            pause.wait(1)
        self._steps[login] = step
        mac = hmac.new(key, struct.pack(">Q", step), "sha1").digest()
        offset = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"

    def get(self, path, token=None):
        request = urllib.request.Request(self.gateway + path, headers={"Authorization": f"Bearer {token}"} if token else {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def last_code(self):
        """The one-time code of the last text message: the local stack writes them to a file."""
        line = (self.state / "sms-outbox.jsonl").read_text().strip().splitlines()[-1]
        return re.search(r"验证码 (\d{6})", json.loads(line)["text"]).group(1)

    def service(self, name, *arguments, check=True):
        return local(name, *arguments, check=check)

    # Ports as deploy/stack/settings.sh gives them.
    postgres_port = int(PORT) + 1
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP", f"127.0.0.1:{int(PORT) + 2}")

    def kcat_count(self, topic):
        done = subprocess.run(
            ["kcat", "-b", self.bootstrap, "-C", "-e", "-q", "-t", topic, "-f", "."],
            capture_output=True, text=True, check=False, timeout=60,
        )
        return done.stdout.count(".")

    def psql(self, service, sql):
        """One statement as the role that serves."""
        schema = service.replace("-", "_")
        password = (self.state / f"secrets/database-{service}-app").read_text().strip()
        url = f"postgresql://{schema}_app@127.0.0.1:{self.postgres_port}/brightkitchen?options=-csearch_path%3D{schema}"
        return subprocess.run(
            ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-c", sql, url],
            capture_output=True, text=True, check=False, env={**os.environ, "PGPASSWORD": password},
        )


class Api:
    """A signed-in account that speaks JSON. A 502 or 503 while a service is restarting is tried again, with the same key."""

    def __init__(self, city, login):
        self.city, self.token = city, city.token(login)

    def __call__(self, method, path, body=None, key=None):
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.city.gateway + path, data, headers, method=method)

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


def kill(city, name):
    pid = int((city.state / "pids" / name).read_text().split()[0])
    os.kill(pid, signal.SIGKILL)


def sheet(checklist, zone, violation=None, evidence=()):
    findings = []
    for item in checklist["items"]:
        if item["code"].startswith(zone):
            if item["code"] == violation:
                findings.append({"code": violation, "result": "violation", "note": "地面有积水", "evidence_ids": list(evidence)})
            else:
                findings.append({"code": item["code"], "result": "not_observable", "note": "画面角度看不到", "evidence_ids": []}
                                if item["observable"] == "no" else
                                {"code": item["code"], "result": "ok", "evidence_ids": []})
    return {"findings": findings}


def superuser(city, sql):
    done = subprocess.run(
        ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "psql", "-X", "-q", "-tA", "-v",
         "ON_ERROR_STOP=1", "-h", str(city.state / "postgres"), "-p", str(city.postgres_port), "-U", "postgres",
         "-d", "brightkitchen", "-c", sql],
        capture_output=True, text=True, check=False, cwd="/",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def kafka_messages(city, topic):
    """Everything on a topic, read by kcat: headers and JSON bodies."""
    done = subprocess.run(
        ["kcat", "-b", city.bootstrap, "-C", "-e", "-q", "-t", topic, "-f", "%h\x1f%k\x1f%s\x1e"],
        capture_output=True, text=True, check=True, timeout=60,
    )
    for message in filter(None, done.stdout.split("\x1e")):
        headers, key, body = message.split("\x1f")
        yield dict(h.split("=", 1) for h in headers.split(",")), key, json.loads(body)
