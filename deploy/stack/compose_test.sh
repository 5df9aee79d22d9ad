# `deploy/local test compose`: the compose deployment is really run, with Debian's Docker engine: images built, the stack brought up,
# the story told through the gateway over TLS, health checks, users and restart policies looked at, everything taken down.

COMPOSE_PACKAGES="docker.io docker-compose debootstrap openssl python3 python3-venv prometheus"

compose_test() {
    make_state
    say "state folder: $STATE"
    [ "$(id -u)" = 0 ] || fail "a Docker engine needs root"
    install_runtime
    # shellcheck disable=SC2086
    install_packages $COMPOSE_PACKAGES
    install_python
    COMPOSE=$STATE/compose
    mkdir -p "$COMPOSE"
    trap compose_test_end EXIT
    start_engine
    make_base_image
    build_static_binaries
    build_test_images
    check_prometheus_files
    compose_city_up
    say "the story over TLS"
    COMPOSE_STATE=$COMPOSE COMPOSE_URL=https://localhost:$((PORT + 443)) COMPOSE_COMMAND="${COMPOSE_CALL[*]}" DOCKER="$DOCKER" \
        "$STATE/venv/bin/python" -m pytest -q -rfE --tb=short -o cache_dir="$STATE/pytest-cache" Tests/Compose 2>&1 | tee "$LOGS/compose-test.log"
}

compose_test_end() {
    local status=$?
    trap - EXIT
    if [ "${BRIGHT_KITCHEN_KEEP:-}" = 1 ]; then
        say "kept: DOCKER_HOST=${DOCKER_HOST:-} ${COMPOSE_CALL[*]:-}"
        exit $status
    fi
    if [ -n "${COMPOSE_CALL:-}" ]; then
        if [ $status != 0 ]; then "${COMPOSE_CALL[@]}" logs --no-color --tail 200 >"$LOGS/compose.log" 2>&1 || true; fi
        say "taking the compose stack down"
        "${COMPOSE_CALL[@]}" down -v --remove-orphans -t 20 >"$LOGS/compose-down.log" 2>&1 || true
    fi
    stop engine 30
    rm -rf "$COMPOSE/docker" "$COMPOSE/exec" "$COMPOSE/secrets"
    exit $status
}

# A Docker engine of the test's own: own socket, own data, stopped by process id. Where it cannot start, the test fails.
start_engine() {
    say "starting a Docker engine"
    export DOCKER_HOST=unix://$COMPOSE/docker.sock DOCKER_BUILDKIT=1
    # Debian's client has BuildKit built in; another one on the PATH may need a plugin for it.
    DOCKER=/usr/bin/docker
    mkdir -p "$COMPOSE/docker" "$COMPOSE/exec"
    start engine dockerd --data-root "$COMPOSE/docker" --exec-root "$COMPOSE/exec" -H "$DOCKER_HOST" --pidfile "$COMPOSE/docker.pid"
    wait_for 60 "the Docker engine (the compose test cannot run without one)" "$DOCKER" info
}

make_base_image() {
    if [ ! -s "$COMPOSE/base.tar" ]; then
        say "making the base image with debootstrap"
        debootstrap --variant=minbase bookworm "$COMPOSE/base" >"$LOGS/debootstrap.log" 2>&1 || fail "debootstrap: see $LOGS/debootstrap.log"
        tar -C "$COMPOSE/base" -cf "$COMPOSE/base.tar" .
        rm -rf "$COMPOSE/base"
    fi
    "$DOCKER" import "$COMPOSE/base.tar" debian:bookworm-slim >/dev/null
}

