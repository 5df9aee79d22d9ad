"""P7: the decision that nginx asks for with every playlist and segment, and tickets."""
import hashlib
import json
import os
import re
import secrets
import subprocess
import urllib.error
import urllib.request

import psycopg

from city import base64url, uuid7
from measure import REPO, SECONDS, Server, compile_c, interleaved, last_json, program, run, wait_until, wrk

VIEWERS = 2_000


def viewers(city):
    """Representatives with a grant that is open, signed in, each watching a camera: rows as parent access writes them."""
    cameras = city.sql("SELECT camera_id, canteen_id, school_id FROM parent_access.camera WHERE NOT is_anteroom "
                       "ORDER BY camera_id LIMIT %s", (VIEWERS,))
    consent = re.search(r'currentVersion = "([^"]+)"', (
        REPO / "Services/ParentAccess/ParentAccessService/Accounts/Consent.swift").read_text()).group(1)
    found = []
    windows = json.dumps([{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)])
    with psycopg.connect(city.database()) as connection, connection.cursor() as cursor:
        cursor.execute("SET search_path = parent_access")
        cursor.execute("DELETE FROM view_session WHERE viewer_kind = 'parent'")
        cursor.execute("UPDATE camera SET status = 'active' WHERE status <> 'active'")
        cursor.execute("UPDATE canteen SET operating = true WHERE NOT operating")
        for number, (camera, canteen, school) in enumerate(cameras):
            cookie, person, session = base64url(secrets.token_bytes(32)), uuid7(), uuid7()
            digest = hashlib.sha256(cookie.encode()).digest()
            cursor.execute(
                "INSERT INTO representative (representative_id, school_id, account_number, state, invited_at, activated_at, "
                "expires_at, consent_version) VALUES (%s, %s, %s, 'active', now(), now(), now() + interval '90 days', %s)",
                (person, school, f"B{session[-12:]}{number}", consent))
            cursor.execute(
                "INSERT INTO view_grant (grant_id, representative_id, school_id, camera_ids, windows, valid_from, valid_to, "
                "created_at, created_by) VALUES (%s, %s, %s, %s, %s, now() - interval '1 day', now() + interval '30 days', "
                "now(), 'bench')", (uuid7(), person, school, [camera], windows))
            cursor.execute("INSERT INTO login VALUES (%s, %s, now(), now())", (digest, person))
            cursor.execute(
                "INSERT INTO view_session (session_id, viewer, viewer_kind, login_hash, camera_id, canteen_id, school_id, "
                "started_at, expires_at, allowed_until, ends_by, last_seen_at) VALUES (%s, %s, 'parent', %s, %s, %s, %s, "
                "now(), now() + interval '10 minutes', now() + interval '10 minutes', 'window_end', now())",
                (session, f"representative:{person}", digest, camera, canteen, school))
            found.append((f"/video/live/{session}/{camera}/", cookie, camera))
    return found


def lua(city, name, entries):
    """A wrk script: one request after the other, of (method, path, headers, body)."""
    def table(headers):
        return "{" + ", ".join(f"[{json.dumps(key)}]={json.dumps(value)}" for key, value in headers.items()) + "}"

    script = city.scratch / f"{name}.lua"
    # wrk.format needs the thread's host: it may only be called in init. Threads begin at different places.
    script.write_text("local all, n\nfunction init()\nall = {\n" + ",\n".join(
        f"wrk.format({json.dumps(method)}, {json.dumps(path)}, {table(headers)}, {json.dumps(body) if body else 'nil'})"
        for method, path, headers, body in entries)
        + "}\nmath.randomseed(os.time() + tonumber(tostring(all):sub(8), 16) % 99991)\nn = math.random(#all)\nend\n"
        "function request() n = n % #all + 1; return all[n] end\n")
    return script


def gateway(city, name, port, upstream):
    """The product's own gateway configuration, with this authoriser."""
    folder = city.scratch / name
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "GATEWAY_LISTEN": f"127.0.0.1:{port}", "STATE_DIR": str(folder),
                   "VIDEO_LIVE_DIR": str(city.state / "video/live"), "PARENT_UPSTREAM": f"127.0.0.1:{upstream}"}
    for service in ("REGISTRY", "DISCLOSURE", "PATROL", "NOTIFICATION"):
        environment[f"{service}_UPSTREAM"] = "127.0.0.1:9"
    (folder / "nginx.conf").write_text(run(REPO / "deploy/gateway/render", env=environment))
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "www-data", folder], check=True)
    return [program("nginx"), "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"]


