"""What operators look at, on the running city: rules, dashboards and figures by a real Prometheus, the trace of a request, their page.

Grafana is in no package that the tests may install: every panel of its dashboards is asked from Prometheus as Grafana would ask it, and
drawn by `panels` below for somebody to look at.
"""
import html
import json
import math
import pathlib
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest

from running_city import PORT, REPO, Api, eventually, kafka_messages, superuser

PROMETHEUS = f"http://127.0.0.1:{int(PORT) + 41}"
SERVICES = {"registry": 11, "disclosure": 12, "patrol-ledger": 13, "notification": 14, "parent-access": 15}
ALERTS = REPO / "deploy/prometheus/alerts.yml"
DASHBOARDS = sorted((REPO / "deploy/grafana/dashboards").glob("*.json"))
# Expressions that rightly find nothing here, and why.
ONLY_ELSEWHERE = {
    "time() - max(wal_archived_timestamp_seconds)": "the local stack does not archive; the compose deployment does",
    "histogram_quantile(0.99, sum by (service, le) (rate(postgres_pool_wait_bucket[5m])))": "nobody has to wait in a quiet city",
}


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], cwd=REPO / "deploy/prometheus", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_are_valid_and_each_alert_is_proven_to_fire_and_to_stay_silent():
    promtool("check", "config", "prometheus.yml")
    promtool("test", "rules", "alerts.test.yml")
    alerts = re.findall(r"- alert: (\w+)", ALERTS.read_text())
    cases = (ALERTS.parent / "alerts.test.yml").read_text().split("  - name: ")[1:]
    tried = {(re.search(r"alertname: (\w+)", case)[1], "exp_alerts: []" not in case) for case in cases}
    assert tried == {(alert, fires) for alert in alerts for fires in (True, False)}


@pytest.mark.parametrize("language", ["", ".zh-CN"])
def test_each_alert_has_a_runbook_section_in_both_languages(language):
    text = (REPO / f"docs/operations/runbooks{language}.md").read_text()
    anchors = set(re.findall(r'<a id="([a-z-]+)">', text)) | {
        heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## ([a-z -]+)$", text)}
    wanted = set(re.findall(r"runbook: docs/operations/runbooks.md#([a-z-]+)", ALERTS.read_text()))
    assert len(wanted) > 10 and wanted <= anchors, wanted - anchors


@pytest.fixture(scope="module")
def prometheus(city, tmp_path_factory):
    """Prometheus with the deployment's rules, on the local stack's services."""
    folder = tmp_path_factory.mktemp("prometheus")
    targets = [{"targets": [f"127.0.0.1:{int(PORT) + port}"], "labels": {"service": service}} for service, port in SERVICES.items()]
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [str(ALERTS)],
        "scrape_configs": [{"job_name": "services", "static_configs": targets}],
    }
    (folder / "prometheus.yml").write_text(json.dumps(configuration))
    # As `deploy/backup` does at its end.
    superuser(city, "INSERT INTO operations.backup VALUES ('20261123T190000Z', now(), 123456789) ON CONFLICT DO NOTHING")
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={PROMETHEUS.removeprefix('http://')}"], stdout=log, stderr=log)
    try:
        # Traffic of all kinds, so that rates are rates; figures are read every fifteen seconds.
        def seen():
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            for path in ("/disclosure/v1/canteens", "/registry/login", "/parent/login"):
                city.get(path) if "v1" in path else urllib.request.urlopen(city.gateway + path, timeout=20).read()
            up = query('count_over_time(up{job="services"}[2m]) >= 16')
            fresh = query("timestamp(figures_read_timestamp_seconds) - figures_read_timestamp_seconds < 60")
            backed_up = query("backup_finished_timestamp_seconds")
            return len(up) == len(fresh) == len(backed_up) == len(SERVICES)

        eventually(seen, "five services scraped sixteen times, with figures", seconds=90, every=0.5)
        yield query
    finally:
        process.terminate()
        process.wait(20)


