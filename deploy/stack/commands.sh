# The commands of deploy/local.

stack_up() {
    make_state
    say "state folder: $STATE"
    install_runtime
    build_products
    start_postgres
    create_database
    make_service_secrets
    start_broker
    say "migrating the five schemas"
    migrate_services
    say "starting the five services"
    start_services
    start_gateway
    start_cameras
    load_demo_city
    print_tour
}

# The first build takes minutes; its last line is shown every now and then.
build_products() {
    # The tests have built already, and hold SwiftPM's lock.
    if [ "${BRIGHT_KITCHEN_SKIP_BUILD:-}" = 1 ]; then return 0; fi
    say "building (the first time takes about five minutes on two cores; log: $LOGS/build.log)"
    swift build --scratch-path "$BUILD" "$@" >"$LOGS/build.log" 2>&1 &
    local builder=$! last=""
    while kill -0 "$builder" 2>/dev/null; do
        sleep 5
        last=$(tail -n 1 "$LOGS/build.log" | cut -c1-100)
        [ -z "$last" ] || say "  $last"
    done
    wait "$builder" || { grep -E 'error:' "$LOGS/build.log" | head -n 20 >&2; fail "the build failed; see $LOGS/build.log"; }
}

stack_down() {
    local name
    [ -d "$PIDS" ] || { say "nothing is running"; return 0; }
    # Against the order of start: the gateway first, Postgres last.
    for name in gateway $(running_names | grep '^camera-' || true) $SERVICES broker postgres; do
        if is_running "$name"; then say "stopping $name"; fi
        stop "$name" 15
    done
    say "stopped; the data stays in $STATE"
}

stack_status() {
    local name failed=0 health
    [ -d "$PIDS" ] || { say "nothing is running"; return 1; }
    printf '%-28s %-9s %s\n' process state health
    for name in postgres broker $SERVICES gateway $(running_names | grep '^camera-' || true); do
        health=-
        if ! is_running "$name"; then
            if [ "$name" = broker ] && [ -n "${KAFKA_BOOTSTRAP:-}" ]; then continue; fi
            printf '%-28s %-9s %s\n' "$name" stopped -
            failed=1
            continue
        fi
        case " $SERVICES " in
            *" $name "*)
                health=$(curl -sS -m 3 "http://127.0.0.1:$(service_port "$name")/health/ready" 2>&1 \
                    | jq -r 'if .ready then "ready" else "not ready: " + ([.checks | to_entries[] | select(.value.ok | not) | .key + ": " + .value.detail] | join("; ")) end' 2>/dev/null || echo unreachable)
                [ "$health" = ready ] || failed=1 ;;
        esac
        printf '%-28s %-9s %s\n' "$name" running "$health"
    done
    if [ -s "$STATE/sms-outbox.jsonl" ]; then
        say "text messages that were not sent, newest last ($STATE/sms-outbox.jsonl):"
        tail -n 3 "$STATE/sms-outbox.jsonl" | jq -r '"  \(.to)  \(.text)"'
    fi
    return $failed
}

stack_logs() {
    [ -d "$LOGS" ] || fail "no logs yet: start with deploy/local up"
    if [ $# -gt 0 ]; then
        [ -f "$LOGS/$1.log" ] || fail "no log of '$1'; there are: $(cd "$LOGS" && ls -- *.log | sed 's/\.log$//' | tr '\n' ' ')"
        exec tail -n 200 -F "$LOGS/$1.log"
    fi
    exec tail -n 20 -F "$LOGS"/*.log
}

stack_reset() {
    stack_down
    rm -rf "$STATE" "$REPO/Package.resolved"
    # The folder above is ours only where we chose it.
    if [ "$(dirname "$STATE")" = "$state_root" ]; then rmdir "$state_root" 2>/dev/null || true; fi
    say "removed $STATE"
    if [ -n "${KAFKA_BOOTSTRAP:-}" ]; then
        say "NOT removed: topics brightkitchen.* and the services' consumer groups at $KAFKA_BOOTSTRAP; delete them before the next up"
    fi
}

# One command of a service of the running stack: verify, import, dead-letters, ...
stack_service() {
    [ -d "$SECRETS" ] || fail "nothing is set up yet: start with deploy/local up"
    BOOTSTRAP=${KAFKA_BOOTSTRAP:-127.0.0.1:$BROKER_PORT}
    run_service "$@"
}
