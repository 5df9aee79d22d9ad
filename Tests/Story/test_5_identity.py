"""Who somebody is, from outside: second factor, single sign-on with a real provider, programs."""
import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest
from running_city import GATEWAY, eventually, local
from joserfc import jwt
from playwright.sync_api import TimeoutError


@pytest.fixture(scope="module")
def officer(person):
    someone = person()
    someone.sign_in("city.msa")
    return someone


def at_the_provider(someone, provider):
    """Signs in at the provider where it asks, and consents where it asks."""
    page = someone.page
    for _ in range(6):
        if not page.url.startswith(provider.issuer):
            return
        if page.locator("input[name=login]").count():
            page.fill("input[name=login]", "city-account")
        elif page.locator("input[name=password]").count():
            page.fill("input[name=password]", "provider password 1")
        with page.expect_navigation():
            page.locator("button[type=submit], button[name=answer][value=accept]").last.click()


def leave(someone):
    someone.page.goto(GATEWAY + "/registry/account")
    someone.page.click("header form button[type=submit]")
    someone.page.wait_for_url(lambda url: "logout" not in url)


def test_a_stranger_needs_the_code(city, person):
    someone = person(width=390, height=844)
    someone.page.goto(GATEWAY + "/registry/login")
    someone.page.fill("input[name=login]", "heshan.edu")
    someone.page.fill("input[name=password]", city.password("heshan.edu"))
    someone.page.click("main form button[type=submit]")
    someone.page.wait_for_url("**/registry/login/code")
    someone.see("identity-code-phone")
    shown = local("code", "heshan.edu").stdout.split()[0]
    someone.page.fill("input[name=code]", shown)
    with someone.page.expect_navigation():
        someone.page.click("main form button[type=submit]")
    assert "/notification/bulletins" in someone.page.url
    assert not someone.console


def test_the_account_page_lists_sessions(officer):
    officer.page.goto(GATEWAY + "/registry/account")
    officer.see("identity-account")
    assert "本次" in officer.page.inner_text("main")
    assert not officer.console


def test_a_subject_that_nobody_linked_gets_in_nowhere(provider, person):
    stranger = person()
    stranger.page.goto(GATEWAY + "/registry/login")
    stranger.page.click("text=使用市统一身份认证登录")
    at_the_provider(stranger, provider)
    stranger.page.wait_for_url(GATEWAY + "/**")
    assert "没有关联" in stranger.page.inner_text("main")
    assert not [cookie for cookie in stranger.context.cookies() if cookie["name"] in ("bk_token", "bk_session")]


def test_the_owner_links_the_account_and_enters_by_it(city, provider, officer):
    officer.page.goto(GATEWAY + "/registry/account")
    officer.page.click("text=关联我的统一身份账号")
    officer.page.wait_for_url(provider.issuer + "/**")
    at_the_provider(officer, provider)
    officer.page.wait_for_url(GATEWAY + "/registry/account")
    assert "已关联" in officer.page.inner_text("main")
    leave(officer)

    officer.page.goto(GATEWAY + "/registry/login")
    officer.page.click("text=使用市统一身份认证登录")
    at_the_provider(officer, provider)
    # The provider did not say that it asked for a second factor: the product does.
    officer.page.wait_for_url("**/registry/login/code")
    officer.page.fill("input[name=code]", city.code("city.msa"))
    with officer.page.expect_navigation():
        officer.page.click("main form button[type=submit]")
    officer.page.wait_for_url("**/patrol/")


def test_logging_out_here_leads_to_the_providers_logout(provider, officer):
    officer.page.goto(GATEWAY + "/registry/account")
    officer.page.click("header form button[type=submit]")
    officer.page.wait_for_url(lambda url: url.startswith(provider.issuer) or url == GATEWAY + "/registry/login")
    cookies = {cookie["name"] for cookie in officer.context.cookies(GATEWAY)}
    assert not cookies & {"bk_token", "bk_session"}


