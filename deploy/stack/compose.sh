# Calling docker-compose on the deployment that an environment file describes. Sourced by deploy/backup and deploy/restore, which set
# `environment`; COMPOSE_FILES adds overlays and COMPOSE_PROJECT names another project.

compose_call() {
    local file
    [ -e "$environment" ] || fail "$environment is not there: run deploy/prepare first"
    project=${COMPOSE_PROJECT:-deploy}
    COMPOSE_CALL=(docker-compose --env-file "$environment" -p "$project")
    for file in ${COMPOSE_FILES:-deploy/compose.yaml}; do COMPOSE_CALL+=(-f "$file"); done
    DOCKER=${DOCKER:-docker}
}

compose() { "${COMPOSE_CALL[@]}" "$@"; }

# Where backups lie: the folder BACKUP_DIR of the environment file, or the volume.
backup_mount() {
    local folder
    folder=$(sed -n 's/^BACKUP_DIR=//p' "$environment" | tail -n 1)
    echo "${folder:-${project}_backup}"
}

# compose_once SERVICE MOUNT... -- COMMAND...: a container of that service's image, as root, with these volumes only.
compose_once() {
    local image mounts=()
    image=$(compose config | awk -v service="  $1:" '$0 == service { found = 1 } found && !printed && $1 == "image:" { print $2; printed = 1 }')
    shift
    while [ "$1" != -- ]; do mounts+=(-v "$1"); shift; done
    shift
    "$DOCKER" run --rm --network none --user 0 --entrypoint '' "${mounts[@]}" "$image" "$@"
}

recovered() { [ "$(compose exec -T -u postgres postgres psql -X -tA -U postgres -d brightkitchen -c 'SELECT pg_is_in_recovery()')" = f ]; }
