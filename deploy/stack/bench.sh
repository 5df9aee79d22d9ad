# `deploy/local bench`: what docs/performance.md reports. Release build, a city of its own, subject and reference in turn.
#
# First rows of the design's table: P5 (record over HTTP), P6 (304), P12 (start, memory). The others have no measurement yet, and
# docs/performance.md says so.

BENCH_PACKAGES="wrk"
BENCH_ROUNDS=5
BENCH_SECONDS=5

stack_bench() {
    STATE=$STATE/bench BUILD=${BRIGHT_KITCHEN_BUILD:-$STATE/build} PORT=$((PORT + 200))
    export BRIGHT_KITCHEN_STATE=$STATE BRIGHT_KITCHEN_PORT=$PORT
    # shellcheck source=/dev/null
    . deploy/stack/settings.sh
    BIN=$BUILD/release
    make_state
    install_runtime
    # shellcheck disable=SC2086
    install_packages $BENCH_PACKAGES
    build_products -c release
    trap 'stop bench-reference; stack_down' EXIT
    start_postgres
    create_database
    make_service_secrets
    start_broker
    migrate_services
    start_services
    start_gateway
    run_service registry import --organs $DEMO/organs.csv --stations $DEMO/stations.csv \
        --roster $DEMO/roster-corrected.csv --cameras $DEMO/cameras-corrected.csv >"$LOGS/import.log" 2>&1 || [ $? = 65 ]
    local base list id path
    base=http://127.0.0.1:$(service_port disclosure)
    wait_for 60 "the public pages" sh -c "curl -fsS '$base/disclosure/v1/canteens' | jq -e '.total >= 40'"
    list=$(curl -fsS "$base/disclosure/v1/canteens")
    id=$(jq -r '.items[0].canteen_id' <<<"$list")
    path=/disclosure/v1/canteens/$id
    start_reference "$base$path"
    {
        bench_start
        bench_pair "P5 record by id, 32 connections" "$base$path" "http://127.0.0.1:$((PORT + 50))/record.json"
        bench_pair "P5 list of 20" "$base/disclosure/v1/canteens?limit=20" "http://127.0.0.1:$((PORT + 50))/record.json"
        BENCH_HEADER="If-None-Match: $(curl -fsSI "$base$path" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')"
        bench_pair "P6 conditional GET (304)" "$base$path" "http://127.0.0.1:$((PORT + 50))/record.json"
    } | tee "$STATE/bench.jsonl"
    write_performance
}

# nginx serving the same bytes from a file: the limit.
start_reference() {
    local root=$STATE/reference
    mkdir -p "$root"
    curl -fsS "$1" >"$root/record.json"
    printf 'worker_processes 2;\npid %s/nginx.pid;\nerror_log %s/error.log;\nevents { worker_connections 1024; }\nhttp {\n access_log off;\n server { listen 127.0.0.1:%s; root %s; }\n}\n' \
        "$root" "$root" "$((PORT + 50))" "$root" >"$root/nginx.conf"
    chmod -R a+rX "$root"
    start bench-reference nginx -p "$root" -c "$root/nginx.conf" -g 'daemon off;'
    wait_for 10 "the reference server" curl -fsS -o /dev/null "http://127.0.0.1:$((PORT + 50))/record.json"
}

# Requests a second of one run.
rate() { wrk -t2 -c32 -d${BENCH_SECONDS}s ${BENCH_HEADER:+-H "$BENCH_HEADER"} "$1" | sed -n 's/^Requests\/sec: *//p'; }

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# bench_pair NAME SUBJECT REFERENCE: both in turn, medians of BENCH_ROUNDS pairs.
bench_pair() {
    local name=$1 round subject=() reference=()
    for ((round = 0; round < BENCH_ROUNDS; round++)); do
        subject+=("$(rate "$2")")
        reference+=("$(BENCH_HEADER='' rate "$3")")
    done
    jq -nc --arg name "$name" --argjson subject "$(printf '%s\n' "${subject[@]}" | median)" \
        --argjson reference "$(printf '%s\n' "${reference[@]}" | median)" --arg load "$(cut -d' ' -f1-3 /proc/loadavg)" \
        '{name: $name, subject_per_s: $subject, reference_per_s: $reference, ratio: ($subject / $reference * 1000 | round / 1000), load: $load}'
}

# P12: from `serve` to ready, and resident memory when idle.
bench_start() {
    local service started ready rss
    for service in $SERVICES; do
        stop "$service"
        started=$(date +%s%N)
        start_service "$service"
        until curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$(service_port "$service")/health/ready" 2>/dev/null; do sleep 0.02; done
        ready=$((($(date +%s%N) - started) / 1000000))
        rss=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$(cut -d' ' -f1 "$PIDS/$service")/status")
        jq -nc --arg name "P12 $service" --argjson ms "$ready" --argjson rss "$rss" '{name: $name, ready_ms: $ms, rss_mib: $rss}'
    done
}

write_performance() {
    {
        echo "# Performance"
        echo
        echo "Written by \`deploy/local bench\` on $(date +%F), $(nproc) cores; release build, Postgres with fsync, medians of $BENCH_ROUNDS pairs of"
        echo "$BENCH_SECONDS s, subject and reference (nginx, the same bytes from a file) in turn. Raw figures: \`performance.json\`."
        echo
        echo "| row | subject /s | reference /s | ratio | load |"
        echo "|---|---|---|---|---|"
        jq -r 'select(.ratio) | "| \(.name) | \(.subject_per_s) | \(.reference_per_s) | \(.ratio) | \(.load) |"' "$STATE/bench.jsonl"
        echo
        echo "| start | ready after ms | resident MiB |"
        echo "|---|---|---|"
        jq -r 'select(.ready_ms) | "| \(.name) | \(.ready_ms) | \(.rss_mib) |"' "$STATE/bench.jsonl"
        echo
        echo "Not measured yet: P1–P4, P7–P11, P13, P14 of the design's table."
    } >docs/performance.md
    jq -s . "$STATE/bench.jsonl" >docs/performance.json
    say "wrote docs/performance.md and docs/performance.json"
}
