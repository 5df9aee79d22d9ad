"""What only a broker that is not our own can show. Everything travels over TLS with SCRAM-SHA-512."""
import json
import os
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request

from independent_broker import Authority
from load import Load
from running_city import PORT, REPO, eventually

SERVICES = ("registry", "disclosure", "patrol-ledger", "notification", "parent-access")
SECONDS = int(os.environ.get("BRIGHT_KITCHEN_CHURN_SECONDS", "60"))


def ready(city, service):
    """(ready, {check: detail}) of one service."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{int(PORT) + 11 + SERVICES.index(service)}/health/ready", timeout=10) as answer:
            report = json.load(answer)
    except urllib.error.HTTPError as error:
        report = json.load(error)
    return report["ready"], {name: check["detail"] for name, check in report["checks"].items()}


def all_ready(city):
    return all(ready(city, service)[0] for service in SERVICES)


def processes(city):
    return {service: int((city.state / "pids" / service).read_text().split()[0]) for service in SERVICES}


def kcat_topics(city):
    listing = subprocess.run(["kcat", "-b", city.bootstrap, "-L", "-J"], capture_output=True, text=True, check=True, timeout=60)
    return {topic["topic"]: len(topic["partitions"]) for topic in json.loads(listing.stdout)["topics"]}


def declared_topics():
    text = (REPO / "Shared/Contracts/Topics/topics.yaml").read_text()
    return {name: int(partitions) for name, partitions in re.findall(r"name: ([a-z0-9.-]+), partitions: (\d+)", text)}


def test_the_services_made_their_topics(city):
    eventually(lambda: all_ready(city), lambda: str([ready(city, service) for service in SERVICES]))
    topics = kcat_topics(city)
    assert {name: topics.get(name) for name in declared_topics()} == declared_topics()
    for service in SERVICES:
        assert re.fullmatch(r"\d+ topics", ready(city, service)[1]["broker"])


def test_what_one_service_writes_the_others_have(city, figures):
    with Load(city) as load:
        load.goes_on()
    figures["independent broker: no fault"] = load.settled()


def test_broker_killed_and_back_empty_under_the_same_name(city, broker, figures):
    """No new cluster id tells it: the topics are gone, then made again, and every journal is published once more."""
    before = processes(city)
    with Load(city) as load:
        broker.kill()
        load.goes_on()
        eventually(lambda: not ready(city, "registry")[0], "the registry says that the broker is away")
        broker.start()
        load.goes_on()
    settled = load.settled()
    assert load.refusals == [], f"writes must not notice: {load.surprises[:3]}"
    eventually(lambda: all_ready(city), lambda: str([ready(city, service) for service in SERVICES]), seconds=120)
    assert {name: kcat_topics(city).get(name) for name in declared_topics()} == declared_topics()
    assert processes(city) == before, "no service restarts for that"
    eventually(lambda: city.kcat_count("brightkitchen.registry.v1") >= 40, "the registry's events are on the new broker")
    figures["3 independent broker killed, back empty under the same name"] = settled


def test_the_line_to_the_broker_is_cut(city, broker, figures):
    before, pause = processes(city), threading.Event()
    with Load(city) as load:
        for seconds in (1, 5, 30):
            broker.cut()
            pause.wait(seconds)
            load.goes_on()
            broker.restore()
            load.goes_on()
    settled = load.settled()
    assert load.refusals == [], f"writes must not notice: {load.surprises[:3]}"
    eventually(lambda: all_ready(city), lambda: str([ready(city, service) for service in SERVICES]), seconds=120)
    assert processes(city) == before, "no service restarts for that"
    figures["5 line to the broker cut for 1, 5, 30 s"] = settled


def test_three_members_of_a_group_churned(city, figures):
    """Two more notification services come and go every two seconds: every problem has its one bulletin."""
    environment = dict(
        entry.split("=", 1) for entry in
        open(f"/proc/{processes(city)['notification']}/environ", encoding="utf-8").read().split("\0") if "=" in entry)
    rounds, pause = max(1, SECONDS // 4), threading.Event()
    binary = os.readlink(f"/proc/{processes(city)['notification']}/exe")

    def started(number):
        log = open(city.state / "logs" / f"member-{number}.log", "ab")  # noqa: SIM115 - the child's for its life
        return subprocess.Popen([binary, "serve"], env=environment | {"HTTP_PORT": "0"}, cwd=REPO, stdout=log, stderr=log)

    with Load(city) as load:
        for round_ in range(rounds):
            members = [started(number) for number in range(2)]
            pause.wait(2)
            for number, process in enumerate(members):
                process.send_signal(signal.SIGKILL if (round_ + number) % 2 else signal.SIGTERM)
            pause.wait(2)
            for process in members:
                process.wait(30)
    figures["10 three members, two of them come and go"] = load.settled() | {"rounds": rounds}


def test_a_refused_password_is_told_and_nothing_is_lost(city, broker, figures):
    before = processes(city)
    with Load(city) as load:
        broker.let_in(broker.passwords | {"patrol-ledger": "another password"})
        broker.drop_connections()
        eventually(lambda: "SASL authentication error" in ready(city, "patrol-ledger")[1]["broker"],
                   lambda: str(ready(city, "patrol-ledger")), seconds=90)
        load.goes_on()
        broker.let_in(broker.passwords)
        load.goes_on()
    assert load.refusals == [], f"writes must not notice: {load.surprises[:3]}"
    figures["refused password, mended at the broker"] = load.settled()
    eventually(lambda: all_ready(city), lambda: str([ready(city, service) for service in SERVICES]), seconds=120)
    assert processes(city) == before, "no service restarts for that"


def test_a_new_password_needs_no_restart(city, broker):
    before = processes(city)
    with Load(city) as load:
        broker.passwords = broker.passwords | {"patrol-ledger": "renewed-" + broker.passwords["patrol-ledger"]}
        broker.let_in(broker.passwords)
        broker.drop_connections()
        (city.state / "secrets/patrol-ledger/kafka-password").write_text(broker.passwords["patrol-ledger"] + "\n")
        load.goes_on()
    load.settled()
    eventually(lambda: ready(city, "patrol-ledger")[0], lambda: str(ready(city, "patrol-ledger")), seconds=90)
    assert processes(city) == before


def test_a_certificate_that_cannot_be_trusted_is_told(city, broker, figures, tmp_path):
    stranger = Authority(tmp_path / "stranger", "somebody else")
    faults = {
        "expired": (broker.authority.issue("old", expired=True), "it has expired"),
        "another host": (broker.authority.issue("other", host="elsewhere.example"), "certificate"),
        "another authority": (stranger.issue("strange"), "KAFKA_CA_FILE"),
    }
    before = processes(city)
    with Load(city) as load:
        for name, (files, words) in faults.items():
            broker.use_certificate(*files)
            eventually(lambda words=words: words in ready(city, "patrol-ledger")[1]["broker"],
                       lambda name=name: f"{name}: {ready(city, 'patrol-ledger')}", seconds=90)
            load.goes_on()
        broker.use_certificate(*broker.authority.issue("renewed"))
    assert load.refusals == [], f"writes must not notice: {load.surprises[:3]}"
    figures["expired, foreign and untrusted certificate"] = load.settled()
    eventually(lambda: all_ready(city), lambda: str([ready(city, service) for service in SERVICES]), seconds=120)
    assert processes(city) == before, "no service restarts for that"
