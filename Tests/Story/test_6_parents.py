"""Parents with a real player through the real gateway: scenarios 12, 13, 14 and 25 of the specification, §7.6."""
import datetime
import json
import re
import time
import urllib.request
import zoneinfo

import pytest
from conftest import GATEWAY, eventually

CITY_TIME = zoneinfo.ZoneInfo("Asia/Shanghai")
YAYAO = "鹤山市雅瑶镇示例初级中学"
PASSWORD = "kanjian-yangguang-2026"
LONGEST_CUT = 5  # seconds between the end of a right and the end of the picture
NEXT_POLL = 3.5  # seconds: the page asks every 3


def city_now():
    return datetime.datetime.now(CITY_TIME)


def post(path, token, body):
    request = urllib.request.Request(
        GATEWAY + path, json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer) if answer.status == 201 else None


@pytest.fixture(scope="module")
def cameras(city):
    """Live cameras of the school, and one of another."""
    known = city.get("/registry/v1/cameras?per_page=200", city.token("heshan.msa"))["items"]
    own = [c["camera_id"] for c in known if YAYAO in c["name"] and c["status"] == "active"]
    other = next(c["camera_id"] for c in known if "龙口镇示例高级中学" in c["name"] and c["status"] == "active")
    return own, other


class Parent:
    def __init__(self, city, someone, camera, until="23:59", number="13800138001"):
        self.city, self.someone, self.page = city, someone, someone.page
        today = city_now().date()
        self.invited = post(
            "/parent/v1/representatives", city.token("yayao.principal"), {
                "label": "家委会代表", "grant": {
                    "camera_ids": [camera], "valid_from": today.isoformat(),
                    "valid_to": (today + datetime.timedelta(days=30)).isoformat(),
                    "windows": [{"weekday": day, "from": "00:00", "to": until} for day in range(1, 8)],
                },
            })
        page = self.page
        page.goto(self.invited["invitation_url"])
        page.fill("[name=mobile_number]", number)
        page.click("main form button[type=submit]")
        page.wait_for_selector("[name=code]")
        page.fill("[name=code]", city.last_code())
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.check("[name=consent]")
        page.locator("main form button[type=submit]").first.click()
        page.click("a[href^='/parent/login']")
        page.fill("[name=account]", self.invited["account_number"])
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_url(re.compile(r"/parent/?$"))

    def watch(self):
        self.page.locator("main a", has_text="观看").first.click()
        self.someone.video_advances("video")

    def served(self):
        """What a player that ignores the page still gets: the newest playlist of the view."""
        source = self.page.evaluate(
            "performance.getEntriesByType('resource').map(e => e.name).filter(n => n.includes('/video/live/')).pop()")
        return self.page.context.request.get(source).status if source else None

    def ended_after(self, right_ended):
        """Seconds until the page says that the view is over and the player has let go of the stream."""
        self.page.wait_for_function(
            "() => { const f = document.querySelector('[data-video]'); const v = f.querySelector('video');"
            " return f.dataset.state === 'ended' && v.paused && !v.getAttribute('src'); }", timeout=20_000)
        return time.time() - right_ended


def journal(city, fact):
    done = city.psql(
        "parent-access",
        f"SELECT convert_from(data, 'UTF8') FROM journal WHERE type = 'brightkitchen.parent-access.{fact}.v1'")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_13_a_revocation_ends_the_picture(city, person, cameras):
    parent = Parent(city, person(390, 844), cameras[0][0])
    parent.watch()
    post(f"/parent/v1/representatives/{parent.invited['representative_id']}/revoke", city.token("yayao.principal"), {})
    revoked = time.time()
    assert parent.ended_after(revoked) < LONGEST_CUT + NEXT_POLL
    assert parent.served() in (None, 401, 403)
    parent.someone.see("parent-revoked-phone")
    eventually(lambda: '"ended_by":"revoked"' in journal(city, "view.ended"), "the end of the view is on record")


def test_12_the_windows_end_cuts_the_stream(city, person, cameras):
    now = city_now()
    # The next full minute that leaves time to sign in and begin.
    end = (now + datetime.timedelta(seconds=90)).replace(second=0, microsecond=0)
    if end.date() != now.date():
        pytest.skip("no window reaches over midnight")
    parent = Parent(city, person(390, 844), cameras[0][0], until=end.strftime("%H:%M"), number="13800138002")
    parent.watch()
    assert city_now() < end, "the machine was too slow to begin within the window"
    late = parent.ended_after(end.timestamp()) if city_now() >= end else None
    if late is None:
        parent.page.wait_for_function(f"() => Date.now() >= {int(end.timestamp() * 1000)}", timeout=100_000)
        late = parent.ended_after(end.timestamp())
    assert -1 < late < LONGEST_CUT + NEXT_POLL
    assert parent.served() in (None, 401, 403)
    eventually(lambda: '"ended_by":"window_end"' in journal(city, "view.ended"), "ended by the window, on record")


def test_14_another_schools_camera_does_not_exist(city, person, cameras):
    parent = Parent(city, person(390, 844), cameras[0][0], number="13800138003")
    before = journal(city, "ticket.refused")
    answer = parent.page.context.request.get(f"{GATEWAY}/video/open/{cameras[1]}")
    assert answer.status == 404
    eventually(lambda: len(journal(city, "ticket.refused")) > len(before), "the refusal is on record")


def test_25_an_erased_parent_leaves_a_pseudonym_and_a_valid_journal(city, person, cameras):
    parent = Parent(city, person(390, 844), cameras[0][0], number="13800138004")
    parent.watch()
    page, who = parent.page, parent.invited["representative_id"]
    page.goto(GATEWAY + "/parent/account")
    parent.someone.see("parent-account-phone")
    page.check("[name=confirm]")
    page.click("form[action='/parent/account/erase'] button")
    page.wait_for_url(re.compile(r"/parent/login"))
    page.fill("[name=account]", parent.invited["account_number"])
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_selector("[role=alert]")
    left = city.psql("parent-access", f"SELECT count(*) FROM representative_person WHERE representative_id = '{who}'")
    assert left.returncode == 0 and re.search(r"^\s*0$", left.stdout, re.M), left.stdout + left.stderr
    assert who in journal(city, "view.started"), "the view keeps the pseudonym"
    assert city.service("parent-access", "verify").returncode == 0


def test_the_first_page_is_light_and_quiet(city, person, cameras):
    """Everything that the home page loads, without video, over the network as it is sent: under 100 kB."""
    parent = Parent(city, person(390, 844), cameras[0][0], number="13800138005")
    parent.page.evaluate("caches.keys().then(names => Promise.all(names.map(n => caches.delete(n))))")
    client = parent.page.context.new_cdp_session(parent.page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    client.send("Network.setBypassServiceWorker", {"bypass": True})
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    parent.page.goto(GATEWAY + "/parent/")
    parent.page.wait_for_load_state("networkidle")
    assert 2_000 < sum(sizes) < 100_000, sizes
    parent.someone.see("parent-home-light-phone")
    assert parent.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert parent.someone.console == []