def query(expression, **span):
    """The series of an expression, now or over a span."""
    path = "/api/v1/query_range" if span else "/api/v1/query"
    try:
        with urllib.request.urlopen(f"{PROMETHEUS}{path}?{urllib.parse.urlencode({'query': expression, **span})}", timeout=20) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{expression}: {error.read().decode()}") from error
    except OSError:
        return []


def panels():
    for dashboard in DASHBOARDS:
        for panel in json.loads(dashboard.read_text())["panels"]:
            for target in panel["targets"]:
                yield dashboard.stem, panel["title"], target["expr"]


def test_every_panel_of_every_dashboard_shows_something(prometheus):
    """A name that is spelled differently in code and dashboard is an empty panel that nobody notices."""
    empty = []
    for dashboard, title, expression in panels():
        numbers = [float(series["value"][1]) for series in prometheus(expression)]
        if expression in ONLY_ELSEWHERE:
            continue
        if not any(math.isfinite(number) for number in numbers):
            empty.append(f"{dashboard}: {title}: {expression} → {numbers[:3]}")
    assert not empty, "\n".join(empty)


def test_every_alert_reads_metrics_that_exist(prometheus):
    known = {series["metric"]["__name__"] for series in prometheus('{job="services"}')}
    wanted = {name for name in re.findall(r"\b[a-z]+_[a-z_]+\b", expressions()) if name not in {"histogram_quantile", "humanizePercentage"}}
    missing = wanted - known - {"wal_archive_failing"}
    assert not missing, f"no service shows {missing}"


def expressions():
    """All expressions of the alerts, without their labels and durations."""
    text = re.sub(r"annotations:\n(?: {10}.*\n)+", "", ALERTS.read_text())
    text = re.sub(r"(?m)^ *#.*$|alert: .*|severity: \w+", "", text)
    return re.sub(r'\{[^}]*\}|by \([^)]*\)|"[^"]*"', "", text).split("rules:", 1)[1]


def test_figures_are_what_the_database_holds(city, prometheus):
    def same(expression, statement):
        shown = eventually(lambda: prometheus(expression), expression)
        return float(shown[0]["value"][1]) == float(superuser(city, statement))

    for expression, statement in (
        ("sum(max by (state) (cameras))", "SELECT count(*) FROM registry.camera_signal_interval WHERE to_at IS NULL"),
        ('max(cameras{state="ok"})', "SELECT count(*) FROM registry.camera_signal_interval WHERE to_at IS NULL AND state = 'ok'"),
        ('max(obligations_open{kind="rectification"})',
         "SELECT count(*) FROM patrol_ledger.problem WHERE state NOT IN ('found', 'submitted', 'closed') AND NOT deadline_provisional"),
        ('max(camera_retention{state="short"})', "SELECT count(*) FROM registry.camera_retention WHERE state = 'short'"),
        ("sum(max by (state) (webhook_endpoints))", "SELECT count(*) FROM notification.endpoint"),
    ):
        eventually(lambda e=expression, s=statement: same(e, s), f"{expression} = {statement}", seconds=60, every=1)


