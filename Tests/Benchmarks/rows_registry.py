"""P8, P11 and P12: the registry's import and telemetry, and the start of every service."""
import os
import pathlib
import re
import time

import psycopg

import roster
from city import PORTS
from measure import ROUNDS, interleaved

CANTEENS, CAMERAS = 6_500, 52_000
# Everything that the import writes; the same rows are what COPY writes.
TABLES = ("institution", "canteen", "licence", "camera", "journal_stream", "journal", "journal_pending")


def imported(city, name="imported"):
    """A fresh database with the whole city's roster, by the registry's own command. Answers how long that took."""
    url = city.fresh_database(name, "pristine")
    files = roster.write(CANTEENS, CAMERAS, city.scratch / "full-city")
    demo = pathlib.Path(__file__).resolve().parents[2] / "deploy/demo"
    changed = {"DATABASE_URL": city.settings("registry")["DATABASE_URL"].rsplit("/", 1)[0] + "/" + name}
    city.command("registry", "import", "--organs", demo / "organs.csv", "--stations", demo / "stations.csv",
                 accept=(0, 65), **changed)
    began = time.monotonic()
    city.command("registry", "import", "--roster", files[0], "--cameras", files[1], **changed)
    seconds = time.monotonic() - began
    found = {table: city.sql(f"SELECT count(*) FROM registry.{table}", database=name)[0][0] for table in ("canteen", "camera")}
    if found != {"canteen": CANTEENS, "camera": CAMERAS}:
        raise RuntimeError(f"the import wrote {found}")
    return {"seconds": seconds}, url


def p11(city):
    _, url = imported(city)
    with psycopg.connect(url) as connection:
        tables = [row[0] for row in connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'registry' "
            "AND relkind = 'r' AND relname = ANY(%s)", (list(TABLES),))]
        rows = {}
        for table in tables:
            with connection.cursor().copy(f"COPY (SELECT * FROM registry.{table}) TO STDOUT") as copy:
                rows[table] = b"".join(bytes(block) for block in copy)

    def copied():
        """The same rows with COPY into tables of the same shape: constraints and indexes, no events to decide."""
        with psycopg.connect(city.fresh_database("copied", "pristine")) as connection:
            began = time.monotonic()
            connection.execute("SET session_replication_role = replica")
            for table in (one for one in TABLES if one in rows):
                with connection.cursor().copy(f"COPY registry.{table} FROM STDIN") as copy:
                    for start in range(0, len(rows[table]), 1 << 16):
                        copy.write(rows[table][start:start + (1 << 16)])
            connection.commit()
            return {"seconds": time.monotonic() - began}

    found = interleaved({"subject": lambda: imported(city)[0], "copy": copied})
    size = sum(map(len, rows.values()))
    return {"figures": {**found, "rows_mb": {"value": size / 1e6}}, "goals": [
        ("import of 6,500 canteens and 52,000 cameras / COPY of the same rows and journal",
         found["subject"]["seconds"] / found["copy"]["seconds"], "<=", 2)]}


def p8(city):
    """52,000 registered cameras; reports decoded, compared, changes written, as the service does with what the topic brings."""
    if not city.sql("SELECT 1 FROM pg_database WHERE datname = 'imported'", database="postgres"):
        imported(city)
    url = city.settings("registry")["DATABASE_URL"].rsplit("/", 1)[0] + "/imported"
    polls = 20

    def measured():
        text = city.command("registry", "simulate-telemetry", "--in-process", "--polls", polls, DATABASE_URL=url)
        found = re.search(r"(\d+) statuses of (\d+) cameras in (\d+) ms: (\d+) a second; resident memory (\d+) → (\d+) KiB",
                          text)
        return {"statuses": int(found[1]), "per_s": int(found[4]), "grown_mib": (int(found[6]) - int(found[5])) / 1024,
                "resident_mib": int(found[6]) / 1024}

    found = interleaved({"subject": measured})["subject"]
    day = 52_000 * 1440 / found["per_s"] / 60
    return {"figures": {"subject": found}, "goals": [
        ("statuses a second", found["per_s"], ">=", 50_000),
        ("minutes for a day of 60 s polls (75 M)", day, "<=", 30),
        (f"MiB of memory grown over {polls} polls", found["grown_mib"], "<=", 64)]}


def p12(city):
    """From `serve` to ready with a migrated database, and what an idle service holds."""
    figures, goals = {}, []
    for service in PORTS:
        port = city.free_port()
        times, memory = [], []
        for _ in range(ROUNDS):
            process, seconds = city.start(service, HTTP_PORT=str(port))
            times.append(seconds)
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            memory.append(int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024)
            anonymous = int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) / 1024
            process.terminate()
            process.wait(20)
        middle = sorted(times)[len(times) // 2], sorted(memory)[len(memory) // 2]
        figures[service] = {"ready_s": middle[0], "resident_mib": middle[1], "anonymous_mib": anonymous}
        goals += [(f"{service}: seconds to ready", middle[0], "<=", 1), (f"{service}: idle memory in MiB", middle[1], "<=", 60)]
    figures["binaries"] = {service: os.path.getsize(city.bin / service) / 1e6 for service in PORTS}
    return {"figures": figures, "goals": goals}
