"""P1, P2, P3, P10 and P14: what happens inside a service's process, by the executable `Benchmarks`."""
import re
import sys

from measure import HERE, SECONDS, compile_c, interleaved, last_json, run

REFERENCE = HERE / "reference"


def scratch_journal(city, name, *more):
    """A database with an empty journal, and the options that name it."""
    url = city.fresh_database(name)
    options = ["--database", url, *more]
    run(city.subject, "prepare", *options)
    # Unqualified names of the references.
    city.sql(f"ALTER DATABASE {name} SET search_path = bench", database="postgres")
    return url, options


def p1(city):
    url, options = scratch_journal(city, "bench_p1")
    figures, goals = {}, []
    for clients in (8, 32):
        found = interleaved({
            "subject": lambda: city.measured("journal", *options, "--clients", clients, "--seconds", SECONDS),
            "pgbench": lambda: city.pgbench(REFERENCE / "command.sql", "bench_p1", clients, SECONDS),
        })
        figures[f"{clients} clients"] = found
        goals.append((f"commands, {clients} at once / pgbench with the same SQL",
                      found["subject"]["per_s"] / found["pgbench"]["per_s"], ">=", 0.7))
    return {"figures": figures, "goals": goals}


def p10(city):
    url, options = scratch_journal(city, "bench_p10")
    city.sql((REFERENCE / "headlock_tables.sql").read_text(), database="bench_p10")
    append = interleaved({
        "subject": lambda: city.measured("journal", *options, "--log-only", "--clients", 32, "--seconds", SECONDS),
        "headlock": lambda: city.pgbench(REFERENCE / "headlock.sql", "bench_p10", 32, SECONDS),
    })
    ledger, entries = compile_c(city.scratch, "ledger", "libpq", "libcrypto"), 100_000
    url, options = scratch_journal(city, "bench_p10b", "--topic", "brightkitchen.bench.v1", "--bootstrap",
                                   f"127.0.0.1:{city.port + 2}")
    bulk = interleaved({
        "subject": lambda: city.measured("fill", *options, "--events", entries // 5),
        "c": lambda: last_json(run(ledger, "append", url, entries)),
    })
    # The first hundred thousand are sequenced by the relay, the verifier reads what is sequenced.
    city.measured("relay", *options)
    verify = interleaved({
        "subject": lambda: city.measured("verify", *options),
        "c": lambda: last_json(run(ledger, "verify", url)),
    })
    # Length: the rate of single appends on this journal against an empty one.
    city.measured("fill", *options, "--events", 900_000)
    short = scratch_journal(city, "bench_p10c")[1]
    length = interleaved({
        "long": lambda: city.measured("journal", *options, "--log-only", "--clients", 8, "--seconds", SECONDS),
        "short": lambda: city.measured("journal", *short, "--log-only", "--clients", 8, "--seconds", SECONDS),
    })
    return {"figures": {"append": append, "bulk": bulk, "verify": verify, "length": length}, "goals": [
        ("durable appends from 32 clients / head row locked for each", append["subject"]["per_s"] / append["headlock"]["per_s"],
         ">=", 5),
        ("bulk append / C with one chain and COPY", bulk["subject"]["per_s"] / bulk["c"]["per_s"], ">=", 0.6),
        ("verify / C", verify["subject"]["per_s"] / verify["c"]["per_s"], ">=", 0.75),
        ("append with 1 M entries / with few", length["long"]["per_s"] / length["short"]["per_s"], ">=", 0.9)]}


def p14(city):
    def openssl(name):
        text = run("openssl", "speed", "-seconds", str(max(1, int(SECONDS))), "ecdsap256")
        line = next(one for one in text.splitlines() if "nistp256" in one and "ecdsa" in one)
        numbers = re.findall(r"[\d.]+", line.split(")", 1)[1])
        return {"per_s": float(numbers[2 if name == "sign" else 3])}

    found = interleaved({
        "issue": lambda: city.measured("tokens", "--work", "issue"),
        "openssl_sign": lambda: openssl("sign"),
        "verify": lambda: city.measured("tokens", "--work", "verify"),
        "openssl_verify": lambda: openssl("verify"),
        "again": lambda: city.measured("tokens", "--work", "again", "--tokens", 1_000_000),
    })
    return {"figures": found, "goals": [
        ("ES256 issue / openssl speed", found["issue"]["per_s"] / found["openssl_sign"]["per_s"], ">=", 0.8),
        ("verification of a known token / openssl's verify rate", found["again"]["per_s"] / found["openssl_verify"]["per_s"],
         ">=", 0.8),
        ("first verification / openssl's verify rate", found["verify"]["per_s"] / found["openssl_verify"]["per_s"], None, None)]}
