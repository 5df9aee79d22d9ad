"""The edge as an attacker meets it: generated requests, hostile texts, broken HTTP, other people's tables, planted names.

BRIGHT_KITCHEN_FUZZ_CASES: generated cases for each operation (12; `deploy/local test` with 1000 takes hours),
BRIGHT_KITCHEN_SLOW_CLIENTS: connections that send one byte a second (200).
"""
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import select
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from running_city import superuser

SERVICES = {
    "registry": ("heshan.msa", 11), "disclosure": (None, 12), "patrol-ledger": ("heshan.msa", 13),
    "notification": ("heshan.msa", 14), "parent-access": ("yayao.principal", 15),
}
CASES = os.environ.get("BRIGHT_KITCHEN_FUZZ_CASES", "12")
SLOW_CLIENTS = int(os.environ.get("BRIGHT_KITCHEN_SLOW_CLIENTS", "200"))
TEXTS = json.loads((pathlib.Path(__file__).parent / "hostile-texts.json").read_text())


def port(city, service):
    return int(urllib.parse.urlsplit(city.gateway).port) + SERVICES[service][1]


def fuzz(city, service, token):
    """Schemathesis against the service itself: what the gateway would stop reaches it, too."""
    base = f"http://127.0.0.1:{port(city, service)}"
    headers = ["--header", f"Authorization: Bearer {token}"] if token else []
    return subprocess.run(
        [
            str(pathlib.Path(sys.executable).parent / "st"), "run", f"{base}/openapi.yaml", "--url", base, *headers,
            "--checks", "not_a_server_error,content_type_conformance,response_schema_conformance",
            "--phases", "examples,coverage,fuzzing", "--max-examples", CASES, "--seed", "1", "--no-color",
            "--request-timeout", "20", "--suppress-health-check", "all", "--warnings", "off",
            # The browser's way out of a session, and server-sent streams, end the run for everybody; a mail (message/rfc822) is
            # nothing that Schemathesis can write.
            "--exclude-path-regex", "/logout$|/live-events$|/delivery-reports/mail$",
        ],
        capture_output=True, text=True, check=False, timeout=7200, cwd=city.state,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "160"},
    )


@pytest.mark.parametrize("signed_in", [False, True], ids=["stranger", "signed-in"])
@pytest.mark.parametrize("service", SERVICES)
def test_generated_requests_find_no_fault_and_no_drift(city, service, signed_in):
    login = SERVICES[service][0]
    if signed_in and not login:
        pytest.skip("the public pages know no account but the auditor's")
    done = fuzz(city, service, city.token(login) if signed_in else None)
    # Guessed passwords have blocked this address, as they should; what follows signs in from it.
    superuser(city, "DELETE FROM registry.sign_in_failure")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def ask(url, method="GET", body=None, headers=None):
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_hostile_texts_in_every_query_and_field_are_answered(city):
    """SQL, NUL, lone surrogates, 2^63 and worse, in each query parameter and each field: refused or harmless."""
    yaml = pytest.importorskip("yaml")
    auditor = {"Authorization": f"Bearer {city.token('auditor')}"}
    officer = {"Authorization": f"Bearer {city.token('heshan.msa')}"}
    wanted, turn = [], itertools.cycle(TEXTS)
    for service in SERVICES:
        base = f"http://127.0.0.1:{port(city, service)}"
        document = yaml.safe_load(ask(f"{base}/openapi.yaml")[1])
        for path, item in document["paths"].items():
            if "get" not in item:
                continue
            names = [p["name"] for p in item["get"].get("parameters", []) if p.get("in") == "query"]
            target = base + re.sub(r"\{[^}]+\}", "x", path)
            who = auditor if "/audit" in path else officer
            # All of them with a large BRIGHT_KITCHEN_FUZZ_CASES; else eight an operation, in turn.
            for text in TEXTS if int(CASES) > 50 else itertools.islice(turn, 8):
                encoded = "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
                urls = [f"{target}?{name}={encoded}" for name in names] + [
                    base + re.sub(r"\{[^}]+\}", encoded or "x", path)
                ]
                wanted += [(url, who) for url in urls[: 1 if "{" not in path and not names else None]]
    wanted = list({url: who for url, who in wanted}.items())
    assert len(wanted) > 1000
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        statuses = pool.map(lambda one: ask(one[0], headers=one[1])[0], wanted)
        faults = [f"{status} {url}" for (url, _), status in zip(wanted, statuses) if status >= 500]
    assert not faults, "\n".join(faults[:20])


