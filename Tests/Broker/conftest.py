"""The whole city on a broker that is not librdkafka's own: tansu, over TLS, each service with its SCRAM user. `deploy/local test broker`."""
import json
import os
import pathlib
import secrets
import sys

import pytest

STATE = pathlib.Path(os.environ["BRIGHT_KITCHEN_STATE"])
# Before running_city is imported, which reads it.
os.environ["KAFKA_BOOTSTRAP"] = f"localhost:{int(os.environ['BRIGHT_KITCHEN_PORT']) + 50}"

for part in ("Story", "Faults"):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / part))

from independent_broker import Authority, IndependentBroker  # noqa: E402 - the folders are known now
from running_city import City, local  # noqa: E402

SERVICES = ("registry", "disclosure", "patrol-ledger", "notification", "parent-access")

@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broker")
    users = {user: secrets.token_urlsafe(18) for user in (*SERVICES, "education", "operator")}
    made = IndependentBroker(folder, int(os.environ["BRIGHT_KITCHEN_PORT"]) + 50, users, Authority(folder / "authority"))
    made.passwords = users
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def city(broker):
    if STATE.exists():
        local("reset")
    for service in SERVICES:
        folder = STATE / "secrets" / service
        folder.mkdir(parents=True)
        (folder / "kafka-password").write_text(broker.passwords[service] + "\n")
        (folder / "kafka-ca.pem").write_bytes(broker.authority.certificate.read_bytes())
    STATE.chmod(0o711)
    # kcat and confluent-kafka read the same properties.
    properties = broker.folder / "operator.properties"
    properties.write_text(
        f"security.protocol=sasl_ssl\nsasl.mechanism=SCRAM-SHA-512\nsasl.username=operator\nsasl.password={broker.passwords['operator']}\n"
        f"ssl.ca.location={broker.authority.certificate}\nssl.endpoint.identification.algorithm=https\n")
    os.environ.update(
        KAFKA_SECURITY_PROTOCOL="SASL_SSL", KAFKA_SASL_MECHANISM="SCRAM-SHA-512",
        KAFKA_CA_FILE=str(broker.folder / "trusted.pem"), KCAT_CONFIG=str(properties), KAFKA_PROPERTIES=str(properties),
    )
    (broker.folder / "trusted.pem").write_bytes(broker.authority.certificate.read_bytes())
    local("up")
    yield City(STATE)
    if os.environ.get("BRIGHT_KITCHEN_KEEP") != "1":
        local("reset")


@pytest.fixture(scope="session")
def figures(city):
    measured = {}
    yield measured
    (STATE.parent / "broker-reliability.json").write_text(json.dumps(measured, ensure_ascii=False, indent=2) + "\n")
