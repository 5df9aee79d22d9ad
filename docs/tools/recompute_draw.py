#!/usr/bin/env python3
"""Draw a published 双随机 draw again, without any code of this repository.

    recompute_draw.py OPENING.json

OPENING.json is the answer of GET /patrol/api/v1/draws/{draw}/opening of a published draw. Standard library only. Checks the
digests of the announcement and that every weight follows from its published factors, derives the seed, draws canteens and inspectors (algorithm bk-draw-1, docs/patrols.md) and
compares. Prints the picks and "reproduced", or says what differs.
"""
import base64
import hashlib
import json
import sys


def sha(text):
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def points(factor, formula):
    """What one factor of the risk score counts (risk-1; risk-2 adds access_overdue)."""
    name, _, value = factor.partition("=")
    if name == "camera_loss":
        lost, total = map(int, value.split("/"))
        return 40 * lost // total
    fixed = {"never_visited": 100, "licence_expiring_days": 15, "licence_expired": 40}
    if formula == "risk-2":
        fixed["access_overdue"] = 60
    if name in fixed:
        return fixed[name]
    each = {"open_problems": 20, "overdue_problems": 20}
    if name in each:
        return each[name] * int(value)
    if name == "days_since_visit":
        return min(int(value), 90)
    raise ValueError(f"formula {formula} has no factor {name}")


def check_weights(inputs):
    if inputs["risk_formula"] not in ("risk-1", "risk-2"):
        raise ValueError(f"unknown formula {inputs['risk_formula']}")
    for canteen in inputs["canteens"]:
        weight = max(1, sum(points(factor, inputs["risk_formula"]) for factor in canteen["factors"]))
        if weight != canteen["weight"]:
            raise ValueError(f"canteen {canteen['canteen_id']} has weight {canteen['weight']}, its factors give {weight}")


def draw(inputs, seed):
    rest = sorted(inputs["canteens"], key=lambda c: c["canteen_id"].encode())
    drawn = []
    by_ticket = sorted(rest, key=lambda c: sha(f"{seed}\nrandom\n{c['canteen_id']}"))
    for canteen in by_ticket[: inputs["random_count"]]:
        drawn.append((canteen, "random"))
        rest.remove(canteen)
    for turn in range(min(inputs["risk_count"], len(rest))):
        total = sum(c["weight"] for c in rest)
        ball = int(sha(f"{seed}\nrisk\n{turn}")[:16], 16) % total
        for canteen in rest:
            if ball < canteen["weight"]:
                drawn.append((canteen, "risk"))
                rest.remove(canteen)
                break
            ball -= canteen["weight"]
    picks = []
    for canteen, share in drawn:
        recused = {r["inspector_id"] for r in inputs["recusals"] if r["school_id"] == canteen["school_id"]}
        free = [i for i in inputs["inspectors"] if i not in recused]
        free.sort(key=lambda i: sha(f"{seed}\ninspector\n{canteen['canteen_id']}\n{i}"))
        picks.append(
            {
                "canteen_id": canteen["canteen_id"],
                "share": share,
                "inspector_ids": free[: inputs["inspectors_per_canteen"]],
            }
        )
    return picks


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        opening = json.load(file)
    inputs_bytes, result_bytes = base64.b64decode(opening["inputs"]), base64.b64decode(opening["result"])
    inputs, result = json.loads(inputs_bytes), json.loads(result_bytes)
    if sha(inputs_bytes) != opening["inputs_hash"] or sha(result_bytes) != opening["result_hash"]:
        raise ValueError("a document does not hash to what was announced")
    if sha(bytes.fromhex(opening["secret"])) != opening["seed_commitment"]:
        raise ValueError("the secret is not the one that was committed")
    seed = sha(
        "\n".join(
            ["bk-draw-1", inputs["draw_id"], opening["secret"], opening["checkpoint_root"], opening["inputs_hash"]]
        )
    )
    check_weights(inputs)
    picks = draw(inputs, seed)
    for pick in picks:
        print(pick["share"], pick["canteen_id"], *pick["inspector_ids"])
    if picks != result["picks"] or seed != result["seed"]:
        raise ValueError("the draw gives another result")
    print(f"reproduced: draw {inputs['draw_id']}, {len(picks)} canteens")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ValueError, KeyError) as error:
        print(f"NOT REPRODUCED: {error}")
        sys.exit(1)
