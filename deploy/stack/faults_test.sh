# `deploy/local test faults`: a scratch city is broken on purpose; what was lost or doubled is counted, and docs/reliability.md written.

faults_test() {
    make_state
    say "state folder: $STATE"
    install_runtime
    # shellcheck disable=SC2086
    install_packages $TEST_PACKAGES
    install_python
    build_products
    say "breaking a scratch city (BRIGHT_KITCHEN_FAULT_ROUNDS=${BRIGHT_KITCHEN_FAULT_ROUNDS:-5})"
    BRIGHT_KITCHEN_STATE=$STATE/faults-city BRIGHT_KITCHEN_BUILD=$BUILD BRIGHT_KITCHEN_SKIP_BUILD=1 BRIGHT_KITCHEN_PORT=$((PORT + 100)) \
        "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" Tests/Faults 2>&1 \
        | tee "$LOGS/faults-test.log"
    write_reliability
}

write_reliability() {
    {
        echo "# Reliability"
        echo
        echo "Written by \`deploy/local test faults\` on $(date +%F), $(nproc) cores, debug build, ${BRIGHT_KITCHEN_FAULT_ROUNDS:-5} rounds, $(cut -d' ' -f1-3 /proc/loadavg) load at its end."
        echo "Under every fault officers report problems over HTTP and keep their idempotency key until they have an answer. Afterwards each"
        echo "command has exactly one problem and one bulletin, numbers have no gap, every stream on the topic is complete and in order, and all"
        echo "five journals verify; the test fails otherwise (Tests/Faults)."
        echo
        echo "| fault | measured |"
        echo "|---|---|"
        jq -r 'to_entries[] | "| \(.key) | \([.value | to_entries[] | "\(.key | gsub("_"; " ")) \(.value)"] | join(", ")) |"' "$STATE/reliability.json"
        echo
        echo "Not injected by this suite: rows 4, 6, 7, 9–11, 13, 20 and 22 of the design's list (5, 14, 15, 17–19: Swift tests and Tests/Story)."
    } >docs/reliability.md
    say "wrote docs/reliability.md"
}
