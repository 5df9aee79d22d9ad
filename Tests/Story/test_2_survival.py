"""The whole story again through the JSON interfaces, while each of the five services is killed (SIGKILL) once in the middle of it,
and the embedded broker loses its memory. Nothing may be lost and nothing may happen twice."""
import http.server
import json
import os
import threading

import pytest
from standardwebhooks import Webhook

from running_city import Api, eventually, kill, local, sheet

@pytest.fixture(scope="module")
def receiver():
    """A webhook target: keeps what it gets, after checking the signature as the Standard Webhooks library does."""
    class Receiver(http.server.BaseHTTPRequestHandler):
        secret, received, refused = None, {}, []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                event = Webhook(Receiver.secret).verify(body, dict(self.headers.items()))
                Receiver.received.setdefault(self.headers["webhook-id"], []).append(event)
                self.send_response(204)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with it is a finding
                Receiver.refused.append(repr(error))
                self.send_response(400)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    yield Receiver
    server.shutdown()


def test_the_story_survives_every_kill(city, receiver):
    officer, school, bureau = Api(city, "shaping.officer2"), Api(city, "longkou.principal"), Api(city, "city.edu")
    hook = bureau("POST", "/notification/webhooks", {"url": receiver.url, "event_types": []})
    receiver.secret = hook["secret"]
    receiver.endpoint = hook["endpoint_id"]
    checklist = officer("GET", "/patrol/api/v1/checklist")
    canteens = officer("GET", "/patrol/api/v1/suggestions")["items"]
    ids = [c["canteen_id"] for c in canteens][:2]
    ledger_before = officer("GET", "/patrol/api/v1/ledger")["total"]

    patrol = officer("POST", "/patrol/api/v1/patrols",
                     {"basis": ["special"], "canteen_ids": ids, "start": True}, key="survival-open")["patrol_id"]
    kill(city, "patrol-ledger")
    local("up")
    again = officer("POST", "/patrol/api/v1/patrols",
                    {"basis": ["special"], "canteen_ids": ids, "start": True}, key="survival-open")
    assert again["patrol_id"] == patrol, "the same command with the same key must have the same answer after a kill"

    view = officer("GET", f"/patrol/api/v1/patrols/{patrol}")
    for number, canteen in enumerate(view["canteens"]):
        zone = canteen["zones"][0]
        camera = zone["cameras"][0]

        def watched():
            officer("POST", f"/patrol/api/v1/patrols/{patrol}/heartbeat", {"camera_id": camera["camera_id"]})
            now = officer("GET", f"/patrol/api/v1/patrols/{patrol}")
            return next(z["is_viewed"] for c in now["canteens"] for z in c["zones"]
                        if c["canteen_id"] == canteen["canteen_id"] and z["zone"] == zone["zone"])

        eventually(watched, "the zone counts as viewed", every=1)
        violation, evidence = None, []
        if "龙口" in canteen["school_name"]:
            evidence = [officer("POST", f"/patrol/api/v1/patrols/{patrol}/evidence",
                                {"camera_id": camera["camera_id"], "kind": "still"})["evidence_id"]]
            violation = f"{zone['zone']}-01"
        officer("POST", f"/patrol/api/v1/patrols/{patrol}/canteens/{canteen['canteen_id']}/zones/{zone['zone']}/submit",
                sheet(checklist, zone["zone"], violation, evidence), key=f"survival-sheet-{number}")

    kill(city, "notification")
    closed = officer("POST", f"/patrol/api/v1/patrols/{patrol}/submit", key="survival-submit")
    kill(city, "patrol-ledger")
    kill(city, "registry")
    local("up")
    assert officer("POST", f"/patrol/api/v1/patrols/{patrol}/submit", key="survival-submit") == closed
    assert officer("GET", "/patrol/api/v1/ledger")["total"] == ledger_before + 1

    problem = next(p for p in officer("GET", "/patrol/api/v1/problems")["items"] if p["patrol_id"] == patrol)["problem_id"]
    kill(city, "disclosure")
    kill(city, "parent-access")
    school("POST", f"/patrol/api/v1/problems/{problem}/acknowledge", key="survival-ack")
    local("up")
    school("POST", f"/patrol/api/v1/problems/{problem}/rectification",
           {"cause": "排水沟堵塞", "measure": "疏通排水沟并拖干地面", "prevention": "每日收市后检查"}, key="survival-fix")
    officer("POST", f"/patrol/api/v1/problems/{problem}/accept", key="survival-accept")

    eventually(lambda: [e for events in receiver.received.values() for e in events if problem in json.dumps(e)],
               lambda: f"a webhook; refused: {receiver.refused}")
    assert receiver.refused == []

    def bulletins():
        return [b for b in bureau("GET", "/notification/bulletins")["items"] if b.get("problem_id") == problem]

    eventually(bulletins, "the bulletin")
    assert len(bulletins()) == 1, "one bulletin, not two"


def test_a_broker_without_memory_is_filled_again(city):
    """The embedded broker restarts empty: every service republishes, nobody does anything twice."""
    if os.environ.get("KAFKA_BOOTSTRAP"):
        pytest.skip("a real broker keeps its log")
    bureau = Api(city, "city.edu")
    before = bureau("GET", "/notification/bulletins")["total"]
    kill(city, "broker")
    local("up")
    eventually(lambda: city.kcat_count("brightkitchen.registry.v1") >= 40, "the registry's events on the new broker", every=0.5)
    for name in ("disclosure", "notification"):
        assert city.service(name, "dead-letters", "list").stdout.count("handler_failed") == 0
    assert bureau("GET", "/notification/bulletins")["total"] == before
