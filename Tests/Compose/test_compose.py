"""The compose deployment as city IT sees it: up and healthy, hardened, TLS at the door, the story through it, and coming back by itself."""
import http.client
import json
import os
import signal
import socket
import ssl
import urllib.error
import urllib.parse

import pytest

from running_city import eventually, sheet

from conftest import COMPOSE, DOCKER, REPO, SERVICES, STATE, URL, run

HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port


def test_everything_becomes_healthy(stack):
    for service in ("postgres", "kafka", *SERVICES, "gateway", "prometheus"):
        eventually(lambda: stack.is_healthy(service), lambda: stack.compose("logs", "--tail", "20", service).stdout, seconds=180)


def test_migrations_ran_once_and_ended_well(stack):
    for service in SERVICES:
        state = json.loads(run(DOCKER, "inspect", f"bright-kitchen-test_{service}-migrate_1").stdout)[0]["State"]
        assert (state["Status"], state["ExitCode"]) == ("exited", 0), f"{service}-migrate"


@pytest.mark.parametrize("service", [*SERVICES, "gateway"])
def test_containers_are_hardened(stack, service):
    container = stack.inspect(service)
    host = container["HostConfig"]
    processes = run(DOCKER, "top", container["Id"], "-eo", "pid,uid").stdout.split()[3::2]
    assert processes and "0" not in processes, "no process of ours runs as root"
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"] and not host["CapAdd"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert host["Memory"] > 0 and host["PidsLimit"] > 0
    assert host["LogConfig"]["Config"].get("max-size"), "logs are rotated"


def test_only_the_gateway_and_the_cameras_door_are_published(stack):
    for service in ("postgres", "kafka", *SERVICES, "prometheus"):
        assert not stack.inspect(service)["HostConfig"]["PortBindings"], f"{service} must not be reached from outside"


def test_the_door_speaks_tls_only(stack):
    plain = http.client.HTTPConnection(HOST, PORT + 1, timeout=10)
    plain.request("GET", "/disclosure/?q=1")
    answer = plain.getresponse()
    assert answer.status == 308 and answer.getheader("Location").startswith("https://")
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    secure = http.client.HTTPSConnection(HOST, PORT, timeout=10, context=context)
    secure.request("GET", "/disclosure/")
    answer = secure.getresponse()
    assert answer.status == 200 and "max-age" in answer.getheader("Strict-Transport-Security", "")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError), socket.create_connection((HOST, PORT), timeout=10) as bare:
        old.wrap_socket(bare, server_hostname=HOST)


def test_a_secret_is_nowhere_but_in_its_file(stack):
    secrets = [line.split(":")[-1] for s in SERVICES for line in (STATE / f"secrets/{s}/pgpass").read_text().split()]
    described = run(DOCKER, "inspect", *[stack.container(s) for s in ("postgres", "kafka", *SERVICES, "gateway")]).stdout
    assert all(secret not in described for secret in secrets)


def confirm_cameras(person):
    county = person("heshan.msa")
    for line in (REPO / "deploy/demo/live-cameras.tsv").read_text().splitlines():
        if line.startswith("#"):
            continue
        gb = line.split("\t")[0]
        camera = county("GET", f"/registry/v1/cameras?gb_id={gb}")["items"][0]["camera_id"]
        county("POST", f"/registry/v1/cameras/{camera}/first-frame", {"decision": "confirm"})


def test_the_story(city, person):
    """Import, first frames, a patrol with evidence, a problem, its rectification, the bulletin: all through the gateway over TLS."""
    confirm_cameras(person)
    officer, school, bureau = (person(login) for login in ("shaping.officer2", "longkou.principal", "city.edu"))
    eventually(lambda: city.get("/disclosure/v1/canteens")["total"] >= 40, "the public pages")
    checklist = officer("GET", "/patrol/api/v1/checklist")

    def due():
        return [c for c in officer("GET", "/patrol/api/v1/suggestions")["items"]]

    ids = [c["canteen_id"] for c in eventually(lambda: len(due()) >= 2 and due(), "suggestions")][:2]
    patrol = officer("POST", "/patrol/api/v1/patrols", {"basis": ["special"], "canteen_ids": ids, "start": True}, "open")["patrol_id"]
    for canteen in officer("GET", f"/patrol/api/v1/patrols/{patrol}")["canteens"]:
        zone = canteen["zones"][0]
        camera = zone["cameras"][0]["camera_id"]

        def watched():
            officer("POST", f"/patrol/api/v1/patrols/{patrol}/heartbeat", {"camera_id": camera})
            view = officer("GET", f"/patrol/api/v1/patrols/{patrol}")
            return next(z["is_viewed"] for c in view["canteens"] for z in c["zones"]
                        if c["canteen_id"] == canteen["canteen_id"] and z["zone"] == zone["zone"])

        eventually(watched, "the zone counts as viewed", every=1)
        violation, evidence = None, []
        if "龙口" in canteen["school_name"]:
            still = officer("POST", f"/patrol/api/v1/patrols/{patrol}/evidence", {"camera_id": camera, "kind": "still"})
            violation, evidence = f"{zone['zone']}-01", [still["evidence_id"]]
        officer("POST", f"/patrol/api/v1/patrols/{patrol}/canteens/{canteen['canteen_id']}/zones/{zone['zone']}/submit",
                sheet(checklist, zone["zone"], violation, evidence), f"sheet-{zone['zone']}-{canteen['canteen_id']}")
    officer("POST", f"/patrol/api/v1/patrols/{patrol}/submit", key="submit")
    problem = next(p for p in officer("GET", "/patrol/api/v1/problems")["items"] if p["patrol_id"] == patrol)["problem_id"]
    school("POST", f"/patrol/api/v1/problems/{problem}/acknowledge", key="acknowledge")
    school("POST", f"/patrol/api/v1/problems/{problem}/rectification",
           {"cause": "排水沟堵塞", "measure": "疏通排水沟并拖干地面", "prevention": "每日收市后检查"}, "rectify")
    officer("POST", f"/patrol/api/v1/problems/{problem}/accept", key="accept")
    eventually(lambda: [b for b in bureau("GET", "/notification/bulletins")["items"] if b.get("problem_id") == problem], "the bulletin")


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_the_service_and_nothing_to_break_in_with(stack, service):
    """No shell, no package manager; labels that say what it is; a health check of its own."""
    image = json.loads(run(DOCKER, "image", "inspect", f"bright-kitchen/{service}:test").stdout)[0]
    assert image["Size"] <= 120_000_000
    assert image["Config"]["User"] == "10001:10001" and image["Config"]["Healthcheck"]["Test"][0] == "CMD"
    assert image["Config"]["Labels"]["org.opencontainers.image.title"] == f"bright-kitchen-{service}"
    for tool in ("/bin/sh", "/bin/bash", "/usr/bin/apt-get", "/usr/bin/dpkg"):
        done = run(DOCKER, "run", "--rm", "--network", "none", "--entrypoint", tool, f"bright-kitchen/{service}:test", check=False)
        assert done.returncode == 127, f"{tool}: {done.stdout}{done.stderr}"


