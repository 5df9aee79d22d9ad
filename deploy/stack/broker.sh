# The embedded broker: librdkafka's mock cluster as a process. KAFKA_BOOTSTRAP names a real one instead.

start_broker() {
    if [ -n "${KAFKA_BOOTSTRAP:-}" ]; then
        say "using the Kafka at $KAFKA_BOOTSTRAP"
        BOOTSTRAP=$KAFKA_BOOTSTRAP
        return 0
    fi
    BOOTSTRAP=127.0.0.1:$BROKER_PORT
    local topics=() name partitions
    while read -r name partitions; do topics+=(--topic "$name:$partitions"); done < <(
        sed -n 's/.*name: \([a-z0-9.-]*\), partitions: \([0-9]*\).*/\1 \2/p' Shared/Contracts/Topics/topics.yaml)
    if ! is_running broker; then rm -f "$STATE/broker.address"; fi
    start broker "$BIN/EmbeddedBroker" --port "$BROKER_PORT" --port-file "$STATE/broker.address" "${topics[@]}"
    wait_for 20 "the embedded broker" test -s "$STATE/broker.address"
}
