"""A department's own system, as docs/departments describes it: both samples run against the city, with the department's officer."""
import json
import os
import subprocess
import sys
import urllib.request

import pytest

from conftest import REPO, eventually

FOLDER = REPO / "docs/departments"


class Officer:
    def __init__(self, city, login):
        self.city, self.login = city, login

    def __call__(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.city.token(self.login)}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(
            self.city.gateway + path, None if body is None else json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="module")
def bulletins(city):
    """Two bulletins by hand from the city regulator to the bureau of 鹤山."""
    issuer, bureau = Officer(city, "city.msa"), Officer(city, "heshan.edu")
    organ = bureau("GET", "/notification/bulletins")["items"][0]
    canteen, receiver = organ["canteen_id"], organ["receiving_organ_id"]
    ids = []
    for number in (1, 2):
        draft = issuer("POST", "/notification/bulletins", {
            "cause": f"食堂检查情况（{number}）", "facts": "抽查发现标签不全。", "requirement": "请督促整改。",
            "canteen_ids": [canteen], "receiver_ids": [receiver], "answer_days": 5})
        issuer("POST", f"/notification/bulletins/{draft['bulletin_id']}/issue", {})
        ids.append(draft["bulletin_id"])
    topic = "brightkitchen.bulletins.education.v1"
    eventually(lambda: all(i in everything(city, topic) for i in ids), "the bulletins on the department's topic")
    return receiver, ids, issuer


def everything(city, topic):
    return subprocess.run(
        ["kcat", "-b", city.bootstrap, "-C", "-e", "-q", "-t", topic], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def run(city, organ, *command, **settings):
    environment = {
        **os.environ, "KAFKA_BOOTSTRAP": city.bootstrap, "DEPARTMENT": "education", "ORGAN": organ, "BASE": city.gateway,
        "TOKEN": city.token("heshan.edu"), **settings}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_sample_consumes_receipts_and_answers(city, bulletins, tmp_path):
    organ, (first, _), issuer = bulletins
    store = {"STORE": str(tmp_path / "bulletins.sqlite"), "GROUP": "education-sample"}
    number = issuer("GET", f"/notification/bulletins/{first}")["number"]
    seen = run(city, organ, sys.executable, str(FOLDER / "consumer.py"), "--once", **store)
    assert f"{number}: receipt given" in seen
    assert issuer("GET", f"/notification/bulletins/{first}")["state"] == "receipted"
    # Again from the beginning: nothing is taken in twice, nothing is receipted twice.
    assert "receipt given" not in run(city, organ, sys.executable, str(FOLDER / "consumer.py"), "--once", **store)
    run(city, organ, sys.executable, str(FOLDER / "consumer.py"), "--answer", number, "已督促学校补齐标签。", **store)
    answered = issuer("GET", f"/notification/bulletins/{first}")
    assert answered["state"] == "answered" and answered["recipients"][0]["answer"] == "已督促学校补齐标签。"

    def told():
        return f"{number}\tanswered" in run(city, organ, sys.executable, str(FOLDER / "consumer.py"), "--once", **store)

    eventually(told, "the department's own answer on its topic", every=1)


def test_the_shell_sample_lists_what_waits_and_answers(city, bulletins):
    organ, (_, second), issuer = bulletins
    number = issuer("GET", f"/notification/bulletins/{second}")["number"]
    assert f"{number}\t{second}\tanswer by" in run(city, organ, str(FOLDER / "consumer.sh"))
    assert issuer("GET", f"/notification/bulletins/{second}")["state"] == "receipted"
    run(city, organ, str(FOLDER / "consumer.sh"), "answer", second, "已督促。")
    assert issuer("GET", f"/notification/bulletins/{second}")["state"] == "answered"
    issuer("POST", f"/notification/bulletins/{second}/close", {})
    assert issuer("GET", f"/notification/bulletins/{second}")["state"] == "closed"
