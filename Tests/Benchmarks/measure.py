"""Pairs of measurements: subject and references in turn, medians, with the load and the disk of that moment."""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import time

ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 5)
SECONDS = float(os.environ.get("BENCH_SECONDS") or 2)
HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parents[1]


def load():
    return " ".join(pathlib.Path("/proc/loadavg").read_text().split()[:3])


def run(*command, **options):
    """Output of a command; its errors are the row's error."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False,
                          **{"timeout": 600, **options})
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def last_json(text):
    return json.loads(text.strip().splitlines()[-1])


def interleaved(measurements, rounds=None):
    """{name: callable} in turn, so that what the machine does meanwhile falls on all; each answers {figure: number}.
    Medians of every figure."""
    seen = {name: [] for name in measurements}
    for _ in range(rounds or ROUNDS):
        for name, measure in measurements.items():
            seen[name].append(measure())
    return {name: {figure: statistics.median(float(one[figure]) for one in all_ if figure in one) for figure in all_[0]}
            for name, all_ in seen.items()}


def wrk(url, connections=32, seconds=None, script=None, headers=(), expect=True, environment=None):
    """Requests a second and p99 of wrk on two threads. An answer that is an error is the row's error."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds or SECONDS}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", str(script)]
    text = run(*command, url, env={**os.environ, **(environment or {})})
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if bad and expect:
        raise RuntimeError(f"{url}: {bad.group(1)} answers are errors\n{text}")
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    unit = {"us": 0.001, "ms": 1, "s": 1000}
    return {"per_s": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
            "p99_ms": round(float(p99.group(1)) * unit[p99.group(2)], 3)}


def compile_c(folder, name, *packages):
    """A reference program, made once."""
    target, source = pathlib.Path(folder) / name, HERE / "reference" / f"{name}.c"
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        flags = run("pkg-config", "--cflags", "--libs", *packages).split() if packages else []
        run("cc", "-O2", "-Wall", "-Wextra", "-o", target, source, *flags)
    return target


def fsync(folder, binaries):
    """Operations a second of fdatasync on the disk that holds the data, as pg_test_fsync says."""
    file = pathlib.Path(folder) / "fsync-test"
    text = run(f"{binaries}/pg_test_fsync", "-s", "1", "-f", file)
    file.unlink(missing_ok=True)
    found = re.search(r"fdatasync\s+([\d.]+) ops/sec", text)
    return float(found.group(1)) if found else None


class Server:
    """A reference server for as long as the context lasts."""

    def __init__(self, *command, port, environment=None, folder=None):
        self.command, self.port, self.folder = [str(c) for c in command], port, folder
        self.environment = {**os.environ, **(environment or {})}

    def __enter__(self):
        log = open(pathlib.Path(self.folder) / f"reference-{self.port}.log", "ab")
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, env=self.environment, start_new_session=True)
        wait_until(lambda: listens(self.port), f"{self.command[0]} listens on {self.port}", 20)
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, 15)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait(10)


def listens(port):
    import socket

    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(check, what, seconds=60, every=0.05):
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = check()
        except OSError:
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(every)


def program(name):
    """Path of a program, /usr/sbin included."""
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