def test_a_trace_goes_through_answer_journal_topic_and_log(city):
    """W3C trace context: what a client sends is in the service's log, in its journal, on the topic, and in what follows from it."""
    trace, span = uuid.uuid4().hex, uuid.uuid4().hex[:16]
    officer = Api(city, "shaping.officer2")
    canteen = officer("GET", "/patrol/api/v1/suggestions")["items"][0]["canteen_id"]
    request = urllib.request.Request(
        city.gateway + "/patrol/api/v1/problems",
        json.dumps({"origin": "complaint", "canteen_id": canteen, "item_code": "Z1-01", "description": "地面有积水"}).encode(),
        {"Authorization": f"Bearer {officer.token}", "Content-Type": "application/json", "Idempotency-Key": f"trace-{span}",
         "traceparent": f"00-{trace}-{span}-01"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        problem = json.load(answer)["problem_id"]
        assert answer.headers["X-Correlation-Id"] == trace
    kept = superuser(city, f"SELECT DISTINCT traceparent FROM patrol_ledger.journal WHERE traceparent LIKE '00-{trace}-%'").split()
    assert kept and all(span not in parent for parent in kept), "a span of the service's own, in the client's trace"
    heads = eventually(lambda: [h for h, _, _ in kafka_messages(city, "brightkitchen.patrol.v1") if trace in h.get("traceparent", "")],
                       "the trace on the topic")
    assert {head["traceparent"] for head in heads} <= set(kept)
    lines = [json.loads(line) for line in (city.state / "logs/patrol-ledger.log").read_text().splitlines() if trace in line]
    assert any(line.get("trace_id") == trace and line.get("route") == "/patrol/api/v1/problems" for line in lines)
    # The bulletin that notification issues about it carries the same trace.
    eventually(lambda: superuser(city, f"SELECT 1 FROM notification.journal WHERE traceparent LIKE '00-{trace}-%' LIMIT 1"),
               f"the trace in what follows from {problem}")


def test_the_operators_page_tells_the_state_of_everything(city, person):
    operator = person(1280, 1000)
    operator.sign_in("system.admin")
    for service, prefix in (("patrol-ledger", "/patrol"), ("notification", "/notification")):
        state = city.get(f"{prefix}/v1/operations", token=city.token("system.admin"))
        assert state["ready"] and state["backups"][0]["name"] == "20261123T190000Z"
        lags = {topic["topic"]: topic["lag"] for topic in state["topics"] if "lag" in topic}
        assert lags["brightkitchen.registry.v1"] is not None
        operator.page.goto(f"{city.gateway}{prefix}/operations")
        pills = operator.page.locator("[data-pill]")
        eventually(lambda: pills.count() == 5 and "…" not in pills.all_inner_texts(), "all five services have answered")
        assert "brightkitchen.registry.v1" in operator.page.inner_text("main")
        assert "20261123T190000Z" in operator.page.inner_text("main")
        operator.see(f"operations-{service}")


def curve(series, start, end, width=560, height=200):
    """The lines of one panel as SVG, with a legend."""
    points = [(float(t), float(v)) for one in series for t, v in one["values"] if math.isfinite(float(v))]
    top = max([value for _, value in points] or [0]) or 1
    drawn, legend = [], []
    for number, one in enumerate(series):
        line = " ".join(f"{(float(t) - start) / (end - start) * width:.1f},{height - float(v) / top * (height - 10):.1f}"
                        for t, v in one["values"] if math.isfinite(float(v)))
        colour = f"hsl({number * 47 % 360} 65% 40%)"
        drawn.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{line}"/>')
        name = ", ".join(v for k, v in one["metric"].items() if k != "__name__") or "all"
        legend.append(f'<span style="color:{colour}">■ {html.escape(name)} {float(one["values"][-1][1]):.4g}</span>')
    return (f'<svg width="{width}" height="{height}"><rect width="100%" height="100%" fill="#f7f7f7"/>'
            f'<text x="4" y="12" font-size="11">{top:.4g}</text>{"".join(drawn)}</svg><p>{" ".join(legend[:12])}</p>')


def test_dashboards_can_be_looked_at(prometheus, chromium, pictures, tmp_path):
    end = time.time()
    start = end - 120
    for dashboard in DASHBOARDS:
        parts = []
        for panel in json.loads(dashboard.read_text())["panels"]:
            series = [one for target in panel["targets"] for one in prometheus(target["expr"], start=start, end=end, step=2)]
            parts.append(f"<section><h2>{html.escape(panel['title'])}</h2>{curve(series, start, end)}</section>")
        file = pathlib.Path(tmp_path) / f"{dashboard.stem}.html"
        file.write_text("<meta charset=utf-8><style>body{display:grid;grid-template-columns:1fr 1fr;font:13px sans-serif;width:1180px}"
                        "h2{font-size:14px;margin:8px 0 2px}p{margin:2px 0 8px;font-size:11px}</style>" + "".join(parts))
        page = chromium.new_page(viewport={"width": 1220, "height": 900})
        page.goto(file.as_uri())
        assert page.locator("polyline").count() >= len(parts)
        page.screenshot(path=str(pictures / f"dashboard-{dashboard.stem}.png"), full_page=True)
        page.close()