def post(path, fields, headers=None):
    request = urllib.request.Request(GATEWAY + path, urllib.parse.urlencode(fields).encode(), headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def logout_token(provider, **changes):
    now = int(time.time())
    claims = {
        "iss": provider.issuer, "sub": "city-account", "aud": "bright-kitchen", "iat": now, "exp": now + 120,
        "jti": uuid.uuid4().hex, "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    } | changes
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid, "typ": "logout+jwt"}, claims, provider.key)


def test_a_logout_at_the_provider_ends_the_session_here_even_after_a_key_rotation(city, provider, person):
    provider.rotate()
    someone = person()
    someone.page.goto(GATEWAY + "/registry/login")

    def enters():
        someone.page.goto(GATEWAY + "/registry/login/sso")
        at_the_provider(someone, provider)
        try:
            someone.page.wait_for_url("**/registry/login/code", timeout=4000)
        except TimeoutError:
            return False
        return True

    # The new key is unknown until the keys are fetched again, at most every ten seconds.
    eventually(enters, lambda: someone.page.inner_text("body"), seconds=60, every=2)
    someone.page.fill("input[name=code]", city.code("city.msa"))
    with someone.page.expect_navigation():
        someone.page.click("main form button[type=submit]")
    token = next(c["value"] for c in someone.context.cookies(GATEWAY) if c["name"] == "bk_token")

    def sees(path):
        request = urllib.request.Request(GATEWAY + path, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert sees("/registry/v1/canteens") == 200
    path = "/registry/login/sso/backchannel-logout"
    for wrong in [{"aud": "somebody-else"}, {"iss": "http://evil.example"}, {"nonce": "x"}, {"events": {}}]:
        assert post(path, {"logout_token": logout_token(provider, **wrong)})[0] == 400, wrong
    assert sees("/registry/v1/canteens") == 200
    good = logout_token(provider)
    assert post(path, {"logout_token": good})[0] == 200
    assert post(path, {"logout_token": good})[1]["code"] == "logout_token_replayed"
    # The registry knows at once, every other service within seconds.
    assert sees("/registry/v1/canteens") == 401
    eventually(lambda: sees("/patrol/ledger") == 401, "the token is void at the ledger", seconds=20)


def test_a_program_of_a_bureau(city, person):
    one, two = person(), person()
    one.sign_in("security.admin")
    two.sign_in("security.admin2")
    one.page.goto(GATEWAY + "/registry/api-clients")
    one.page.fill("input[name=name]", "教育局数据平台")
    one.page.fill("input[name=organ]", "鹤山市教育局")
    one.page.check("input[value=see_register]")
    one.page.fill("input[name=reason]", "数据对接")
    one.page.click("text=提交审批")
    one.page.wait_for_url("**/registry/approvals")
    assert "等待另一人审批" in one.page.inner_text("main")
    two.page.goto(GATEWAY + "/registry/approvals")
    two.see("identity-approvals")
    two.page.click("text=同意并生效")
    two.page.wait_for_url("**/registry/approvals")
    one.page.goto(GATEWAY + "/registry/api-clients")
    one.page.click("text=教育局数据平台")
    client = one.page.inner_text("dl.facts dd >> nth=0")
    one.page.click("text=生成新密钥")
    one.page.wait_for_selector(".alert--ok code")
    secret = one.page.inner_text(".alert--ok code")
    one.see("identity-api-client")
    basic = {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}
    status, answer = post("/registry/oauth/token", {"grant_type": "client_credentials"}, basic)
    assert status == 200 and answer["scope"] == "see_register"
    assert city.get("/registry/v1/canteens", answer["access_token"])["total"] > 0
    with pytest.raises(urllib.error.HTTPError) as refused:
        city.get("/registry/v1/approvals", answer["access_token"])
    assert refused.value.code == 403
    assert not one.console and not two.console
