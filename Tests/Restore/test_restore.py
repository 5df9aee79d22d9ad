"""The drill: a backup under load, more work, a mistake; then database, broker, evidence, attachments and keys are destroyed. They come back by
`deploy/local restore` alone, as of a named moment: everything acknowledged before it, nothing after it, every ledger proved against
checkpoints that somebody else kept, topics and projections as they were, and no number given twice."""
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time
import uuid

import pytest

from load import Load
from running_city import Api, eventually, local, sheet, superuser

SERVICES = ("registry", "disclosure", "patrol-ledger", "notification", "parent-access")
TOPICS = ("registry", "disclosure", "patrol", "notification", "parent-access")
# What a service changes by itself while nobody does anything: places in the topics, requests, sessions, signals of cameras.
MOVING = ("journal", "inbox", "audit_request", "session", "idempotency", "camera", "signal", "probe", "telemetry", "migration", "token", "lease",
          # Numbers that others may hold are passed over by a restore to a moment.
          "_counter")
STILL = {"patrol_ledger.problem", "notification.bulletin", "patrol_ledger.ledger_entry", "disclosure.item_record", "registry.canteen"}


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def tables(city):
    """One digest for every table of the five schemas that stands still while nobody works."""
    names = superuser(
        city, "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY(ARRAY['registry', 'disclosure', "
              "'patrol_ledger', 'notification', 'parent_access']) ORDER BY 1").split()
    still = [name for name in names if not any(word in name.split(".")[1] for word in MOVING)]
    query = " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {name} AS t" for name in still)
    return dict(line.split("|") for line in superuser(city, query).splitlines())


def files(city):
    return {str(path.relative_to(city.state)): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in ("evidence", "attachments") for path in (city.state / folder).rglob("*")
            if path.is_file() and "dumps" not in path.parts}


def numbers(city):
    """Every number that was ever given, and what it was given to."""
    rows = superuser(
        city, "SELECT number, bulletin_id FROM notification.bulletin WHERE number IS NOT NULL "
              "UNION ALL SELECT ledger_number, patrol_id FROM patrol_ledger.ledger_entry").splitlines()
    given = dict(row.split("|") for row in rows)
    assert len(given) == len(rows), "a number was given twice"
    return given


def events(city):
    """Ids of the events on the topics."""
    ids = set()
    for name in TOPICS:
        done = subprocess.run(
            ["kcat", "-b", city.bootstrap, "-C", "-e", "-q", "-t", f"brightkitchen.{name}.v1", "-f", "%h\n"],
            capture_output=True, text=True, check=True, timeout=120)
        ids |= {dict(h.split("=", 1) for h in line.split(","))["ce_id"] for line in done.stdout.splitlines()}
    return ids


def journalled(city):
    """Ids of everything that was published, from the journals."""
    union = " UNION ALL ".join(
        f"SELECT id::text FROM {s.replace('-', '_')}.journal WHERE topic = 'brightkitchen.{t}.v1'" for s, t in zip(SERVICES, TOPICS))
    return set(superuser(city, union).split())


def patrol(city):
    """One patrol with a still from the stream as evidence, up to its number in the ledger."""
    key = uuid.uuid4().hex
    officer = Api(city, "shaping.officer2")
    checklist = officer("GET", "/patrol/api/v1/checklist")
    canteen = next(c for c in officer("GET", "/patrol/api/v1/suggestions")["items"] if "龙口" in c["school_name"])["canteen_id"]
    opened = officer("POST", "/patrol/api/v1/patrols", {"basis": ["special"], "canteen_ids": [canteen], "start": True}, key=key)["patrol_id"]
    zone = officer("GET", f"/patrol/api/v1/patrols/{opened}")["canteens"][0]["zones"][0]
    camera = zone["cameras"][0]["camera_id"]

    def watched():
        officer("POST", f"/patrol/api/v1/patrols/{opened}/heartbeat", {"camera_id": camera})
        seen = officer("GET", f"/patrol/api/v1/patrols/{opened}")["canteens"][0]["zones"]
        return next(z["is_viewed"] for z in seen if z["zone"] == zone["zone"])

    eventually(watched, "the zone counts as viewed", every=1)
    evidence = officer("POST", f"/patrol/api/v1/patrols/{opened}/evidence", {"camera_id": camera, "kind": "still"})["evidence_id"]
    officer("POST", f"/patrol/api/v1/patrols/{opened}/canteens/{canteen}/zones/{zone['zone']}/submit",
            sheet(checklist, zone["zone"], f"{zone['zone']}-01", [evidence]), key=f"{key}-sheet")
    officer("POST", f"/patrol/api/v1/patrols/{opened}/submit", key=f"{key}-submit")
    return opened


