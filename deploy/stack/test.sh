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
    local log=$LOGS/swift-test.log failures=0
    BRIGHT_KITCHEN_BIN=$BIN swift test --skip-build --scratch-path "$BUILD" 2>&1 | tee "$log" | show_progress || failures=1
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
    for file in deploy/local deploy/stack/*.sh .ci/run; do bash -n "$file" || fail "$file does not parse"; done
    docker-compose -f deploy/compose.yaml config -q || fail "deploy/compose.yaml is not valid"
    swift format lint --strict --recursive Package.swift Shared Services Tests >"$LOGS/format.log" 2>&1 \
        || { head -n 20 "$LOGS/format.log" >&2; fail "swift format lint: see $LOGS/format.log"; }
}

# Swift Testing prints a line for every test; a person wants failures, suites and the end.
show_progress() { grep --line-buffered -E '✘|error:|Test run with|Fatal|crashed|Suite .* passed' || true; }

# The story in a real browser, on a stack of its own: own state, own ports.
run_browser_tests() {
    say "browser tests on a scratch city"
    local status=0
    BRIGHT_KITCHEN_STATE=$STATE/browser-city BRIGHT_KITCHEN_BUILD=$BUILD BRIGHT_KITCHEN_SKIP_BUILD=1 BRIGHT_KITCHEN_PORT=$((PORT + 100)) \
        "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" Tests/Story 2>&1 \
        | tee "$LOGS/browser-test.log" || status=1
    return $status
}

# The closing line that a machine reads: how many passed and failed in all.
report_totals() {
    local failures=$1 swift_passed swift_failed browser_passed browser_failed
    swift_passed=$(grep -cE '^✔ Test [^r]|^✔ Test run$' "$LOGS/swift-test.log" || true)
    swift_failed=$(grep -cE '^✘ Test [^r]' "$LOGS/swift-test.log" || true)
    browser_passed=$(grep -oE '[0-9]+ passed' "$LOGS/browser-test.log" | tail -n 1 | cut -d' ' -f1)
    browser_failed=$(grep -oE '[0-9]+ (failed|error)' "$LOGS/browser-test.log" | cut -d' ' -f1 | paste -sd+ - | sed 's/^$/0/')
    swift_failed=$((swift_failed + ${browser_failed:-0}))
    if [ "$failures" != 0 ] && [ "$swift_failed" = 0 ]; then swift_failed=1; fi
    echo "$((swift_passed + ${browser_passed:-0})) passed, $swift_failed failed"
    [ "$failures" = 0 ]
}
