# `deploy/local test restore`: a scratch city is backed up under load, destroyed, and put back by the documented command alone.

restore_test() { fault_suite "Tests/Restore" "$@"; }

# fault_suite FOLDER: pytest on a scratch city of its own; the build of this checkout, another state folder, other ports.
fault_suite() {
    local folder=$1 name
    name=$(basename "$folder" | tr '[:upper:]' '[:lower:]')
    make_state
    say "state folder: $STATE"
    install_runtime
    # shellcheck disable=SC2086
    install_packages $TEST_PACKAGES ${FAULT_PACKAGES:-}
    install_python
    build_products
    say "$folder on a scratch city"
    BRIGHT_KITCHEN_STATE=$STATE/$name-city BRIGHT_KITCHEN_BUILD=$BUILD BRIGHT_KITCHEN_SKIP_BUILD=1 BRIGHT_KITCHEN_PORT=$((PORT + 100)) \
        "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" "$folder" 2>&1 \
        | tee "$LOGS/$name-test.log"
}
