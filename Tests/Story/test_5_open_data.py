"""The open data as an integrator uses it: the examples of docs/integrators, the contract fuzzed, pages checked with axe."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]


def examples(language):
    text = (ROOT / "docs/integrators/README.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


@pytest.mark.parametrize("number,example", list(enumerate(examples("sh"))))
def test_curl_examples_work(city, number, example):
    done = subprocess.run(
        ["bash", "-c", example], env={**os.environ, "BASE": f"{city.gateway}/disclosure"}, capture_output=True, text=True,
        timeout=60)
    assert done.returncode == 0, done.stderr
    assert "items" in done.stdout or "canteen_id" in done.stdout


def test_the_copy_of_everything_equals_what_is_live(city):
    (program,) = examples("python")
    program += """
live, cursor = {}, ""
while cursor is not None:
    page = json.loads(get("/v1/items?state=any&limit=200" + (f"&cursor={cursor}" if cursor else "")))
    live.update({item["item_id"]: item for item in page["items"]})
    cursor = page.get("next_cursor")
assert live, "nothing is public"
assert live == copy, (len(live), len(copy))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "BASE": f"{city.gateway}/disclosure"}, capture_output=True,
        text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_every_public_operation_answers_as_its_contract_says(city, tmp_path):
    """schemathesis: every GET of the open interface, positive and negative input, against the service's own OpenAPI."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "schemathesis"), "run", f"{city.gateway}/disclosure/openapi.yaml",
         "--url", city.gateway, "--include-path-regex", "^/disclosure/v1", "--max-examples", "15", "--phases",
         "examples,coverage,fuzzing", "--checks",
         "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
         "--seed", "20261123"],
        capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_portal_pages_break_no_axe_rule_and_fit_the_screen(city, chromium, pictures, language, width):
    canteen = city.get("/disclosure/v1/canteens?complete=true&limit=1")["items"]
    canteen = (canteen or city.get("/disclosure/v1/canteens?limit=1")["items"])[0]["canteen_id"]
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale=language)
    try:
        page = context.new_page()
        base = f"/disclosure/canteens/{canteen}"
        for path in [
            "/disclosure/", "/disclosure/places", "/disclosure/map", base, f"{base}/history", f"{base}/sign",
            "/disclosure/open-data",
        ]:
            page.goto(city.gateway + path)
            for fold in page.query_selector_all("details:not([open]) > summary"):
                fold.click()
            name = path.strip("/").replace("/", "-").replace(canteen, "canteen")
            page.screenshot(path=str(pictures / f"portal-{name}-{language}-{width}.png"), full_page=True)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
    finally:
        context.close()


def test_near_me_asks_the_browser_and_lists_the_nearest_first(city, chromium, pictures):
    here = {"latitude": 22.7063, "longitude": 112.9859}
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", geolocation=here, permissions=["geolocation"])
    try:
        page = context.new_page()
        page.goto(city.gateway + "/disclosure/")
        page.get_by_role("button", name="附近的食堂").click()
        page.wait_for_url(re.compile(r"near=22\.706,112\.986"))
        page.screenshot(path=str(pictures / "portal-near-phone.png"), full_page=True)
        assert "鹤山市雅瑶镇示例初级中学" in page.locator("main .card__title").first.inner_text()
        assert "公里" in page.locator("main .card__meta").first.inner_text()
    finally:
        context.close()


def test_a_menu_that_the_school_publishes_is_on_the_portal(city, person):
    school = person(390, 844)
    school.sign_in("yayao.principal")
    school.page.goto(city.gateway + "/disclosure/desk")
    school.page.get_by_role("link", name="食谱").first.click()
    school.page.fill("[name=lunch]", "清蒸鲈鱼\n蒜蓉菜心\n米饭")
    school.see("desk-menu-phone")
    school.page.click("main form button[type=submit]")
    school.page.wait_for_load_state()
    school.page.get_by_role("link", name="查看公众页面").first.click()
    assert "清蒸鲈鱼、蒜蓉菜心、米饭" in school.page.locator("#menu").inner_text()
