# The nginx gateway, from the same template as in the compose deployment.

start_gateway() {
    local directory=$STATE/gateway
    mkdir -p "$directory"
    env GATEWAY_LISTEN="127.0.0.1:$PORT" STATE_DIR="$directory" VIDEO_LIVE_DIR="$LIVE" \
        REGISTRY_UPSTREAM="127.0.0.1:$(service_port registry)" \
        DISCLOSURE_UPSTREAM="127.0.0.1:$(service_port disclosure)" \
        PATROL_UPSTREAM="127.0.0.1:$(service_port patrol-ledger)" \
        NOTIFICATION_UPSTREAM="127.0.0.1:$(service_port notification)" \
        PARENT_UPSTREAM="127.0.0.1:$(service_port parent-access)" \
        deploy/gateway/render >"$directory/nginx.conf"
    if [ "$(id -u)" = 0 ]; then chown -R www-data "$directory"; fi
    nginx -t -q -p "$directory" -c "$directory/nginx.conf" 2>>"$LOGS/gateway.log" \
        || { tail -n 5 "$LOGS/gateway.log" >&2; fail "nginx refuses its configuration"; }
    start gateway nginx -p "$directory" -c "$directory/nginx.conf" -g 'daemon off;'
    wait_for 10 "the gateway" curl -fsS -o /dev/null "http://127.0.0.1:$PORT/disclosure/"
}