def attach(city, safe, colour):
    """A school sends a picture for an item of its disclosure."""
    school = Api(city, "yayao.principal")
    canteen = json.loads(subprocess.run(
        ["curl", "-fsS", "-G", "--data-urlencode", "q=雅瑶镇示例初级中学", city.gateway + "/disclosure/v1/canteens"],
        capture_output=True, text=True, check=True).stdout)["items"][0]["canteen_id"]
    picture = safe / "picture.jpg"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"color=c={colour}:s=320x240", "-frames:v", "1", str(picture)], check=True)
    subprocess.run(
        ["curl", "-fsS", "-o", "/dev/null", "-H", f"Authorization: Bearer {school.token}", "-F", f"file=@{picture};type=image/jpeg",
         f"{city.gateway}/disclosure/api/canteens/{canteen}/files"], check=True, capture_output=True, text=True)


def kill_everything(city):
    """The machine is gone: no process says goodbye."""
    for path in (city.state / "pids").iterdir():
        if path.name.startswith("camera-"):
            continue
        pid = int(path.read_text().split()[0])
        try:
            # Each was started as the leader of a group of its own: nginx' workers and Postgres' backends go with it.
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    shutil.rmtree(city.state / "postgres")
    for folder in ("evidence", "attachments", "exports", "secrets"):
        shutil.rmtree(city.state / folder, ignore_errors=True)


def archived(city):
    """Everything until now is in the archive, as it would be within a minute."""
    segment = superuser(city, "SELECT pg_walfile_name(pg_current_wal_lsn())")
    superuser(city, "SELECT pg_switch_wal()")
    eventually(lambda: superuser(city, "SELECT last_archived_wal FROM pg_stat_archiver") >= segment, "the change is archived")


def restored(city, name, *options):
    began = time.monotonic()
    said = local("restore", name, *options).stdout
    assert said.count("verifying the ledger") == len(SERVICES) and "every ledger verifies" in said
    return round(time.monotonic() - began, 1)


def checkpoints(city, safe):
    """What a department keeps: the newest signed head of each log."""
    kept = {}
    for service in SERVICES:
        # A service that has recorded nothing yet has signed nothing.
        if superuser(city, f"SELECT count(*) FROM {service.replace('-', '_')}.journal") != "0":
            kept[service] = safe / f"{service}-checkpoint.txt"
            kept[service].write_text(eventually(
                lambda: city.service(service, "checkpoint", check=False).stdout.removeprefix("no checkpoint yet\n"), "a signed head"))
    return kept


@pytest.fixture(scope="session")
def drill(city, safe, backups):
    """Backup under load, work until the named moment, a mistake and more work after it."""
    made = {}
    patrol(city)
    attach(city, safe, "red")
    with Load(city) as load:
        made["name"] = local("backup").stdout.split("done: ")[-1].strip()
        load.goes_on()
    load.settled()
    # Evidence that came after the whole backup: the minute's run takes it.
    patrol(city)
    attach(city, safe, "green")
    local("backup", "--files")
    made["checkpoints"] = checkpoints(city, safe)
    first = tables(city)
    threading.Event().wait(2)
    made["until"] = now().isoformat()
    threading.Event().wait(2)
    second = tables(city)
    made["tables"] = {name: digest for name, digest in first.items() if second[name] == digest}
    made |= {"load": load, "files": files(city), "numbers": numbers(city), "events": journalled(city)}
    # The mistake, and work that goes on for a while before anybody sees it.
    superuser(city, "SET session_replication_role = replica; DELETE FROM patrol_ledger.problem")
    with Load(city) as after:
        pass
    made["after"] = after
    eventually(lambda: len(numbers(city)) >= len(made["numbers"]) + len(after.acknowledged), "bulletins of the later problems", seconds=120)
    made["undone"] = {number: to for number, to in numbers(city).items() if number not in made["numbers"]}
    archived(city)
    return made


def test_backup_tells_when_it_was_made(city, drill, backups):
    told = json.loads((backups / "last-backup.json").read_text())
    assert told["name"] == drill["name"] and told["keys"] is True and told["bytes"] > 100_000
    metric = (backups / "last-backup.prom").read_text().splitlines()[2].split()
    assert metric[0] == "brightkitchen_backup_finished_timestamp_seconds"
    assert abs(int(metric[1]) - datetime.datetime.fromisoformat(told["finished_at"].replace("Z", "+00:00")).timestamp()) < 2


