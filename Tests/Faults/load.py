"""Officers who write problems down as fast as they can, keep their idempotency key until they have an answer, and count."""
import itertools
import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid

from running_city import Api, eventually, superuser


class Load:
    """Eight at once, each at most twenty commands a second, for as long as the context lasts: inside it the faults happen,
    at its end every command that was begun has an answer."""

    login, pace = "shaping.officer2", 0.05

    def __init__(self, city, officers=8):
        self.city, self.officers = city, officers
        officer = Api(city, self.login)
        self.canteens = [c["canteen_id"] for c in officer("GET", "/patrol/api/v1/suggestions")["items"]]
        self.acknowledged, self.refusals, self.surprises, self.slowest = {}, [], [], 0.0
        self.numbers, self.lock, self.ended = itertools.count(), threading.Lock(), threading.Event()
        self.run = uuid.uuid4().hex[:8]

    def __enter__(self):
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(self.officers)]
        for thread in self.threads:
            thread.start()
        self.goes_on()
        return self

    def __exit__(self, kind, *_):
        self.ended.set()
        if kind is None:
            for thread in self.threads:
                thread.join(600)
            assert not any(thread.is_alive() for thread in self.threads), "a command has no answer"

    def goes_on(self):
        """Waits for twenty more answers; returns after how many seconds the first of them came."""
        had, began, first = len(self.acknowledged), time.monotonic(), None
        eventually(lambda: len(self.acknowledged) > had, "commands are answered", every=0.01)
        first = round(time.monotonic() - began, 2)
        eventually(lambda: len(self.acknowledged) > had + 20, "commands are answered", every=0.05)
        return first

    def work(self):
        while not self.ended.wait(self.pace):
            number = next(self.numbers)
            key = f"fault-{self.run}-{number}"
            problem = eventually(lambda: self.send(key, number), f"command {number}", seconds=300, every=0.05)
            with self.lock:
                self.acknowledged[key] = problem

    def token(self):
        with self.lock:
            return self.city.token(self.login)

    def send(self, key, number):
        body = {"origin": "complaint", "canteen_id": self.canteens[number % len(self.canteens)],
                "item_code": "Z1-01", "description": f"故障测试 {key}"}
        request = urllib.request.Request(
            self.city.gateway + "/patrol/api/v1/problems", json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json", "Idempotency-Key": key},
        )
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["problem_id"]
        except urllib.error.HTTPError as error:
            # An account's share of commands is limited; that is no fault.
            if error.code != 429:
                self.refusals.append(error.code)
                if error.code != 503:
                    self.surprises.append(error.read().decode())
            return None
        except OSError:
            self.refusals.append(0)
            return None
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)

    def settled(self):
        """Nothing lost, nothing doubled, nothing out of order: in the ledger, on the topic, and in the bureaus' bulletins."""
        wanted = set(self.acknowledged.values())
        assert len(wanted) == len(self.acknowledged), "two commands were given one problem"
        written = superuser(
            self.city, f"SELECT count(*) FROM patrol_ledger.problem WHERE description LIKE '%fault-{self.run}-%'")
        assert int(written) == len(wanted), "rows for commands"

        def bulletins():
            rows = superuser(self.city, "SELECT problem_id FROM notification.bulletin WHERE problem_id IS NOT NULL").split()
            mine = [row for row in rows if row in wanted]
            return mine if len(set(mine)) == len(wanted) else None

        found = eventually(bulletins, "a bulletin for every problem", seconds=180, every=1)
        assert len(found) == len(wanted), "a problem has two bulletins"
        return {"commands": len(wanted), "asked_again": len(self.refusals),
                "slowest_answer_s": round(self.slowest, 2), "repeated_on_the_topic": self.repeats()}

    def repeats(self):
        """At least once, in order: numbers of a stream first appear ascending and without a gap."""
        seen, repeats = {}, 0
        done = subprocess.run(
            ["kcat", "-b", self.city.bootstrap, "-C", "-e", "-q", "-t", "brightkitchen.patrol.v1", "-f", "%h\n"],
            capture_output=True, text=True, check=True, timeout=120)
        for line in done.stdout.splitlines():
            headers = dict(header.split("=", 1) for header in line.split(","))
            if headers["ce_type"] == "poison":
                continue
            key, number = headers["ce_partitionkey"], int(headers["ce_sequence"])
            # The embedded broker keeps 5 MB of a partition: of a long run only the end is there.
            last = seen.get(key, number - 1 if not os.environ.get("KAFKA_BOOTSTRAP") else 0)
            assert number <= last + 1, f"{key}: {number} follows {last}"
            repeats += number <= last
            seen[key] = max(last, number)
        return repeats
