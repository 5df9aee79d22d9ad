#!/usr/bin/env python3
"""Check a ledger entry's proof without any code of this repository.

    verify_ledger.py PROOF.json VKEY [ENTRY.json]

PROOF.json is the answer of GET /patrol/api/v1/ledger/{number}/proof, ENTRY.json that of GET
/patrol/api/v1/ledger/{number}, VKEY what `patrol-ledger checkpoint --key` prints. Standard library only; Ed25519 as in
RFC 8032 §5.1, inclusion proofs as in RFC 9162 §2.1.3.2. Prints "intact" and ends with 0, or says what does not hold.
"""
import base64
import hashlib
import json
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        raise ValueError("no point of the curve")
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign)
    return x, y, 1, x * y % P


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, q):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, q)
        q, n = add(q, q), n >> 1
    return out


GY = 4 * pow(5, P - 2, P) % P
G = (recover_x(GY, 0), GY, 1, recover_x(GY, 0) * GY % P)


def ed25519(public, message, signature):
    if len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    a, b = times(s, G), add(point(signature[:32]), times(h, point(public)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def signed(note, vkey):
    """The text of a signed note, checked with the key."""
    name, _, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    text, lines = note[: note.rindex("\n\n") + 1], note[note.rindex("\n\n") + 2 :].splitlines()
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    for line in lines:
        dash, who, signature = line.split(" ")
        data = base64.b64decode(signature)
        if dash == "\u2014" and who == name and data[:4] == key_id and ed25519(key[1:], text.encode(), data[4:]):
            return text
    raise ValueError("no valid signature by " + name)


def included(leaf, index, size, proof, root):
    fn, sn, r = index, size - 1, hashlib.sha256(b"\x00" + leaf).digest()
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while fn & 1 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        proof = json.load(file)
    origin, size, root = signed(proof["checkpoint"], arguments[1]).split("\n")[:3]
    leaf = base64.b64decode(proof["leaf"])
    path = [bytes.fromhex(h) for h in proof["proof"]]
    if not included(leaf, proof["leaf_index"], int(size), path, base64.b64decode(root)):
        raise ValueError("the proof does not lead to the signed root")
    data = json.loads(leaf[leaf.index(b"\ndata ") :].split(b"\n", 2)[2])
    if data["ledger_number"] != proof["ledger_number"] or data["content_hash"] != proof["content_hash"]:
        raise ValueError("the leaf is about another ledger entry")
    if len(arguments) == 3:
        with open(arguments[2], "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != data["content_hash"]:
                raise ValueError("the entry does not hash to what the leaf says")
    print(f"intact: {proof['ledger_number']} is entry {proof['leaf_index']} of {size} in {origin}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ValueError, KeyError) as error:
        print(f"NOT INTACT: {error}")
        sys.exit(1)
