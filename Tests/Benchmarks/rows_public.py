"""P5 and P6: what the public reads."""
import json
import sys

from measure import HERE, Server, compile_c, interleaved, program, wrk


def documents(city):
    """The same bytes for the references: records by id and rows of a list, in a database of their own."""
    base = city.url("disclosure") + "/disclosure/v1/canteens"
    listed = city.get_json(base + "?limit=100")["items"]
    url = city.fresh_database("documents")
    city.sql("CREATE TABLE bench_doc (id text PRIMARY KEY, body text NOT NULL)", database="documents")
    city.sql("CREATE TABLE bench_row (place int PRIMARY KEY, id text, name text, grade text, open_problems int, body text)",
             database="documents")
    for place, item in enumerate(listed):
        body = city.get(f"{base}/{item['canteen_id']}")[0].decode()
        city.sql("INSERT INTO bench_doc VALUES (%s, %s)", (item["canteen_id"], body), "documents")
        city.sql("INSERT INTO bench_row VALUES (%s, %s, %s, %s, %s, %s)",
                 (place, item["canteen_id"], item["name"], item.get("grade"), item["open_problems"],
                  json.dumps(item, ensure_ascii=False)), "documents")
    city.sql("ANALYZE", database="documents")
    return base, [item["canteen_id"] for item in listed], url


def paths(city, name, prefix, ids):
    """A wrk script that asks for one record after the other."""
    script = city.scratch / f"{name}.lua"
    script.write_text(
        "local ids = {" + ",".join(f'"{one}"' for one in ids) + "}\nlocal n = 0\n"
        f"function request() n = n % #ids + 1; return wrk.format('GET', '{prefix}' .. ids[n]) end\n")
    return script


def p5(city):
    base, ids, url = documents(city)
    c_port, python_port = city.free_port(), city.free_port()
    with (Server(compile_c(city.scratch, "read", "libpq"), c_port, url, port=c_port, folder=city.scratch),
          Server(sys.executable, "-m", "uvicorn", "read_fastapi:app", "--workers", 2, "--port", python_port, "--log-level",
                 "warning", "--no-access-log", "--app-dir", HERE / "reference", port=python_port, folder=city.scratch,
                 environment={"BENCH_DOCUMENTS": url})):
        subject, plain = paths(city, "canteens", "/disclosure/v1/canteens/", ids), paths(city, "records", "/record/", ids)
        token = city.token("city_regulator", organ_id="bench", organ_level="city", department="market_supervision",
                           division_code="440700")
        record = interleaved({
            "subject": lambda: wrk(city.url("disclosure"), script=subject),
            "signed_in": lambda: wrk(city.url("disclosure"), script=subject, headers=[f"Authorization: Bearer {token}"]),
            "c": lambda: wrk(f"http://127.0.0.1:{c_port}", script=plain),
            "python": lambda: wrk(f"http://127.0.0.1:{python_port}", script=plain),
        })
        listed = interleaved({
            "subject": lambda: wrk(base + "?limit=20"),
            "c": lambda: wrk(f"http://127.0.0.1:{c_port}/list"),
            "python": lambda: wrk(f"http://127.0.0.1:{python_port}/list"),
        })
    def ratio(of, to):
        return of["per_s"] / to["per_s"]

    return {"figures": {"record": record, "list": listed}, "goals": [
        ("record by id / FastAPI", ratio(record["subject"], record["python"]), ">=", 5),
        ("record by id / C + libpq", ratio(record["subject"], record["c"]), ">=", 0.85),
        ("record by id, signed in / FastAPI", ratio(record["signed_in"], record["python"]), ">=", 5),
        ("record p99 / C", record["subject"]["p99_ms"] / record["c"]["p99_ms"], "<=", 2.5),
        ("list of 20 / FastAPI", ratio(listed["subject"], listed["python"]), ">=", 4),
        ("list of 20 / C + libpq", ratio(listed["subject"], listed["c"]), None, None),
    ]}


def p6(city):
    """304 of a record that did not change, against nginx's 304 of a file."""
    base = city.url("disclosure") + "/disclosure/v1/canteens"
    path = f"{base}/{city.get_json(base)['items'][0]['canteen_id']}"
    body, headers = city.get(path)
    root, port = city.scratch / "nginx-static", city.free_port()
    root.mkdir(exist_ok=True)
    root.chmod(0o755)
    (root / "record.json").write_bytes(body)
    (root / "nginx.conf").write_text(
        f"worker_processes 2;\npid {root}/nginx.pid;\nerror_log {root}/error.log;\nevents {{ worker_connections 1024; }}\n"
        f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n")
    with Server(program("nginx"), "-p", root, "-c", root / "nginx.conf", "-g", "daemon off;", port=port, folder=city.scratch):
        file = f"http://127.0.0.1:{port}/record.json"
        tag = city.get(file)[1]["ETag"]
        found = interleaved({
            "subject": lambda: wrk(path, headers=[f"If-None-Match: {headers['ETag']}"]),
            "nginx": lambda: wrk(file, headers=[f"If-None-Match: {tag}"]),
        })
    return {"figures": found, "goals": [
        ("304 / nginx static 304", found["subject"]["per_s"] / found["nginx"]["per_s"], ">=", 0.5)]}