def test_hostile_texts_as_logins_change_nothing(city):
    accounts = city.psql("registry", "SELECT count(*) FROM appointment").stdout
    for text in TEXTS:
        body = json.dumps({"login": text, "password": text}).encode()
        status, answer = ask(
            f"http://127.0.0.1:{port(city, 'registry')}/registry/v1/tokens", "POST", body,
            {"Content-Type": "application/json"},
        )
        assert status in (400, 401, 413, 422, 429), (text, status, answer)
    assert city.psql("registry", "SELECT count(*) FROM appointment").stdout == accounts


# --- broken HTTP ---------------------------------------------------------------------------------------------------

def talk(address, data, seconds=10.0):
    """What comes back until the other side closes; None when it is still open after that time."""
    with socket.create_connection(address, timeout=5) as connection:
        connection.settimeout(seconds)
        answer = b""
        try:
            connection.sendall(data)
            while chunk := connection.recv(65536):
                answer += chunk
        except (BrokenPipeError, ConnectionResetError):
            pass
        except TimeoutError:
            return answer, False
        return answer, True


HOST = b"Host: 127.0.0.1\r\n"
SMUGGLING = {
    "length and chunks": b"POST /registry/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n" + HOST + b"\r\n",
    "two lengths": b"POST /registry/login HTTP/1.1\r\n" + HOST + b"Content-Length: 6\r\nContent-Length: 5\r\n\r\nabcdef",
    "chunked twice": b"POST /registry/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "xchunked": b"POST /registry/login HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "space before the colon": b"GET /disclosure/ HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
    "negative length": b"POST /registry/login HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "plus in the length": b"POST /registry/login HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\nabcde",
    "chunk size overflow": b"POST /registry/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n",
    "line folding": b"GET /disclosure/ HTTP/1.1\r\n" + HOST + b"X-A: b\r\n c\r\n\r\n",
    "NUL in a header": b"GET /disclosure/ HTTP/1.1\r\n" + HOST + b"X-A: b\x00c\r\n\r\n",
    "no host": b"GET /disclosure/ HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /disclosure/ HTTP/1.1\r\n" + HOST + b"Host: other\r\n\r\n",
    "absolute form of another": b"GET http://169.254.169.254/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "no such version": b"GET /disclosure/ HTTP/9.9\r\n" + HOST + b"\r\n",
    "64 KB header": b"GET /disclosure/ HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 65536 + b"\r\n\r\n",
    "1000 headers": b"GET /disclosure/ HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 1000 + b"\r\n",
    "64 KB target": b"GET /disclosure/" + b"a" * 65536 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_broken_requests_are_refused_by_the_gateway(city, name):
    answer, closed = talk(("127.0.0.1", int(city.gateway.rsplit(":", 1)[1])), SMUGGLING[name])
    statuses = [int(found) for found in re.findall(rb"^HTTP/1\.\d (\d{3})", answer, re.M)]
    assert b"# HELP" not in answer, "the second request reached what is not for outsiders"
    assert len(statuses) <= 1 or all(status >= 400 for status in statuses[1:]), answer[:500]
    assert all(status < 500 or status in (501, 505) for status in statuses), answer[:500]
    if name not in ("line folding", "no such version"):
        assert not statuses or statuses[0] >= 400 or name == "absolute form of another", answer[:200]


@pytest.mark.parametrize("service", SERVICES)
def test_broken_requests_do_not_hurt_a_service(city, service):
    for data in SMUGGLING.values():
        answer, _ = talk(("127.0.0.1", port(city, service)), data, seconds=1.0)
        for status in re.findall(rb"^HTTP/1\.\d (\d{3})", answer, re.M):
            assert int(status) < 500 or int(status) in (501, 505), answer[:300]
    assert ask(f"http://127.0.0.1:{port(city, service)}/health/live")[0] == 200


def test_an_endless_body_is_cut_off(city):
    """Chunk after chunk to a form: the gateway stops reading at its limit."""
    with socket.create_connection(("127.0.0.1", int(city.gateway.rsplit(":", 1)[1])), timeout=5) as connection:
        connection.sendall(
            b"POST /registry/login HTTP/1.1\r\n" + HOST
            + b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        chunk, sent, ended = b"4000\r\n" + b"a" * 0x4000 + b"\r\n", 0, False
        try:
            while sent < 64 << 20:
                connection.sendall(chunk)
                sent += len(chunk)
                if select.select([connection], [], [], 0)[0]:
                    ended = True
                    break
        except OSError:
            ended = True
        assert ended, "64 MB were taken"
        assert sent < 16 << 20


def test_slow_clients_are_closed_and_others_served_meanwhile(city):
    """A byte a second in the header: each is gone within 10 s and some, and nobody else waits."""
    address = ("127.0.0.1", int(city.gateway.rsplit(":", 1)[1]))
    slow = []
    for _ in range(SLOW_CLIENTS):
        connection = socket.create_connection(address, timeout=5)
        connection.sendall(b"GET /disclosure/ HTTP/1.1\r\n")
        slow.append(connection)
    started, worst = time.monotonic(), 0.0
    while slow and time.monotonic() - started < 25:
        before = time.monotonic()
        assert ask(f"{city.gateway}/registry/openapi.yaml")[0] in (200, 429)
        worst = max(worst, time.monotonic() - before)
        readable, _, _ = select.select(slow, [], [], 1.0)
        for connection in readable:
            slow.remove(connection)
            connection.close()
        for connection in list(slow):
            try:
                connection.send(b"X")
            except OSError:
                slow.remove(connection)
    for connection in slow:
        connection.close()
    assert not slow, f"{len(slow)} of {SLOW_CLIENTS} slow connections are still open after 25 s"
    assert worst < 10, f"somebody else waited {worst:.1f} s"


# --- other people's tables, planted values ----------------------------------------------------------------------------

def test_no_role_reads_or_writes_another_schema_or_its_own_history(city):
    done = city.psql("registry", "SELECT 1")
    assert done.returncode == 0, done.stderr
    for service in SERVICES:
        for other in SERVICES:
            if other == service:
                continue
            schema = other.replace("-", "_")
            for statement in (
                f"SELECT 1 FROM {schema}.journal LIMIT 1", f"SELECT 1 FROM {schema}.audit_request LIMIT 1",
                f"INSERT INTO {schema}.journal_pending (position) VALUES (1)",
                f"DELETE FROM {schema}.journal_pending", f"CREATE TABLE {schema}.mine (a int)",
            ):
                done = city.psql(service, statement)
                assert done.returncode != 0 and "permission denied" in done.stderr, (service, statement, done.stderr)
        for statement in (
            "UPDATE journal SET actor = actor", "DELETE FROM journal", "TRUNCATE journal", "DROP TABLE journal",
            "ALTER TABLE journal DISABLE TRIGGER ALL", "UPDATE journal_leaf SET index = index",
            "DELETE FROM journal_checkpoint", "UPDATE audit_request SET actor = 'nobody'", "TRUNCATE audit_request",
            "DELETE FROM audit_request WHERE occurred_at > now() - interval '1 day'",
            "ALTER TABLE audit_request DISABLE TRIGGER ALL", "SET session_replication_role = replica",
        ):
            done = city.psql(service, f"{statement}")
            refused = done.returncode != 0 or "DELETE 0" in done.stdout or "UPDATE 0" in done.stdout
            assert refused, (service, statement, done.stdout)


def test_planted_personal_values_are_found_nowhere(city):
    """A representative's label and number: sealed in one table; not in a dump, not on a topic, not in a log or metric."""
    label, mobile = "诸葛种植丙", "13987650987"
    token = city.token("yayao.principal")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    wish = {"label": label, "mobile_number": mobile}
    ask(f"{city.gateway}/parent/v1/representatives", "POST", json.dumps(wish).encode(), headers)
    ask(f"{city.gateway}/registry/v1/tokens", "POST",
        json.dumps({"login": mobile, "password": label}).encode(), {"Content-Type": "application/json"})
    ask(f"{city.gateway}/disclosure/?q=" + urllib.parse.quote(label))
    names = [line.split(",")[0] for line in pathlib.Path("deploy/demo/staff.csv").read_text().splitlines()[1:]]
    planted = [label, mobile] + [name for name in names if name]
    dump = subprocess.run(
        ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "pg_dump", "-h",
         str(city.state / "postgres"), "-p", str(city.postgres_port), "-U", "postgres", "brightkitchen"],
        capture_output=True, text=True, check=True, cwd="/",
    ).stdout
    places = {"dump": dump}
    for file in (city.state / "logs").glob("*.log"):
        places[file.name] = file.read_text(errors="replace")
    for service in SERVICES:
        places[f"metrics of {service}"] = ask(f"http://127.0.0.1:{port(city, service)}/metrics")[1].decode()
    topics = subprocess.run(
        ["kcat", "-b", city.bootstrap, "-L", "-J"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    for topic in json.loads(topics)["topics"]:
        places[topic["topic"]] = subprocess.run(
            ["kcat", "-b", city.bootstrap, "-C", "-e", "-q", "-t", topic["topic"], "-f", "%h %k %s\n"],
            capture_output=True, text=True, check=False, timeout=60,
        ).stdout
    found = [
        f"{value} in {place}" for place, text in places.items() for value in planted
        if value in text or value.encode().hex() in text
    ]
    assert not found, found


# --- what is on board ---------------------------------------------------------------------------------------------------

def test_the_bill_of_materials_knows_every_licence(city, repo):
    checkouts = pathlib.Path(os.environ.get("BRIGHT_KITCHEN_BUILD", repo / ".build")) / "checkouts"
    done = subprocess.run(
        [repo / "deploy/sbom", "--checkouts", checkouts], capture_output=True, text=True, check=False, cwd=repo
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["bomFormat"] == "CycloneDX" and document["specVersion"] == "1.5"
    names = {component["name"] for component in document["components"]}
    assert {"hummingbird", "swift-crypto", "librdkafka1", "libpq5"} <= names
    assert all(component["version"] and component["licenses"] for component in document["components"])


# --- rights on topics ---------------------------------------------------------------------------------------------------

def test_rights_on_topics_are_the_least(repo):
    """From one file: a service writes its own topics, a department reads its own, a vendor reads nothing."""
    lines = subprocess.run(
        [repo / "deploy/kafka-acls"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[1:]
    rights = set()
    for line in lines:
        user = re.search(r"User:(\S+)", line).group(1)
        for operation in re.findall(r"--operation (\S+)", line):
            rights.update((user, operation, topic) for topic in re.findall(r"--topic (\S+)", line))
    writes = {(user, topic) for user, operation, topic in rights if operation == "Write"}
    reads = {(user, topic) for user, operation, topic in rights if operation == "Read"}
    services = set(SERVICES)
    for user in services:
        topics = {topic for writer, topic in writes if writer == user}
        own = {"patrol-ledger": "patrol"}.get(user, user)
        bulletins = {topic for topic in topics if topic.startswith("brightkitchen.bulletins.")}
        assert topics - bulletins == {f"brightkitchen.{own}.v1", "brightkitchen.checkpoints.v1"}
        assert not bulletins or user == "notification"
    for department in ("education", "human-resources", "market-supervision"):
        assert not [topic for writer, topic in writes if writer == department]
        assert {topic for reader, topic in reads if reader == department} == {
            f"brightkitchen.bulletins.{department}.v1", "brightkitchen.checkpoints.v1"}
    for vendor, topic in (("vendors", "alerts"), ("camera-platforms", "telemetry")):
        assert {found for writer, found in writes if writer == vendor} == {f"brightkitchen.devices.{topic}.v1"}
        assert not [found for reader, found in reads if reader == vendor]
    assert not any("--topic '*'" in line or "User:*" in line or "All" in line.split() for line in lines)
    # Whom the code lets read a topic may read it: the file and the subscriptions cannot drift apart.
    folders = {"disclosure": "Disclosure", "patrol-ledger": "PatrolLedger", "notification": "Notification",
               "parent-access": "ParentAccess"}
    for service, folder in folders.items():
        code = "".join(file.read_text() for file in (repo / "Services" / folder).rglob("*.swift"))
        for event in set(re.findall(r"\.on\((\w+)\.self\)", code)):
            found = next((repo / "Shared/Contracts").rglob(f"{event}.swift"), None)
            if found:
                producer = {"PatrolLedger": "patrol", "ParentAccess": "parent-access"}.get(
                    found.parent.name, found.parent.name.lower())
                assert (service, f"brightkitchen.{producer}.v1") in reads, (service, event)
