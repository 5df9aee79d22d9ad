"""Measures the rows of docs/performance.md. Called by deploy/stack/bench.sh with a scratch city that runs.

usage: bench.py [quick] [P5 P7 …]
"""
import importlib
import json
import os
import pathlib
import re
import sys
import time
import traceback

import measure
from city import City

# Row, title, module. In the order of what matters most to users.
ROWS = [
    ("P7", "video authorisation and tickets", "rows_video"),
    ("P5", "public records and lists over HTTP", "rows_public"),
    ("P6", "conditional GET of an unchanged record", "rows_public"),
    ("P11", "import of 6,500 canteens and 52,000 cameras", "rows_registry"),
    ("P8", "telemetry of 52,000 cameras", "rows_registry"),
    ("P12", "start and idle memory", "rows_registry"),
    ("P10", "ledger", "rows_journal"),
    ("P1", "command through the journal, in process", "rows_journal"),
    ("P14", "tokens", "rows_journal"),
]


def met(value, sign, bar):
    return None if sign is None else value >= bar if sign == ">=" else value <= bar


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def page(results, quick, wanted):
    lines = [
        "# Performance", "",
        f"Written by `deploy/local bench{' quick' if quick else ''}{''.join(' ' + row for row in wanted)}` on "
        f"{time.strftime('%F')}: {os.cpu_count()} cores, release build, Postgres with `fsync=on` and `synchronous_commit=on`,",
        f"medians of {measure.ROUNDS} rounds of {measure.SECONDS:g} s, subject and references in turn on the same machine. "
        "Figures are ratios: absolute ones hold for this",
        "machine in this hour only. All of them: `performance.json`. What is measured against what, and why: "
        "[Tests/Benchmarks](../Tests/Benchmarks/README.md).", ""]
    if quick:
        lines += ["**A quick run**: short rounds, good for a look, not for a verdict.", ""]
    lines += ["| row | what | measured | goal | |", "|---|---|---|---|---|"]
    for row in results:
        if "error" in row:
            lines.append(f"| {row['row']} | {row['title']} | not measured: {row['error']} | | |")
            continue
        for what, value, sign, bar in row["goals"]:
            verdict = met(value, sign, bar)
            goal = "" if sign is None else f"{'≥' if sign == '>=' else '≤'} {number(bar)}"
            lines.append(f"| {row['row']} | {what} | {number(value)} | {goal} | "
                         f"{'' if verdict is None else 'met' if verdict else '**missed**'} |")
    lines += ["", "| row | load before | load after | fdatasync a second (`pg_test_fsync`) | seconds |", "|---|---|---|---|---|"]
    for row in results:
        lines.append(f"| {row['row']} | {row['load_before']} | {row['load_after']} | {row['fdatasync_per_s'] or ''} | "
                     f"{row['seconds']:.0f} |")
    missing = [name for name in (f"P{n}" for n in range(1, 15)) if name not in {row["row"] for row in results}]
    if missing:
        lines += ["", f"Rows of the design's table that are not in this run: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"


def main():
    arguments = sys.argv[1:]
    quick = "quick" in arguments
    wanted = [one.upper() for one in arguments if one != "quick"]
    unknown = set(wanted) - {row[0] for row in ROWS}
    if unknown:
        sys.exit(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(row[0] for row in ROWS)}")
    city = City()
    results = []
    for name, title, module in ROWS:
        if wanted and name not in wanted:
            continue
        print(f"{time.strftime('%H:%M:%S')}  {name} {title}", flush=True)
        result = {"row": name, "title": title, "load_before": measure.load(),
                  "fdatasync_per_s": measure.fsync(city.scratch, city.postgres_bin)}
        began = time.monotonic()
        try:
            if name in ("P5", "P6", "P7"):
                city.load()
            result |= getattr(importlib.import_module(module), name.lower())(city)
        except Exception as error:  # noqa: BLE001 - one row that fails must not cost the others
            traceback.print_exc()
            result |= {"error": re.sub(r"\s+", " ", str(error))[:200]}
        result |= {"load_after": measure.load(), "seconds": time.monotonic() - began}
        results.append(result)
        for what, value, sign, bar in result.get("goals", []):
            verdict = met(value, sign, bar)
            print(f"          {what}: {number(value)}" + ("" if sign is None else f" (goal {sign} {number(bar)}, "
                  f"{'met' if verdict else 'MISSED'})"), flush=True)
    folder = pathlib.Path(os.environ["BENCH_OUTPUT"])
    (folder / "performance.json").write_text(json.dumps(
        {"written": time.strftime("%FT%TZ", time.gmtime()), "quick": quick, "cores": os.cpu_count(),
         "rounds": measure.ROUNDS, "seconds": measure.SECONDS, "rows": results}, ensure_ascii=False, indent=1) + "\n")
    (folder / "performance.md").write_text(page(results, quick, wanted))
    sys.exit(any("error" in row for row in results))


if __name__ == "__main__":
    main()
