"""The broker's side of SASL/SCRAM (RFC 5802, RFC 7677) over Kafka's SaslHandshake and SaslAuthenticate, for kafka_proxy.py.

tansu has SCRAM itself, but its users are made over a connection that must be authenticated already, and its memory storage forgets
them: nobody can ever be let in. So the proxy asks for the password, and tansu stays behind it.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import struct

HASHES = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
ITERATIONS = 4096
SASL_HANDSHAKE, SASL_AUTHENTICATE = 17, 36
UNSUPPORTED_MECHANISM, AUTHENTICATION_FAILED = 33, 58


class Refused(Exception):
    """The client is not let in; the text goes to it."""


class Conversation:
    """One client's way from its first message to being known. `users` is a JSON file of names and passwords, read each time."""

    def __init__(self, users):
        self.users, self.hash, self.user, self.first = pathlib.Path(users), None, None, None

    def answer(self, key, version, correlation, body):
        """The answer's frame, and whether the client is known now; None for a request that has to wait for that."""
        if key == SASL_HANDSHAKE:
            (length,) = struct.unpack(">h", body[:2])
            mechanism = body[2 : 2 + length].decode()
            self.hash = HASHES.get(mechanism)
            error = 0 if self.hash else UNSUPPORTED_MECHANISM
            names = b"".join(struct.pack(">h", len(name)) + name.encode() for name in HASHES)
            return struct.pack(">ihi", correlation, error, len(HASHES)) + names, False
        if key != SASL_AUTHENTICATE or not self.hash:
            return None
        (length,) = struct.unpack(">i", body[:4])
        tail = struct.pack(">q", 0) if version == 1 else b""
        try:
            message, known = self.step(body[4 : 4 + length].decode())
            return struct.pack(">ihhi", correlation, 0, -1, len(message)) + message.encode() + tail, known
        except Refused as refusal:
            text = str(refusal).encode()
            head = struct.pack(">ihh", correlation, AUTHENTICATION_FAILED, len(text)) + text
            return head + struct.pack(">i", 0) + tail, False

    def step(self, message):
        fields = dict(part.split("=", 1) for part in message.split(",") if "=" in part)
        if self.first is None:
            bare = message.split(",", 2)[2]
            self.user = fields["n"].replace("=2C", ",").replace("=3D", "=")
            self.salt = os.urandom(16)
            self.nonce = fields["r"] + base64.b64encode(os.urandom(18)).decode()
            self.first = f"r={self.nonce},s={base64.b64encode(self.salt).decode()},i={ITERATIONS}"
            self.bare = bare
            return self.first, False
        password = json.loads(self.users.read_text()).get(self.user)
        # librdkafka before 2.2 puts its own nonce before the whole one once more; Apache Kafka 3.8.0 does not compare them either.
        if password is None or not fields.get("r", "").endswith(self.nonce):
            raise Refused("Authentication failed during authentication due to invalid credentials with SASL mechanism")
        salted = hashlib.pbkdf2_hmac(self.hash, password.encode(), self.salt, ITERATIONS)
        client = hmac.digest(salted, b"Client Key", self.hash)
        stored = hashlib.new(self.hash, client).digest()
        signed = f"{self.bare},{self.first},{message[: message.rindex(',p=')]}".encode()
        proof = bytes(a ^ b for a, b in zip(base64.b64decode(fields["p"]), hmac.digest(stored, signed, self.hash)))
        if not hmac.compare_digest(hashlib.new(self.hash, proof).digest(), stored):
            raise Refused("Authentication failed during authentication due to invalid credentials with SASL mechanism")
        signature = hmac.digest(hmac.digest(salted, b"Server Key", self.hash), signed, self.hash)
        return f"v={base64.b64encode(signature).decode()}", True
