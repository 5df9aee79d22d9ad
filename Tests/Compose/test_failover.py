"""Two Postgres, as docs/operations/standby.md describes them: one follows, takes over when the first is gone, and is followed in turn."""
from running_city import eventually

from conftest import COMPOSE, DOCKER, REPO, SERVICES, STATE, run

FILES = [f"{REPO}/deploy/{name}.yaml" for name in ("compose", "compose.standby", "compose.test")]


def standby(*arguments):
    return run("env", f"COMPOSE_FILES={' '.join(FILES)}", "COMPOSE_PROJECT=bright-kitchen-test", f"DOCKER={DOCKER}",
               "deploy/standby", "--env", str(STATE / "env"), *arguments, timeout=300).stdout


def with_standby(*arguments):
    return run(*COMPOSE[:COMPOSE.index("-f")], *[word for file in FILES for word in ("-f", file)], *arguments)


def test_a_failover_loses_nothing_and_restarts_no_service(stack, person):
    with_standby("up", "-d", "--no-build", "postgres", "replication", "postgres-standby")
    eventually(lambda: "postgres-standby: follows" in standby("status"), "the standby follows", seconds=120, every=2)
    standby("protect")
    officer = person("shaping.officer2")
    ids = [c["canteen_id"] for c in officer("GET", "/patrol/api/v1/suggestions")["items"]][:2]

    def planned(key):
        body = {"basis": ["special"], "canteen_ids": ids, "start": False}
        return officer("POST", "/patrol/api/v1/patrols", body, key)["patrol_id"]

    before = [planned(f"before-{number}") for number in range(20)]
    running = {service: stack.inspect(service)["Id"] + str(stack.inspect(service)["RestartCount"]) for service in SERVICES}
    stack.compose("kill", "postgres")
    standby("promote")
    after = planned("after")
    assert planned("before-19") == before[19], "the same key has the same answer on the other database"
    for patrol in (*before, after):
        assert officer("GET", f"/patrol/api/v1/patrols/{patrol}")["patrol_id"] == patrol
    assert running == {service: stack.inspect(service)["Id"] + str(stack.inspect(service)["RestartCount"]) for service in SERVICES}
    for service in SERVICES:
        run(*COMPOSE, "exec", "-T", service, "/opt/bright-kitchen/service", "verify")
    # The first one comes back, as after a reboot of its host: it sees that it was replaced and does not lead.
    with_standby("up", "-d", "--no-deps", "postgres")
    eventually(lambda: "run deploy/standby rejoin" in with_standby("logs", "--tail", "5", "postgres").stdout, "it refuses", seconds=60)
    with_standby("stop", "postgres")
    standby("rejoin")
    assert "postgres: follows" in standby("status")
    planned("followed-again")
