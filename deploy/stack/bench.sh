# `deploy/local bench [quick] [ROW…]`: what docs/performance.md reports. Release build, a scratch city of its own; the measuring itself is
# Tests/Benchmarks. A run of all rows writes docs/performance.md and .json, another one writes them into the state folder.
#
#   BENCH_ROUNDS, BENCH_SECONDS   pairs and seconds of each measurement (5 and 2; quick: 1 and 1)
#   BRIGHT_KITCHEN_SKIP_BUILD=1   measure the binaries in BRIGHT_KITCHEN_BUILD/release as they are;
#   BENCH_SUBJECT                 the executable `Benchmarks`, when it is not beside them

BENCH_PACKAGES="wrk gcc libc6-dev libssl-dev python3 python3-venv"

stack_bench() {
    local quick='' word
    for word in "$@"; do if [ "$word" = quick ]; then quick=1; fi; done
    STATE=$STATE/bench BUILD=${BRIGHT_KITCHEN_BUILD:-$STATE/build} PORT=$((PORT + 200))
    export BRIGHT_KITCHEN_STATE=$STATE BRIGHT_KITCHEN_PORT=$PORT BRIGHT_KITCHEN_BUILD=$BUILD
    # shellcheck source=/dev/null
    . deploy/stack/settings.sh
    BIN=$BUILD/release
    make_state
    install_runtime
    # shellcheck disable=SC2086
    install_packages $BENCH_PACKAGES
    bench_python
    build_products -c release
    trap 'bench_down' EXIT
    start_postgres
    create_database
    make_service_secrets
    start_broker
    migrate_services
    bench_database
    start_services
    bench_settings
    BENCH_STATE=$STATE BENCH_PORT=$PORT BENCH_BIN=$BIN BENCH_SUBJECT=${BENCH_SUBJECT:-$BIN/Benchmarks} \
        BENCH_POSTGRES_BIN=$(postgres_bin) BENCH_OUTPUT=$(if [ $# = 0 ]; then echo "$REPO/docs"; else echo "$STATE"; fi) \
        BENCH_ROUNDS=${BENCH_ROUNDS:-${quick:+1}} BENCH_SECONDS=${BENCH_SECONDS:-${quick:+1}} \
        "$STATE/venv/bin/python" Tests/Benchmarks/bench.py "$@" || fail "a row could not be measured; see above and $LOGS"
    say "wrote performance.md and performance.json in $(if [ $# = 0 ]; then echo docs; else echo "$STATE"; fi)"
}

bench_down() {
    stack_down
    # Databases of millions of rows: each run makes its own.
    rm -rf "$STATE/postgres" "$STATE/bench-loaded" "$STATE/bench"
}

bench_python() {
    local venv=$STATE/venv wanted=$REPO/Tests/Benchmarks/requirements.txt
    if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/requirements.txt"; then return 0; fi
    say "installing the Python packages of the references"
    python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r "$wanted" >"$LOGS/pip.log" 2>&1 \
        || { tail -n 5 "$LOGS/pip.log" >&2; fail "pip could not install Tests/Benchmarks/requirements.txt"; }
    cp "$wanted" "$venv/requirements.txt"
}

# The references' own role, and a copy of the migrated database that nobody is connected to.
bench_database() {
    local password
    password=$(secret bench-database random_password)
    superuser_psql -d postgres -v password="$password" >"$LOGS/bench-database.log" 2>&1 <<'SQL' || { tail -n 5 "$LOGS/bench-database.log" >&2; fail "could not prepare the databases"; }
DROP DATABASE IF EXISTS pristine;
CREATE DATABASE pristine TEMPLATE brightkitchen;
DROP ROLE IF EXISTS bench;
CREATE ROLE bench SUPERUSER LOGIN PASSWORD :'password';
SQL
    export BENCH_DATABASE_URL=postgresql://bench:$password@127.0.0.1:$POSTGRES_PORT/brightkitchen
}

# Every service's settings, for measurements that start one themselves.
bench_settings() {
    local service SETTINGS
    mkdir -p "$STATE/bench-env"
    for service in $SERVICES; do
        service_settings "$service"
        (umask 077 && printf '%s\0' "${SETTINGS[@]}" >"$STATE/bench-env/$service")
    done
}
