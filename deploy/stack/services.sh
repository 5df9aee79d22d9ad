# The five services: secrets, environment, migrations, start.

make_service_secrets() {
    local service
    for service in $SERVICES; do
        mkdir -p "$SECRETS/$service"
        chmod 700 "$SECRETS/$service"
        # Ed25519 seed that signs the journal's checkpoints.
        secret "$service/journal-signing-key" openssl rand -base64 32 >/dev/null
        # AES-256 keys that seal personal data at rest (id:key, the current one first), and the key of lookup hashes.
        secret "$service/data-key" sh -c 'echo "k1:$(openssl rand -base64 32)"' >/dev/null
        secret "$service/data-lookup-key" openssl rand -base64 32 >/dev/null
    done
    # AES-256 key that seals the webhooks' secrets in the database.
    secret notification/webhook-sealing-key openssl rand -base64 32 >/dev/null
    # What the registry shows the OpenID Connect provider, where single sign-on is used.
    if [ -n "${OIDC_ISSUER:-}" ]; then
        secret registry/oidc-client-secret printf %s "${OIDC_CLIENT_SECRET:?set OIDC_CLIENT_SECRET}" >/dev/null
    fi
    # ES256 key that signs staff tokens.
    secret registry/token-signing-key.pem openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 >/dev/null
}

# service_settings SERVICE: fills SETTINGS with the environment of that service, as arguments of env(1).
service_settings() {
    SETTINGS=(
        MODE=local
        "DATABASE_URL=$(database_url "$1" app)"
        "DATABASE_MIGRATION_URL=$(database_url "$1" owner)"
        "KAFKA_BOOTSTRAP=$BOOTSTRAP"
        HTTP_HOST=127.0.0.1 "HTTP_PORT=${BRIGHT_KITCHEN_SERVICE_PORT:-$(service_port "$1")}"
        # Another replica for a test has a port and an origin of its own (passkeys want a name, not an address).
        "PUBLIC_BASE_URL=${BRIGHT_KITCHEN_ORIGIN:-http://127.0.0.1:$PORT}"
        "JWKS_URL=http://127.0.0.1:$(service_port registry)/registry/jwks.json"
        "SECRETS_DIR=$SECRETS/$1"
        COOKIE_SECURE=false "LOG_LEVEL=${LOG_LEVEL:-info}" TZ=Asia/Shanghai
        "VIDEO_LIVE_DIR=$LIVE" "EVIDENCE_DIR=$STATE/evidence"
        # The demo cameras' signals and recordings are read from the files that ffmpeg really writes.
        VIDEO_SOURCE=hls "VIDEO_RECORD_DIR=$RECORDINGS" TELEMETRY_PLATFORMS=simulator=4407 ALERT_VENDORS=simulator=4407
        "EXPORTS_DIR=$STATE/exports" "WATERMARK_FONT=$(cjk_font)"
        "WORKDAYS_DIR=$REPO/deploy/demo/workdays"
        "ATTACHMENTS_DIR=$STATE/attachments/$1"
        "PATROL_MINIMUM_VIEW_SECONDS=${PATROL_MINIMUM_VIEW_SECONDS:-10}"
        WEBHOOK_ALLOWED_SUBNETS=127.0.0.0/8
        # Single sign-on with an OpenID Connect provider, where one is named (docs/identity.md).
        "OIDC_ISSUER=${OIDC_ISSUER:-}" "OIDC_CLIENT_ID=${OIDC_CLIENT_ID:-bright-kitchen}"
        "OIDC_PROVIDES_SECOND_FACTOR=${OIDC_PROVIDES_SECOND_FACTOR:-false}"
        # The tour works at any hour; the product's own limits are 06:00 to 20:00.
        CITY_WINDOW_OPENS=00:00 CITY_WINDOW_CLOSES=24:00
        # No telephone rings: text messages are appended to this file.
        "SMS_OUTBOX=$STATE/sms-outbox.jsonl"
    )
}

# run_service SERVICE COMMAND...: one command of a service (migrate, import, verify) with its settings.
run_service() {
    local service=$1 SETTINGS
    shift
    service_settings "$service"
    env "${SETTINGS[@]}" "$BIN/$service" "$@"
}

migrate_services() {
    local service
    for service in $SERVICES; do
        run_service "$service" migrate >>"$LOGS/$service.log" 2>&1 \
            || { tail -n 5 "$LOGS/$service.log" >&2; fail "$service could not migrate its schema"; }
    done
}

start_service() {
    local SETTINGS
    service_settings "$1"
    start "$1" env "${SETTINGS[@]}" "$BIN/$1" serve
}

start_services() {
    local service
    mkdir -p "$STATE/evidence"
    for service in $SERVICES; do start_service "$service"; done
    for service in $SERVICES; do wait_for 60 "$service" answered_or_gone "$service"; done
    for service in $SERVICES; do
        is_running "$service" || { tail -n 3 "$LOGS/$service.log" >&2; fail "$service did not start; see $LOGS/$service.log"; }
    done
}

# True when the service is ready, or when waiting has become useless because it has ended.
answered_or_gone() {
    if ! is_running "$1"; then return 0; fi
    curl -fsS -m 5 -o /dev/null "http://127.0.0.1:$(service_port "$1")/health/ready"
}
