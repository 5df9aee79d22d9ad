"""What operators look at: alert rules that are proven by promtool, each with a section of the runbooks in both languages."""
import re
import subprocess

import pytest

from running_city import REPO

ALERTS = REPO / "deploy/prometheus/alerts.yml"


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
