"""Step 8: proof. Written against the published standards only (RFC 6962, C2SP signed notes and tlog-tiles, CloudEvents, Standard
Webhooks), with code that shares nothing with the services."""
import base64
import hashlib
import json
import urllib.request

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from running_city import kafka_messages, superuser

SERVICES = {
    "registry": "registry", "disclosure": "disclosure", "patrol-ledger": "patrol", "notification": "notification",
    "parent-access": "parent",
}


def fetch(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read()


def verify_note(note, vkey):
    """C2SP signed-note: returns the signed text, or fails."""
    name, key_id, key = vkey.strip().split("+", 2)
    key = base64.b64decode(key)
    assert key[0] == 1
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    assert expected.hex() == key_id
    for line in signatures.strip().splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if dash == "—" and signer == name and raw[:4] == expected:
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], text.encode())
            return text
    raise AssertionError("no signature by that key")


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes):
    """RFC 6962 §2.1 over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(root(hashes[:split]), root(hashes[split:]))


def tile_number(number):
    text = f"{number % 1000:03d}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03d}/{text}"
    return text


def leaf_hashes(base, size):
    hashes = []
    for tile in range((size + 255) // 256):
        width = min(256, size - tile * 256)
        suffix = "" if width == 256 else f".p/{width}"
        data = fetch(f"{base}/tile/0/{tile_number(tile)}{suffix}")
        assert len(data) == 32 * width
        hashes += [data[i : i + 32] for i in range(0, len(data), 32)]
    return hashes


@pytest.mark.parametrize("service", SERVICES)
def test_an_outsider_verifies_the_checkpoint_against_the_tiles(city, service):
    vkey = city.service(service, "checkpoint", "--key").stdout
    base = f"{city.gateway}/{SERVICES[service]}/log"
    note = fetch(f"{base}/checkpoint").decode()
    origin, size, root_hash = verify_note(note, vkey).splitlines()[:3]
    assert origin == vkey.split("+")[0]
    assert base64.b64decode(root_hash) == root(leaf_hashes(base, int(size)))


@pytest.mark.parametrize("service", SERVICES)
def test_verify_proves_the_journal(city, service):
    assert "intact" in city.service(service, "verify").stdout


@pytest.mark.parametrize("service", SERVICES)
def test_one_changed_byte_is_found_and_named(city, service):
    schema = service.replace("-", "_")
    position = superuser(city, f"SELECT position FROM {schema}.journal_leaf ORDER BY index OFFSET 2 LIMIT 1")
    entry = superuser(city, f"SELECT id FROM {schema}.journal WHERE position = {position}")

    def flip():
        superuser(
            city,
            f"""SET session_replication_role = replica;
                UPDATE {schema}.journal SET data = set_byte(data, 1, get_byte(data, 1) # 1) WHERE position = {position}""",
        )

    flip()
    try:
        done = city.service(service, "verify", check=False)
        assert done.returncode == 1
        assert entry in done.stdout and "FAILED" in done.stdout
    finally:
        flip()
    assert city.service(service, "verify").returncode == 0


def test_the_app_role_cannot_rewrite_its_journal(city):
    for statement in ("UPDATE journal SET actor = actor", "DELETE FROM journal", "TRUNCATE journal"):
        done = city.psql("patrol-ledger", statement)
        assert done.returncode != 0 and "permission denied" in done.stderr, done.stderr


def test_no_service_reads_another_schema(city):
    for service in SERVICES:
        other = "registry" if service != "registry" else "disclosure"
        done = city.psql(service, f"SELECT 1 FROM {other}.journal")
        assert done.returncode != 0 and "permission denied" in done.stderr


def test_the_department_finds_its_bulletin_as_a_cloudevent(city):
    found = list(kafka_messages(city, "brightkitchen.bulletins.education.v1"))
    assert found
    for headers, key, body in found:
        assert headers["ce_specversion"] == "1.0"
        assert headers["ce_type"].startswith("brightkitchen.notification.bulletin.")
        assert headers["ce_partitionkey"] == key == body["receiving_organ_id"]
        assert body["department"] == "education"
    sequences = {}
    for headers, key, _ in found:
        sequences.setdefault(key, set()).add(int(headers["ce_sequence"]))
    for numbers in sequences.values():
        assert numbers == set(range(1, max(numbers) + 1))


@pytest.mark.parametrize(
    "topic", ["registry.v1", "disclosure.v1", "patrol.v1", "notification.v1", "parent-access.v1",
              "bulletins.education.v1"],
)
def test_every_message_obeys_its_published_schema(city, repo, topic):
    import jsonschema

    count = 0
    for headers, _, body in kafka_messages(city, f"brightkitchen.{topic}"):
        path = repo / "docs/events/schemas" / (headers['ce_type'] + '.schema.json')
        jsonschema.validate(body, json.loads(path.read_text()), jsonschema.Draft202012Validator)
        count += 1
    assert count