def test_without_its_key_names_and_signatures_stay_closed(drill, backups):
    """Neither the secrets nor anybody's name can be read in the backup without the private key."""
    base = backups / "base" / drill["name"]
    whole = subprocess.run(["tar", "-xzOf", str(base / "base.tar.gz")], capture_output=True, check=True).stdout
    assert "示例".encode() in whole, "schools are public and there"
    for secret in (pathlib.Path(os.environ["BRIGHT_KITCHEN_STATE"]) / "secrets").rglob("*"):
        if secret.is_file() and secret.name != "passwords.tsv" and "data-key" in secret.name:
            assert secret.read_bytes().strip() not in whole, secret.name
            assert secret.read_bytes().strip() not in (base / "keys.cms").read_bytes()
    staff = [line.split(",") for line in pathlib.Path("deploy/demo/staff.csv").read_text().splitlines()[1:]]
    assert staff
    done = subprocess.run(["openssl", "cms", "-decrypt", "-inform", "DER", "-in", str(base / "keys.cms"), "-inkey",
                           str(pathlib.Path(os.environ["BRIGHT_KITCHEN_BACKUP_CERTIFICATE"]).with_name("stranger-key.pem"))],
                          capture_output=True, check=False)
    assert done.returncode != 0


def test_a_running_city_is_not_overwritten_by_accident(city, drill):
    refused = local("restore", drill["name"], check=False)
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert local("status").returncode == 0, "nothing was stopped"


def test_damage_is_named_before_anything_is_touched(city, drill, backups):
    base = backups / "base" / drill["name"]
    for victim in ("base.tar.gz", "files.tar.gz", "keys.cms"):
        whole = (base / victim).read_bytes()
        middle = len(whole) // 2
        (base / victim).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:])
        refused = local("restore", drill["name"], "--replace", check=False)
        (base / victim).write_bytes(whole)
        assert refused.returncode == 1 and victim in refused.stdout + refused.stderr and "Nothing was changed" in refused.stderr
    segments = sorted(p for p in (backups / "wal").iterdir() if len(p.name) == 24)
    away = segments[-2].rename(segments[-2].with_name("away"))
    refused = local("restore", drill["name"], "--replace", check=False)
    away.rename(segments[-2])
    assert refused.returncode == 1 and segments[-2].name[8:] in refused.stdout
    early = local("restore", drill["name"], "--replace", "--until", "2026-01-01T00:00:00+08:00", check=False)
    assert early.returncode == 1 and "take an older backup" in early.stderr
    assert local("status").returncode == 0, "nothing was stopped"


def test_everything_lost_and_restored_to_a_named_moment(city, drill, safe):
    kill_everything(city)
    stranger = local("restore", drill["name"], "--until", drill["until"], "--key", str(safe / "stranger-key.pem"), check=False)
    assert stranger.returncode == 1 and "does not open the keys" in stranger.stderr
    seconds = restored(city, drill["name"], "--until", drill["until"], "--key", str(safe / "backup-key.pem"))
    print(f"restored in {seconds} s")

    assert files(city) == drill["files"], "evidence and attachments are those of then"
    for service, kept in drill["checkpoints"].items():
        told = city.service(service, "verify", "--checkpoints", str(kept)).stdout
        assert told.splitlines()[-1].startswith("intact"), f"{service}: {told}"
    eventually(lambda: drill["events"] <= events(city), "the topics hold every event again", seconds=120, every=1)
    now_there = tables(city)
    different = {name for name, digest in drill["tables"].items() if now_there[name] != digest}
    assert not different, "projections are those of then"
    assert STILL <= set(drill["tables"]), STILL - set(drill["tables"])

    written = superuser(city, "SELECT problem_id FROM patrol_ledger.problem").split()
    assert set(drill["load"].acknowledged.values()) <= set(written), "what was acknowledged before the moment is there"
    assert not set(drill["after"].acknowledged.values()) & set(written), "what came after it is not"
    for service in SERVICES:
        assert city.service(service, "dead-letters", "list").stdout.count("handler_failed") == 0


def test_work_goes_on_and_no_number_is_given_twice(city, drill):
    assert local("up").returncode == 0
    city._tokens.clear()
    with Load(city) as load:
        pass
    load.settled()
    patrol(city)
    given = numbers(city)
    assert drill["numbers"].items() <= given.items(), "numbers belong to what they were given to"
    again = {n for n in given if n in drill["undone"] and given[n] != drill["undone"][n]}
    assert not again, f"numbers that others may have seen were given again: {sorted(again)[:5]}"


def test_a_second_loss_on_the_new_timeline(city, drill, safe, backups):
    """Without a moment everything that was archived comes back: nothing acknowledged is lost."""
    name = local("backup").stdout.split("done: ")[-1].strip()
    with Load(city) as load:
        load.goes_on()
    load.settled()
    kept, given = checkpoints(city, safe), numbers(city)
    archived(city)
    kill_everything(city)
    restored(city, name, "--key", str(safe / "backup-key.pem"))
    load.settled()
    assert given.items() <= numbers(city).items()
    for service, path in kept.items():
        assert "intact" in city.service(service, "verify", "--checkpoints", str(path)).stdout