build_static_binaries() {
    local product context=$COMPOSE/context
    if [ "${BRIGHT_KITCHEN_SKIP_BUILD:-}" != 1 ]; then
        say "building release binaries with the static standard library (about ten minutes the first time; log: $LOGS/static-build.log)"
        for product in $SERVICES EmbeddedBroker; do
            swift build -c release --static-swift-stdlib --scratch-path "$BUILD-static" --product "$product" >>"$LOGS/static-build.log" 2>&1 \
                || { grep -E 'error:' "$LOGS/static-build.log" | head -n 20 >&2; fail "the release build failed"; }
        done
    fi
    rm -rf "$context"
    mkdir -p "$context/binaries/resources"
    for product in $SERVICES EmbeddedBroker; do strip -o "$context/binaries/$product" "$BUILD-static/release/$product"; done
    cp -R "$BUILD-static"/release/*.resources "$context/binaries/resources/"
    cp -R deploy/images "$context/images"
}

# image NAME DOCKERFILE ARGUMENT...
image() {
    local name=$1 file=$2
    shift 2
    "$DOCKER" build -q -t "$name" -f "$file" "$@" "$COMPOSE/context" >>"$LOGS/images.log" 2>&1 \
        || { tail -n 20 "$LOGS/images.log" >&2; fail "image $name was not built"; }
}

build_test_images() {
    local service target
    say "building images"
    for service in $SERVICES; do
        image "bright-kitchen/$service:test" deploy/Dockerfile --build-arg BINARIES=host --build-arg "SERVICE=$service" \
            --build-arg VERSION=test --build-arg "REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
    done
    for target in postgres kafka gateway cameras prometheus; do
        image "bright-kitchen-test/$target" deploy/images/Dockerfile --target "$target"
    done
    image_sizes
}

# An image of a service may have 120 MB, unpacked.
IMAGE_LIMIT=120000000
image_sizes() {
    local service size
    for service in $SERVICES; do
        size=$("$DOCKER" image inspect --format '{{.Size}}' "bright-kitchen/$service:test")
        printf '            %-14s %4d MB\n' "$service" $((size / 1000000))
        [ "$size" -le $IMAGE_LIMIT ] || fail "the image of $service has $size bytes, more than $IMAGE_LIMIT"
    done
}

check_prometheus_files() {
    promtool check config deploy/prometheus/prometheus.yml >"$LOGS/promtool.log" 2>&1 || { cat "$LOGS/promtool.log" >&2; fail "deploy/prometheus is not valid"; }
}

compose_city_up() {
    local environment=$COMPOSE/env topics cameras
    topics=$(sed -n 's/.*name: \([a-z0-9.-]*\), partitions: \([0-9]*\).*/--topic \1:\2/p' Shared/Contracts/Topics/topics.yaml | tr '\n' ' ')
    cameras=$(camera_list | cut -f1 | tr '\n' ' ')
    sed "s|^PUBLIC_BASE_URL=.*|PUBLIC_BASE_URL=https://localhost:$((PORT + 443))|; s|^LOG_ORIGIN=.*|LOG_ORIGIN=compose.test.example|
        s|^SECRETS_DIR=.*|SECRETS_DIR=$COMPOSE/secrets|; s|^HTTPS_PORT=.*|HTTPS_PORT=$((PORT + 443))|; s|^HTTP_PORT=.*|HTTP_PORT=$((PORT + 444))|
        s|^VERSION=.*|VERSION=test|; s|^SERVICE_SETTINGS=.*|SERVICE_SETTINGS=$COMPOSE/services.env|" deploy/.env.example >"$environment"
    # The second Postgres comes with the failover test only; a host that is not there is passed over.
    printf 'POSTGRES_IMAGE=bright-kitchen-test/postgres\nDATABASE_HOSTS=postgres,postgres-standby\n' >>"$environment"
    # There is no MediaMTX in the test: status and recordings are looked up in the folders.
    printf 'VIDEO_SOURCE=hls\n' >"$COMPOSE/services.env"
    deploy/prepare --env "$environment" >"$LOGS/prepare.log" 2>&1 || { cat "$LOGS/prepare.log" >&2; fail "deploy/prepare failed"; }
    export TEST_TOPICS=$topics TEST_CAMERAS=$cameras
    COMPOSE_CALL=(docker-compose --env-file "$environment" -p bright-kitchen-test -f deploy/compose.yaml -f deploy/compose.test.yaml)
    say "bringing the stack up"
    "${COMPOSE_CALL[@]}" up -d --no-build storage postgres roles kafka $SERVICES gateway mediamtx prometheus >"$LOGS/compose-up.log" 2>&1 \
        || { tail -n 20 "$LOGS/compose-up.log" >&2; fail "the stack did not come up"; }
}
