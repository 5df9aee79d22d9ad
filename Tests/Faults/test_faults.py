"""Processes killed at random under load, and what must hold afterwards (docs/reliability.md). The rows are those of the design's list."""
import os
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from load import Load
from processes import CHANCE, SERVICES, lives, pause, process, restart, stack
from running_city import eventually, local, superuser

def test_01_services_killed_at_random(city, figures, rounds):
    ready = []
    with Load(city) as load:
        for _ in range(4 * rounds):
            pause()
            service = CHANCE.choice(SERVICES)
            os.kill(process(city, service), signal.SIGKILL)
            ready.append(restart(city, service))
    figures["1 SIGKILL of services"] = load.settled() | {"kills": len(ready), "slowest_ready_s": max(ready)}


def test_02_postgres_stopped_at_once(city, figures, rounds):
    before = {service: process(city, service) for service in SERVICES}
    answered = []
    with Load(city) as load:
        for _ in range(rounds):
            pause()
            os.kill(process(city, "postgres"), signal.SIGQUIT)
            eventually(lambda: not lives(city, "postgres"), "Postgres has gone", every=0.05)
            stack("start_postgres")
            answered.append(load.goes_on())
    assert {service: process(city, service) for service in SERVICES} == before, "no service restarts for that"
    assert set(load.refusals) <= {503}, f"answers other than 503: {load.surprises[:3]}"
    figures["2 Postgres stopped at once"] = load.settled() | {"stops": rounds, "slowest_first_write_s": max(answered)}


def test_03_broker_killed(city, figures, rounds):
    if os.environ.get("KAFKA_BOOTSTRAP"):
        pytest.skip("another's broker is not ours to kill")
    with Load(city) as load:
        for _ in range(rounds):
            pause()
            os.kill(process(city, "broker"), signal.SIGKILL)
            load.goes_on()
            stack("start_broker")
            load.goes_on()
    assert load.refusals == [], f"writes must not notice: {set(load.refusals)} {load.surprises[:3]}"
    figures["3 broker killed, back without memory"] = load.settled() | {"kills": rounds}


def test_08_poison_on_every_topic(city, figures, rounds):
    """Bad JSON, a body that is no event, 900 kB of nothing, no key: set aside and shown, and nobody else waits."""
    topics = ("brightkitchen.registry.v1", "brightkitchen.patrol.v1", "brightkitchen.disclosure.v1",
              "brightkitchen.devices.telemetry.v1")
    poison = [b"{", b"[]", b"\xff\xfe\x00", b'{"a":1}', b"x" * 900_000]
    sent = 0
    with Load(city) as load:
        for _ in range(rounds):
            for topic in topics:
                for body in poison:
                    for key in (["-k", "poison"], []):
                        subprocess.run(
                            ["kcat", "-b", city.bootstrap, "-P", "-t", topic, *key, "-D", "\x1d", "-H", "ce_type=poison",
                             "-X", "message.max.bytes=4000000"],
                            input=body, check=True, timeout=30, capture_output=True)
                        sent += 1
    settled = load.settled()
    aside = city.service("notification", "dead-letters", "list").stdout
    assert aside.strip(), "poison is set aside where the operator sees it"
    figures["8 poison"] = settled | {"poison": sent}


def test_21_stopped_politely_under_load(city, figures, rounds):
    stopped = []
    with Load(city) as load:
        for _ in range(rounds):
            pause()
            pid, began = process(city, "patrol-ledger"), time.monotonic()
            os.kill(pid, signal.SIGTERM)
            eventually(lambda: not lives(city, "patrol-ledger"), "it ends", seconds=30, every=0.02)
            stopped.append(round(time.monotonic() - began, 2))
            restart(city, "patrol-ledger")
    figures["21 SIGTERM under load"] = load.settled() | {"stops": rounds, "slowest_exit_s": max(stopped)}


def test_16_slow_connections_and_large_headers(city, figures):
    """A thousand connections that send a byte now and then do not keep others from being served."""
    host, port = city.gateway.removeprefix("http://").split(":")
    slow = []
    try:
        for _ in range(1000):
            connection = socket.create_connection((host, int(port)), timeout=5)
            connection.sendall(b"GET / HT")
            slow.append(connection)
        times = []
        for _ in range(50):
            began = time.monotonic()
            with urllib.request.urlopen(city.gateway + "/disclosure/v1/canteens?limit=1", timeout=20) as answer:
                answer.read()
            times.append(time.monotonic() - began)
    finally:
        for connection in slow:
            connection.close()
    figures["16 a thousand slow connections"] = {"slowest_of_50_reads_s": round(max(times), 3)}


def test_12_changed_bytes_are_found(city, figures, rounds):
    """Random single-byte changes of journalled data, one at a time: each is found and named."""
    written = [s for s in SERVICES if superuser(city, f"SELECT 1 FROM {s.replace('-', '_')}.journal_leaf LIMIT 1")]
    for _ in range(rounds):
        service = CHANCE.choice(written)
        schema = service.replace("-", "_")
        position, entry, length = superuser(
            city, f"SELECT position, id, octet_length(data) FROM {schema}.journal JOIN {schema}.journal_leaf USING (position)"
                  f" ORDER BY md5(position::text || '{CHANCE.random()}') LIMIT 1").split("|")
        byte, bit = CHANCE.randrange(int(length)), CHANCE.randrange(8)
        flip = f"""SET session_replication_role = replica;
            UPDATE {schema}.journal SET data = set_bit(data, {byte * 8 + bit}, 1 - get_bit(data, {byte * 8 + bit}))
            WHERE position = {position}"""
        superuser(city, flip)
        try:
            done = city.service(service, "verify", check=False)
            assert done.returncode == 1 and entry in done.stdout, f"{service} {entry} byte {byte}: {done.stdout}"
        finally:
            superuser(city, flip)
    figures["12 changed bytes"] = {"changes": rounds, "found_and_named": rounds}


def test_everything_runs_at_the_end(city):
    eventually(lambda: local("status", check=False).returncode == 0, lambda: local("status", check=False).stdout)
