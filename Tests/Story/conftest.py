"""A scratch city for the browser tests: `deploy/local up` with its own state folder and ports, Debian's chromium."""
import base64
import hmac
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

import pytest
from joserfc.jwk import RSAKey
from playwright.sync_api import sync_playwright

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

    def __init__(self, state):
        self.state = pathlib.Path(state)
        self._tokens = {}
        self._steps = {}

    def _account(self, login):
        for line in (self.state / "secrets/passwords.tsv").read_text().splitlines():
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

    def _token(self, login):
        body = {"login": login, "password": self.password(login)}
        code = self.code(login)
        request = urllib.request.Request(
            GATEWAY + "/registry/v1/tokens", json.dumps(body | ({"code": code} if code else {})).encode(),
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
        step = max(int(time.time()) // 30, self._steps.get(login, 0) + 1)
        while step > int(time.time()) // 30 + 1:
            pause.wait(1)
        self._steps[login] = step
        mac = hmac.new(key, struct.pack(">Q", step), "sha1").digest()
        offset = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"

    def get(self, path, token=None):
        request = urllib.request.Request(GATEWAY + path, headers={"Authorization": f"Bearer {token}"} if token else {})
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


class Provider:
    """A real OpenID Connect provider (Canaille) beside the city, so that single sign-on is proven and not imagined."""

    port = int(PORT) + 40
    issuer = f"http://127.0.0.1:{port}"

    def __init__(self, folder):
        self.folder, self.process = folder, None
        self.rotate()

    def rotate(self):
        """Starts (again) with a new signing key; everything it knew is gone."""
        self.stop()
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": uuid.uuid4().hex}, private=True)
        self.key = key
        keys = self.folder / "provider-keys.json"
        keys.write_text(json.dumps([key.as_dict(private=True)]))
        with open(self.folder / "provider.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(REPO / "Tests/Story/provider/serve.py"), str(self.port), str(keys), GATEWAY],
                stdout=log, stderr=log,
            )
        eventually(self.answers, "the provider answers", seconds=60)

    def answers(self):
        assert self.process.poll() is None, (self.folder / "provider.log").read_text()[-2000:]
        try:
            with urllib.request.urlopen(self.issuer + "/.well-known/openid-configuration", timeout=5) as answer:
                return json.load(answer)["issuer"] == self.issuer
        except OSError:
            return False

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None


@pytest.fixture(scope="session")
def provider(tmp_path_factory):
    made = Provider(tmp_path_factory.mktemp("provider"))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def city(provider):
    os.environ.update(
        OIDC_ISSUER=provider.issuer, OIDC_CLIENT_ID="bright-kitchen", OIDC_CLIENT_SECRET="only-for-tests",
    )
    # The story begins in week one: nothing of an earlier run that broke off.
    if pathlib.Path(os.environ["BRIGHT_KITCHEN_STATE"]).exists():
        local("reset")
    local("up")
    yield City(os.environ["BRIGHT_KITCHEN_STATE"])
    if os.environ.get("BRIGHT_KITCHEN_KEEP") != "1":
        local("reset")


@pytest.fixture(scope="session")
def repo():
    return REPO


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures(city):
    """Where the tests leave a screenshot of every page they saw."""
    folder = city.state.parent / "pictures"
    folder.mkdir(exist_ok=True)
    return folder


class Person:
    """One person with a browser of their own."""

    def __init__(self, city, chromium, pictures, width, height):
        self.city, self.pictures = city, pictures
        self.context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.console = []
        self.page.on("console", lambda m: self.console.append(m.text) if m.type == "error" else None)

    def sign_in(self, login):
        self.page.goto(GATEWAY + "/registry/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", self.city.password(login))
        self.page.click("main form button[type=submit]")
        self.page.wait_for_url(lambda url: not url.split("?")[0].endswith("/registry/login"))
        # A code that the loading of the demo city used a moment ago is refused: the next one is good.
        for _ in range(3):
            if "/registry/login/code" not in self.page.url:
                break
            self.page.fill("input[name=code]", self.city.code(login))
            with self.page.expect_navigation():
                self.page.click("main form button[type=submit]")
        assert "/registry/login" not in self.page.url, self.page.inner_text("main")

    def see(self, name):
        self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)

    def video_advances(self, selector="video", seconds=20):
        """Waits until the video has really played for a second more than now."""
        self.page.wait_for_function(
            """selector => {
                const video = document.querySelector(selector);
                if (!video) return false;
                window.__from ??= video.currentTime;
                return video.videoWidth > 0 && video.currentTime > window.__from + 1;
            }""",
            arg=selector,
            timeout=seconds * 1000,
        )


@pytest.fixture(scope="session")
def person(city, chromium, pictures):
    people = []

    def make(width=1280, height=900):
        people.append(Person(city, chromium, pictures, width, height))
        return people[-1]

    yield make
    for someone in people:
        someone.context.close()
