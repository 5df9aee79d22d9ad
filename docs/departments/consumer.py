#!/usr/bin/env python3
"""Keeps a department's bulletins in SQLite, and gives the receipt for those addressed to one organ.

    pip install confluent-kafka
    export KAFKA_BOOTSTRAP=broker:9092 DEPARTMENT=education ORGAN=<organ id>
    export BASE=https://kitchen.example TOKEN=<token of an officer>      # only for receipts and answers
    ./consumer.py                          # runs until stopped
    ./consumer.py --once                   # up to the end of the topic, then stops
    ./consumer.py --answer NUMBER "text"   # answers a bulletin that was consumed

TLS and SASL: KAFKA_PROPERTIES names a file of librdkafka properties, one name=value a line. Nothing is lost and nothing counts twice:
the effect and the place in the topic are one SQLite transaction, and Kafka's offset is only a hint that is stored after it.
"""
import json
import os
import sqlite3
import sys
import urllib.error
import urllib.request

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError

PREFIX = "brightkitchen.notification.bulletin."


def open_store(path):
    store = sqlite3.connect(path, isolation_level=None)
    store.executescript("""
        CREATE TABLE IF NOT EXISTS stream (source TEXT, key TEXT, sequence INTEGER, PRIMARY KEY (source, key));
        CREATE TABLE IF NOT EXISTS bulletin (bulletin_id TEXT, organ_id TEXT, number TEXT, role TEXT, title TEXT, answer_by TEXT,
            state TEXT, body TEXT, PRIMARY KEY (bulletin_id, organ_id));
    """)
    return store


def take(store, headers, key, value):
    """One event: False when it was here before, None when an earlier one of its stream is missing (it is on its way again)."""
    kind, source, sequence = headers["ce_type"], headers["ce_source"], int(headers["ce_sequence"])
    row = store.execute("SELECT sequence FROM stream WHERE source = ? AND key = ?", (source, key)).fetchone()
    last = row[0] if row else 0
    if sequence <= last:
        return False
    if sequence > last + 1:
        return None
    data = json.loads(value)
    store.execute("BEGIN")
    store.execute("INSERT OR REPLACE INTO stream VALUES (?, ?, ?)", (source, key, sequence))
    if kind == PREFIX + "issued.v1":
        store.execute(
            "INSERT OR REPLACE INTO bulletin VALUES (?, ?, ?, ?, ?, ?, 'issued', ?)",
            (data["bulletin_id"], key, data["number"], data.get("role", "main"), data.get("title", ""),
             data.get("answer_by"), value))
    elif kind.startswith(PREFIX):
        state = kind.removeprefix(PREFIX).removesuffix(".v1")
        if state in ("receipted", "answered", "closed"):
            store.execute("UPDATE bulletin SET state = ? WHERE bulletin_id = ? AND organ_id = ?", (state, data["bulletin_id"], key))
        else:
            print(f"{data['number']}: {state}", flush=True)
    # A type that this program does not know stays in the topic: nothing to do, and not an error.
    store.execute("COMMIT")
    return True


def post(path, body, key):
    request = urllib.request.Request(
        os.environ["BASE"] + path, json.dumps(body).encode(), method="POST",
        headers={"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "application/json",
                 "Accept": "application/json", "Idempotency-Key": key})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        print(f"{path}: {error.code} {problem['code']}: {problem.get('detail', '')}", file=sys.stderr)
        return error.code


def receipt(store, organ):
    """The receipt for everything addressed to us that has none. A second one changes nothing."""
    for number, bulletin in store.execute(
            "SELECT number, bulletin_id FROM bulletin WHERE organ_id = ? AND role = 'main' AND state = 'issued'",
            (organ,)).fetchall():
        if post(f"/notification/bulletins/{bulletin}/receipt", {}, f"receipt-{bulletin}") == 204:
            store.execute("UPDATE bulletin SET state = 'receipted' WHERE bulletin_id = ? AND organ_id = ?", (bulletin, organ))
            print(f"{number}: receipt given", flush=True)


def settings():
    values = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"], "group.id": os.environ.get("GROUP", os.environ["DEPARTMENT"] + "-sample"),
              "enable.auto.commit": False, "auto.offset.reset": "earliest", "enable.partition.eof": True}
    if "KAFKA_PROPERTIES" in os.environ:
        with open(os.environ["KAFKA_PROPERTIES"], encoding="utf-8") as file:
            values.update(line.strip().split("=", 1) for line in file if "=" in line and not line.startswith("#"))
    return values


def consume(store, once):
    consumer = Consumer(settings())
    topic = f"brightkitchen.bulletins.{os.environ['DEPARTMENT']}.v1"

    def from_the_beginning(consumer, partitions):
        # Our own sequences know what was taken in; the whole topic is small and kept for ever.
        for partition in partitions:
            partition.offset = OFFSET_BEGINNING
        consumer.assign(partitions)

    consumer.subscribe([topic], on_assign=from_the_beginning)
    ended, waiting = set(), []
    try:
        while True:
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                if message.error().code() != KafkaError._PARTITION_EOF:
                    raise RuntimeError(message.error())
                ended.add(message.partition())
                if once and len(ended) == len(consumer.assignment()):
                    return not waiting
                continue
            headers = {name: value.decode() for name, value in message.headers()}
            waiting.append((headers, message.key().decode(), message.value().decode()))
            # An event that came early is tried again after every other.
            progress = True
            while progress:
                left = [event for event in waiting if take(store, *event) is None]
                progress, waiting = len(left) < len(waiting), left
            if "TOKEN" in os.environ and "ORGAN" in os.environ:
                receipt(store, os.environ["ORGAN"])
            consumer.commit(message=message, asynchronous=False)
    finally:
        consumer.close()


def main():
    store = open_store(os.environ.get("STORE", "bulletins.sqlite"))
    if sys.argv[1:2] == ["--answer"]:
        number, text = sys.argv[2:4]
        row = store.execute("SELECT bulletin_id FROM bulletin WHERE number = ?", (number,)).fetchone()
        if not row:
            sys.exit(f"no bulletin {number} was consumed")
        sys.exit(0 if post(f"/notification/bulletins/{row[0]}/answer", {"answer": text}, f"answer-{row[0]}") == 204 else 1)
    if not consume(store, once=sys.argv[1:2] == ["--once"]):
        sys.exit("an earlier event is missing; run again")
    for row in store.execute("SELECT number, state, title FROM bulletin ORDER BY number"):
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
