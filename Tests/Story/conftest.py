"""A scratch city for the browser tests: `deploy/local up` with its own state folder and ports, Debian's chromium."""
import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request
import uuid

import pytest
from joserfc.jwk import RSAKey
from playwright.sync_api import sync_playwright

from running_city import GATEWAY, PORT, REPO, City, eventually, local


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