def yes(city, port, folder_name):
    """An authoriser that always says yes."""
    folder = city.scratch / "yes"
    folder.mkdir(exist_ok=True)
    (folder / "nginx.conf").write_text(
        f"worker_processes 2;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{ worker_connections 1024; }}\n"
        f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:{port}; location / {{ "
        f"add_header X-Video-Path {folder_name}; return 204; }} }} }}\n")
    return [program("nginx"), "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"]


def p7(city):
    watching = viewers(city)
    service = city.url("parent-access")
    decide = service + "/internal/video/authorize"
    first = watching[0]

    def allowed():
        request = urllib.request.Request(decide, headers={"X-Original-URI": watching[-1][0] + "index.m3u8",
                                                          "Cookie": f"bk_parent={watching[-1][1]}"})
        try:
            return urllib.request.urlopen(request, timeout=5).status == 204
        except urllib.error.HTTPError:
            return False

    wait_until(allowed, "the last viewer is known", 60, every=0.2)
    script = lua(city, "authorize", [("GET", "/internal/video/authorize", {
        "X-Original-URI": path + "index.m3u8", "Cookie": f"bk_parent={cookie}"}, None) for path, cookie, _ in watching])
    direct = interleaved({"subject": lambda: wrk(service, connections=64, script=script)})["subject"]

    # Two thousand viewers, each a playlist or a segment every two seconds.
    requests = city.scratch / "viewers.txt"
    requests.write_text("".join(
        f"GET /internal/video/authorize HTTP/1.1\nHost: parent-access\nX-Original-URI: {path}index.m3u8\n"
        f"Cookie: bk_parent={cookie}\n\n--\n" for path, cookie, _ in watching))
    pace = compile_c(city.scratch, "pace")
    port = service.rsplit(":", 1)[1]
    paced = interleaved({"viewers": lambda: last_json(run(pace, port, requests, 2000, max(3, SECONDS), 204))}, 3)["viewers"]

    # The whole way of a playlist, through the gateway, against an authoriser that always says yes.
    folder = city.sql("SELECT gb_id FROM parent_access.camera WHERE camera_id = %s", (first[2],))[0][0]
    folders = [row[0] for row in city.sql("SELECT gb_id FROM parent_access.camera")]
    for one in folders:
        place = city.state / "video/live" / one
        if not place.exists():
            place.mkdir(parents=True)
            place.chmod(0o755)
            (place / "index.m3u8").write_text("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n" + "".join(
                f"#EXTINF:2.0,\nseg-{n}.ts\n" for n in range(6)))
    subject_port, reference_port, yes_port = city.free_port(), city.free_port(), city.free_port()
    way = lua(city, "gateway", [("GET", path + "index.m3u8", {"Cookie": f"bk_parent={cookie}"}, None)
                                for path, cookie, _ in watching])
    with (Server(*yes(city, yes_port, folder), port=yes_port, folder=city.scratch),
          Server(*gateway(city, "gateway-subject", subject_port, port), port=subject_port, folder=city.scratch),
          Server(*gateway(city, "gateway-reference", reference_port, yes_port), port=reference_port, folder=city.scratch)):
        through = interleaved({
            "subject": lambda: wrk(f"http://127.0.0.1:{subject_port}", connections=64, script=way),
            "nginx": lambda: wrk(f"http://127.0.0.1:{reference_port}", connections=64, script=way),
        })

    # Tickets: representatives ask, each is written to the journal. A browser's own request: cookie and CSRF token.
    csrf = "A" * 43
    tickets = lua(city, "tickets", [("POST", "/video/tickets", {
        "Cookie": f"bk_parent={cookie}; bk_csrf={csrf}", "X-CSRF-Token": csrf, "Content-Type": "application/json",
        "Origin": f"http://127.0.0.1:{city.port}"}, json.dumps({"camera_id": camera}))
        for _, cookie, camera in watching])
    issued = interleaved({"tickets": lambda: wrk(service, connections=64, script=tickets)})["tickets"]
    return {"figures": {"direct": direct, "viewers": paced, "through_nginx": through, "tickets": issued}, "goals": [
        ("decisions a second, through the service's port", direct["per_s"], ">=", 20_000),
        ("p99 in ms with 2,000 viewers", paced["p99_ms"], "<=", 5),
        ("through nginx / nginx with a 204 authoriser", through["subject"]["per_s"] / through["nginx"]["per_s"], ">=", 0.5),
        ("tickets a second, journalled", issued["per_s"], ">=", 7_000),
        ("answers to viewers that were no permission", paced["wrong"], "<=", 0),
    ]}
