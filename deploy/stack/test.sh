# `deploy/local test`: everything that must hold, from unit tests to a browser on a running city.

stack_test() {
    make_state
    say "state folder: $STATE"
    install_runtime
    # shellcheck disable=SC2086
    install_packages $TEST_PACKAGES
    install_python
    check_scripts
    build_products --build-tests
    say "swift test"
    local log=$LOGS/swift-test.log failures=0 width=()
    # Hundreds of tests that begin at once would all wait for two cores until their time is over.
    if swift test --help-hidden 2>/dev/null | grep -- --experimental-maximum-parallelization-width >/dev/null; then
        width=(--experimental-maximum-parallelization-width 8)
    fi
    BRIGHT_KITCHEN_BIN=$BIN TEST_PYTHON=$STATE/venv/bin/python swift test --skip-build --scratch-path "$BUILD" "${width[@]}" 2>&1 | tee "$log" | show_progress || failures=1
    run_peer_tests || failures=1
    run_browser_tests || failures=1
    report_totals "$failures"
}

# Python packages of the tests, in the state folder.
install_python() {
    local venv=$STATE/venv wanted=$REPO/Tests/Story/requirements.txt
    if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/requirements.txt"; then return 0; fi
    say "installing the Python packages of the tests"
    python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r "$wanted" >"$LOGS/pip.log" 2>&1 \
        || { tail -n 5 "$LOGS/pip.log" >&2; fail "pip could not install Tests/Story/requirements.txt"; }
    cp "$wanted" "$venv/requirements.txt"
}

# What can be checked without building: shell syntax, formatting, the compose file.
check_scripts() {
    local file
    for file in deploy/local deploy/prepare deploy/backup deploy/restore deploy/standby deploy/postgres/node deploy/gateway/render deploy/gateway/run deploy/stack/*.sh .ci/run; do bash -n "$file" || fail "$file does not parse"; done
    sha256sum -c --quiet deploy/released-migrations.txt || fail "a migration that cities have run was changed: add a new one instead"
    for file in development cluster standby test secure 'cluster secure secure-cluster' 'development secure'; do
        # shellcheck disable=SC2086
        PUBLIC_BASE_URL=https://kitchen.example LOG_ORIGIN=kitchen.example KAFKA_CLUSTER_ID=x TEST_TOPICS=x TEST_CAMERAS=x SERVICE_SETTINGS=services.env.example \
            docker-compose -f deploy/compose.yaml $(printf -- '-f deploy/compose.%s.yaml ' $file) config -q || fail "compose.yaml is not valid with the overlays: $file"
    done
    swift format lint --strict --recursive Package.swift Shared Services Tests >"$LOGS/format.log" 2>&1 \
        || { head -n 20 "$LOGS/format.log" >&2; fail "swift format lint: see $LOGS/format.log"; }
}

# Swift Testing prints a line for every test; a person wants failures, suites and the end.
show_progress() { grep --line-buffered -E '✘|error:|Test run with|Fatal|crashed|Suite .* passed' || true; }

# Our rules against independent implementations of the same rules.
run_peer_tests() {
    say "comparing with independent implementations"
    local status=0
    BRIGHT_KITCHEN_BIN=$BIN "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" Tests/Peers 2>&1 \
        | tee "$LOGS/peer-test.log" || status=1
    return $status
}

# The story in a real browser, on a stack of its own: own state, own ports.
run_browser_tests() {
    say "browser tests on a scratch city"
    local status=0
    BRIGHT_KITCHEN_STATE=$STATE/browser-city BRIGHT_KITCHEN_BUILD=$BUILD BRIGHT_KITCHEN_SKIP_BUILD=1 BRIGHT_KITCHEN_PORT=$((PORT + 100)) \
        "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" Tests/Story 2>&1 \
        | tee "$LOGS/browser-test.log" || status=1
    return $status
}

# report_totals FAILURES: the closing line that a machine reads, how many passed and failed in all.
report_totals() {
    local failures=$1 swift_all swift_failed story_passed story_failed failed log
    swift_all=$(counted 'Test run with [0-9]+ tests' "$LOGS/swift-test.log")
    swift_failed=$(grep -E '^✘ Test .* failed after' "$LOGS/swift-test.log" | grep -vcE '^✘ Test run with' || true)
    story_passed=0 story_failed=0
    for log in "$LOGS/peer-test.log" "$LOGS/browser-test.log"; do
        story_passed=$((story_passed + $(counted '[0-9]+ passed' "$log")))
        story_failed=$((story_failed + $(counted '[0-9]+ failed' "$log") + $(counted '[0-9]+ error' "$log")))
    done
    failed=$((swift_failed + story_failed))
    # A run that broke off counts as a failure, whatever it printed.
    if [ "$failures" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
    echo "$((swift_all > swift_failed ? swift_all - swift_failed + story_passed : story_passed)) passed, $failed failed"
    [ "$failures" = 0 ]
}

# counted PATTERN FILE: the number in the last match, 0 where there is none.
counted() { { grep -oE "$1" "$2" || true; } | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