def test_ledgers_verify(stack):
    for service in SERVICES:
        run(*COMPOSE, "exec", "-T", service, "/opt/bright-kitchen/service", "verify")


def test_prometheus_sees_every_service(stack):
    def up():
        text = stack.compose("exec", "-T", "prometheus", "wget", "-qO-", "http://127.0.0.1:9090/api/v1/query?query=up").stdout
        series = json.loads(text)["data"]["result"]
        return {s["metric"].get("service") for s in series if s["value"][1] == "1"} >= set(SERVICES)

    eventually(up, "five targets up")


@pytest.mark.parametrize("service", SERVICES)
def test_a_killed_service_comes_back(stack, service):
    before = stack.inspect(service)
    os.kill(before["State"]["Pid"], signal.SIGKILL)
    eventually(lambda: stack.inspect(service)["RestartCount"] > before["RestartCount"] and stack.is_healthy(service),
               f"{service} restarts by itself")


def test_the_gateway_follows_a_service_that_moved(stack, city):
    """An upgrade makes the container anew, with a new address perhaps: the gateway finds it without a restart."""
    stack.compose("up", "-d", "--no-deps", "--force-recreate", "disclosure")
    eventually(lambda: stack.is_healthy("disclosure"), "disclosure is healthy again")
    assert eventually(lambda: answered(city, "/disclosure/v1/canteens"), "the public pages")["total"] > 0


def answered(city, path):
    """The JSON of a page, nothing while its service restarts."""
    try:
        return city.get(path)
    except urllib.error.HTTPError as error:
        assert error.code in (502, 503), error
        return None


def deployment(script, *arguments):
    """A script of deploy/ on this stack, as the operator calls it."""
    return run("env", f"COMPOSE_FILES={REPO}/deploy/compose.yaml {REPO}/deploy/compose.test.yaml", "COMPOSE_PROJECT=bright-kitchen-test",
               f"DOCKER={DOCKER}", f"deploy/{script}", "--env", str(STATE / "env"), *arguments, timeout=900)


def sql(stack, statement):
    done = stack.compose("exec", "-T", "-u", "postgres", "postgres", "psql", "-U", "postgres", "-d", "brightkitchen", "-tAc", statement)
    return done.stdout.strip()


def test_backup_and_restore(stack, city, person):
    """A backup, more work, the loss of the database, the restore: what was acknowledged and archived is there, and the ledgers verify."""
    canteens = city.get("/disclosure/v1/canteens")["total"]
    name = deployment("backup").stdout.split("done: ")[-1].strip()
    officer = person("shaping.officer2")
    ids = [c["canteen_id"] for c in officer("GET", "/patrol/api/v1/suggestions")["items"]][:2]
    after = officer("POST", "/patrol/api/v1/patrols", {"basis": ["special"], "canteen_ids": ids, "start": False}, "after-backup")["patrol_id"]
    # The WAL of that moment is handed to the archive, as it would be within a minute.
    segment = sql(stack, "SELECT pg_walfile_name(pg_current_wal_lsn())")
    sql(stack, "SELECT pg_switch_wal()")
    eventually(lambda: sql(stack, "SELECT last_archived_wal FROM pg_stat_archiver") >= segment, "the change is archived")
    stack.compose("kill", "postgres")
    run(DOCKER, "run", "--rm", "--user", "0", "--entrypoint", "", "-v", "bright-kitchen-test_postgres-data:/data", "bright-kitchen-test/postgres",
        "find", "/data", "-mindepth", "1", "-delete")
    deployment("restore", name)
    assert officer("GET", f"/patrol/api/v1/patrols/{after}")["patrol_id"] == after
    assert eventually(lambda: answered(city, "/disclosure/v1/canteens"), "the public pages")["total"] == canteens
    assert sql(stack, f"SELECT count(*) FROM operations.backup WHERE name = '{name}'") == "1", "the operator's page shows it"
