"""The scratch city under measurement: its database, its services with their settings, its tokens. Made by deploy/stack/bench.sh."""
import base64
import hashlib
import json
import os
import pathlib
import secrets
import signal
import subprocess
import time
import urllib.request

import psycopg
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

import roster
from measure import REPO, last_json, run, wait_until

PREFIXES = {"patrol-ledger": "patrol", "parent-access": "parent"}
PORTS = {"registry": 11, "disclosure": 12, "patrol-ledger": 13, "notification": 14, "parent-access": 15}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def uuid7():
    stamp = int(time.time() * 1000).to_bytes(6, "big") + secrets.token_bytes(10)
    value = bytearray(stamp)
    value[6] = value[6] & 0x0F | 0x70
    value[8] = value[8] & 0x3F | 0x80
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class City:
    def __init__(self):
        self.state = pathlib.Path(os.environ["BENCH_STATE"])
        self.port = int(os.environ["BENCH_PORT"])
        self.bin = pathlib.Path(os.environ["BENCH_BIN"])
        self.subject = pathlib.Path(os.environ["BENCH_SUBJECT"])
        self.postgres_bin = os.environ["BENCH_POSTGRES_BIN"]
        # A role that owns everything, over TCP as the services' own.
        self.superuser = os.environ["BENCH_DATABASE_URL"]
        self.scratch = self.state / "bench"
        self.scratch.mkdir(exist_ok=True)
        self._free_port = self.port + 30

    def free_port(self):
        self._free_port += 1
        return self._free_port

    def url(self, service):
        return f"http://127.0.0.1:{self.port + PORTS[service]}"

    # MARK: database

    def database(self, name="brightkitchen"):
        return self.superuser.rsplit("/", 1)[0] + "/" + name

    def sql(self, text, values=None, database="brightkitchen"):
        with psycopg.connect(self.database(database), autocommit=True) as connection:
            cursor = connection.execute(text, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def fresh_database(self, name, template="template0"):
        """An empty database, or a copy of another."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", database="postgres")
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}", database="postgres")
        return self.database(name)

    def pgbench(self, script, database, clients, seconds, *more):
        text = run(f"{self.postgres_bin}/pgbench", "-n", "-M", "prepared", "-f", script, "-c", clients, "-j", 2, "-T",
                   int(max(1, seconds)), *more, self.database(database))
        rate = next(line for line in text.splitlines() if line.startswith("tps = "))
        return {"per_s": float(rate.split()[2])}

    # MARK: services

    def settings(self, service, **changed):
        pairs = (self.state / "bench-env" / service).read_text().split("\0")
        return {**os.environ, **dict(pair.split("=", 1) for pair in pairs if pair), **changed}

    def command(self, service, *arguments, accept=(0,), **changed):
        done = subprocess.run([self.bin / service, *map(str, arguments)], capture_output=True, text=True, check=False,
                              cwd=REPO, env=self.settings(service, **changed), timeout=900)
        if done.returncode not in accept:
            raise RuntimeError(f"{service} {arguments[0]}: {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout + done.stderr

    def start(self, service, **changed):
        """Starts it; answers the process and the seconds until it was ready."""
        log = open(self.state / "logs" / f"{service}.log", "ab")
        began = time.monotonic()
        process = subprocess.Popen([self.bin / service, "serve"], stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=REPO,
                                   env=self.settings(service, **changed), start_new_session=True)
        port = changed.get("HTTP_PORT") or self.port + PORTS[service]

        def ready():
            if process.poll() is not None:
                raise RuntimeError(f"{service} ended: {process.returncode}")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                return answer.status == 200

        wait_until(ready, f"{service} is ready", 60, every=0.01)
        return process, time.monotonic() - began

    def pid(self, service):
        return int((self.state / "pids" / service).read_text().split()[0])

    def stop(self, service):
        """Ends a process that deploy/stack started."""
        pid = self.pid(service)
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}/exe").exists(), f"{service} ends", 20)

    def measured(self, *arguments):
        return last_json(run(self.subject, *arguments))

    def get(self, url, headers=None):
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=20) as answer:
            return answer.read(), answer.headers

    def get_json(self, url, headers=None):
        return json.loads(self.get(url, headers)[0])

    # MARK: who asks

    def token(self, role, lifetime=900, **facts):
        """An access token as the registry signs it, with the registry's own key."""
        pem = (self.state / "secrets/registry/token-signing-key.pem").read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        point = key.public_key().public_numbers()
        x, y = (base64url(n.to_bytes(32, "big")) for n in (point.x, point.y))
        kid = base64url(hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest())
        now = int(time.time())
        claims = {"iss": "brightkitchen-registry", "aud": "brightkitchen", "sub": facts.pop("person", None) or uuid7(),
                  "iat": now, "nbf": now, "exp": now + lifetime, "jti": uuid7(), "role": role, **facts}
        text = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "ES256", "typ": "JWT", "kid": kid}, claims))
        r, s = utils.decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    # MARK: content

    def load(self, canteens=650, cameras=3_000):
        """Organs, canteens and cameras by the real import; waits until they are public."""
        if (self.state / "bench-loaded").exists():
            return
        demo = REPO / "deploy/demo"
        files = roster.write(canteens, cameras, self.scratch / "city")
        self.command("registry", "import", "--organs", demo / "organs.csv", "--stations", demo / "stations.csv",
                     "--roster", files[0], "--cameras", files[1], accept=(0, 65))
        wait_until(lambda: self.get_json(self.url("disclosure") + "/disclosure/v1/canteens")["total"] >= canteens,
                   "the canteens are public", 120, every=0.5)
        wait_until(lambda: self.sql("SELECT count(*) FROM parent_access.camera")[0][0] >= cameras,
                   "the cameras are known to parent access", 120, every=0.5)
        (self.state / "bench-loaded").touch()
