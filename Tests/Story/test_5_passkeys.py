"""Passkeys in a real browser: chromium's virtual authenticators, asked by the product's own pages."""
import base64
import os
import signal
import subprocess
import urllib.request

import pytest
from running_city import PORT, REPO, eventually

# A passkey belongs to a name, never to an address: a second replica of the registry answers to this one.
ORIGIN = f"http://localhost:{int(PORT) + 45}"
LOGIN = "heshan.edu"


@pytest.fixture(scope="module")
def registry(city):
    with open(city.state / "logs/registry-localhost.log", "ab") as log:
        process = subprocess.Popen(
            ["deploy/local", "registry", "serve"], cwd=REPO, stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, "BRIGHT_KITCHEN_ORIGIN": ORIGIN, "BRIGHT_KITCHEN_SERVICE_PORT": ORIGIN.rsplit(":", 1)[1]},
        )

    def answers():
        assert process.poll() is None, (city.state / "logs/registry-localhost.log").read_text()[-2000:]
        try:
            with urllib.request.urlopen(ORIGIN + "/health/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    eventually(answers, "the replica answers", seconds=60)
    yield ORIGIN
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)


class Authenticators:
    """The virtual authenticators of one page (W3C WebAuthn §11, through the DevTools protocol)."""

    def __init__(self, someone):
        self.devtools = someone.context.new_cdp_session(someone.page)
        self.devtools.send("WebAuthn.enable")

    def add(self, verified=True):
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": verified, "automaticPresenceSimulation": True,
        }
        return self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def remove(self, device):
        self.devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})

    def credentials(self, device):
        return self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]

    def put(self, device, credential):
        self.devtools.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": credential})

    def verified(self, device, is_verified):
        self.devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": is_verified}
        )


def another_key():
    """A P-256 key that nobody enrolled, as the browser takes it (PKCS #8, base64)."""
    made = subprocess.run(
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl pkcs8 -topk8 -nocrypt -outform DER",
        shell=True, capture_output=True, check=True,
    )
    return base64.b64encode(made.stdout).decode()


def cookies(someone):
    return {cookie["name"] for cookie in someone.context.cookies(ORIGIN + "/registry/account")}


def leave(someone):
    someone.page.goto(ORIGIN + "/registry/account")
    with someone.page.expect_navigation():
        someone.page.click("header form button[type=submit]")
    assert not cookies(someone) & {"bk_token", "bk_session"}


def press(someone):
    # Back to a page of this service: only the gateway has the others.
    someone.page.goto(ORIGIN + "/registry/login?return=/registry/account")
    someone.page.click("button[data-passkey=sign-in]")


def enters(someone):
    press(someone)
    someone.page.wait_for_url(lambda url: "/registry/login" not in url)
    assert {"bk_token", "bk_session"} <= cookies(someone)


def says_why_not(someone):
    eventually(lambda: someone.page.locator("[data-passkey-status]").first.inner_text(), "the page says why not", seconds=15)


def is_refused(someone):
    press(someone)
    says_why_not(someone)
    assert "/registry/login" in someone.page.url
    assert not cookies(someone) & {"bk_token", "bk_session"}


def test_a_passkey_is_enrolled_enters_and_cannot_be_copied(city, registry, person):
    someone = person(width=390, height=844)
    page = someone.page
    devices = Authenticators(someone)
    own = devices.add()

    # The first time with password and code.
    page.goto(ORIGIN + "/registry/login?return=/registry/account")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", city.password(LOGIN))
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    for _ in range(3):
        if "/registry/login/code" not in page.url:
            break
        page.fill("input[name=code]", city.code(LOGIN))
        with page.expect_navigation():
            page.click("main form button[type=submit]")
    page.goto(ORIGIN + "/registry/account")
    with page.expect_navigation():
        page.click("button[data-passkey=register]")
    page.wait_for_selector("form[action*='/passkeys/']")
    someone.see("identity-passkey")
    made = devices.credentials(own)
    assert len(made) == 1 and made[0]["isResidentCredential"] and made[0]["rpId"] == "localhost"
    # The same device is not enrolled twice.
    page.click("button[data-passkey=register]")
    says_why_not(someone)
    assert len(devices.credentials(own)) == 1
    leave(someone)

    # One touch instead of password and code, also for somebody who needs a second factor.
    enters(someone)
    leave(someone)

    # A copy made now lags behind as soon as the owner has signed in once more.
    copy = devices.credentials(own)[0]
    enters(someone)
    leave(someone)
    devices.remove(own)
    clone = devices.add()
    devices.put(clone, copy)
    is_refused(someone)
    devices.remove(clone)

    # An authenticator with a key that nobody enrolled, under the same credential id and under another.
    stranger = devices.add()
    other = {**copy, "credentialId": made[0]["credentialId"], "privateKey": another_key(), "signCount": 10_000}
    devices.put(stranger, other)
    is_refused(someone)
    devices.remove(stranger)
    unknown = devices.add()
    devices.put(unknown, {**other, "credentialId": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    is_refused(someone)
    devices.remove(unknown)

    # A device that did not ask for finger, face or PIN.
    careless = devices.add(verified=False)
    devices.put(careless, {**copy, "signCount": 20_000})
    is_refused(someone)
    devices.verified(careless, True)
    enters(someone)
    leave(someone)
