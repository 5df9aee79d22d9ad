"""A patrol sheet in a real browser that loses its connection: nothing typed is lost, nothing is sent twice, and what came in late
says when it was filled in (art 7, offline-tolerant entry)."""
import datetime
import re

import pytest
from running_city import Api, eventually

NOTE = "断网时记录：地面有积水"


@pytest.fixture(scope="module")
def officer(person):
    someone = person()
    someone.sign_in("shaping.officer")
    return someone


def test_what_is_typed_without_a_connection_survives_and_is_sent_once(officer):
    page, context, city = officer.page, officer.context, officer.city
    api = Api(city, "shaping.officer")
    page.goto(city.gateway + "/patrol/patrols/new")
    page.locator("input[name=basis]").first.check()
    page.locator(".choice--card input").first.check()
    page.click("button[name=do][value=start]")
    page.wait_for_url(re.compile(r"/patrol/patrols/[0-9a-f-]{36}$"))
    patrol = page.url.rsplit("/", 1)[1]
    page.locator("a.zone-link").first.click()
    zone_url = page.url
    zone = zone_url.split("?")[0].rsplit("/", 1)[1]
    officer.video_advances(".workplace video")
    page.wait_for_function("() => document.querySelector('.view-progress progress').value > 0", timeout=30_000)

    def stored():
        view = api("GET", f"/patrol/api/v1/patrols/{patrol}")
        return next(z for c in view["canteens"] for z in c["zones"] if z["zone"] == zone)

    def status():
        return page.locator("[data-save-status]").inner_text()

    # Everything is typed while nothing gets through; then the page is lost (the telephone was switched off).
    context.set_offline(True)
    rows = page.locator(".check-row")
    for row in rows.all():
        code = row.get_attribute("id").removeprefix("i-")
        row.locator("label:has(input[value=not_observable])").click()
        page.fill(f"[name='n.{code}']", "画面看不到")
    first = rows.first.get_attribute("id").removeprefix("i-")
    rows.first.locator("label:has(input[value=violation])").click()
    page.fill(f"[name='n.{first}']", NOTE)
    page.fill(f"[name='x.{first}']", "断网，无法抓拍")
    eventually(lambda: "连接中断" in status(), "the page says that the connection is away", seconds=20)
    officer.see("zone-offline")
    page.close()
    context.set_offline(False)
    assert stored()["findings"] == [], "nothing had reached the server"

    page = officer.page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(zone_url)
    assert page.input_value(f"[name='n.{first}']") == NOTE, "typed text survives a lost page"
    eventually(lambda: any(f.get("note") == NOTE for f in stored()["findings"]), "the draft was sent by itself", seconds=20)

    # Submitted without a connection, pressed twice; typed four minutes ago by the device's clock.
    context.set_offline(True)
    page.clock.set_fixed_time(datetime.datetime.now() - datetime.timedelta(minutes=4))
    page.fill(f"[name='n.{first}']", NOTE + "，已拍照留存")
    page.locator(f"[name='u.{first}']").check()
    page.click("button[name=do][value=submit]")
    page.click("button[name=do][value=submit]")
    eventually(lambda: "连接中断" in status() or "恢复后" in status(), "it waits for the connection", seconds=20)
    assert page.url == zone_url
    with page.expect_navigation(url=re.compile(rf"/patrol/patrols/{patrol}"), timeout=30_000):
        context.set_offline(False)

    kept = stored()
    assert kept["submitted_at"] and kept["late"] is True
    entered, received = (datetime.datetime.fromisoformat(kept[name]) for name in ("entered_at", "received_at"))
    assert datetime.timedelta(minutes=3) < received - entered < datetime.timedelta(minutes=8)
    assert [f["note"] for f in kept["findings"] if f["code"] == first] == [NOTE + "，已拍照留存"]
    raised = [p for p in api("GET", "/patrol/api/v1/problems?per_page=200")["items"] if NOTE in p["description"]]
    assert len(raised) == 1, "sent once, told once"
    assert "补录" in page.inner_text("main")
    officer.see("patrol-late-entry")
    page.goto(zone_url)
    assert page.input_value(f"[name='n.{first}']") == NOTE + "，已拍照留存"
    assert "已恢复" not in page.inner_text(".workplace"), "nothing of it is left on the device"
    assert page.evaluate("() => Object.keys(localStorage).filter(k => k.startsWith('bk-form:')).length") == 0
