# A scratch Postgres in the state folder: own data, own port, loopback and a private socket only.

postgres_bin() { ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1; }

# Postgres refuses to run as root: then its own user owns the data.
AS_POSTGRES=(env)
if [ "$(id -u)" = 0 ]; then AS_POSTGRES=(setpriv --reuid postgres --regid postgres --init-groups env HOME=/tmp); fi

# start_postgres [SECONDS]: waits so long for it; replaying an archive takes its time.
start_postgres() {
    local bin data=$STATE/postgres/data socket=$STATE/postgres
    archive_settings
    bin=$(postgres_bin)
    [ -x "$bin/postgres" ] || fail "no Postgres server found"
    if [ ! -s "$data/PG_VERSION" ]; then
        say "creating the Postgres cluster"
        mkdir -p "$socket"
        if [ "$(id -u)" = 0 ]; then chown postgres "$socket"; fi
        chmod 755 "$socket"
        "${AS_POSTGRES[@]}" "$bin/initdb" -D "$data" -U postgres --auth-local=peer --auth-host=scram-sha-256 \
            --locale=C.UTF-8 --encoding=UTF8 --data-checksums >"$LOGS/initdb.log" 2>&1 \
            || { tail -n 5 "$LOGS/initdb.log" >&2; fail "initdb failed"; }
    fi
    # Whoever owns the server process is its superuser, over the private socket only.
    printf 'owner %s postgres\n' "$(if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi)" \
        | "${AS_POSTGRES[@]}" tee "$data/pg_ident.conf" >/dev/null
    printf 'local all,replication all peer map=owner\nhost all all 127.0.0.1/32 scram-sha-256\n' \
        | "${AS_POSTGRES[@]}" tee "$data/pg_hba.conf" >/dev/null
    start postgres "${AS_POSTGRES[@]}" "$bin/postgres" -D "$data" -p "$POSTGRES_PORT" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories="$socket" -c max_connections=200 -c log_min_duration_statement=1000 "${ARCHIVE_SETTINGS[@]}"
    wait_for "${1:-30}" Postgres "${AS_POSTGRES[@]}" "$bin/pg_isready" -q -h "$socket" -p "$POSTGRES_PORT"
}

# psql as the superuser, over the private socket.
superuser_psql() {
    "${AS_POSTGRES[@]}" "$(postgres_bin)/psql" -X -q -v ON_ERROR_STOP=1 -h "$STATE/postgres" -p "$POSTGRES_PORT" -U postgres "$@"
}

random_password() { openssl rand -hex 24; }

# Roles and schemas: an owner that migrates and an app role that serves, for each service.
create_database() {
    superuser_psql -d postgres -tAc "SELECT 1 FROM pg_database WHERE datname = 'brightkitchen'" | grep -q 1 \
        || superuser_psql -d postgres -c "CREATE DATABASE brightkitchen"
    local service schema arguments=()
    for service in $SERVICES; do
        schema=$(service_schema "$service")
        arguments+=(-v "${schema}_owner_password=$(secret "database-$service-owner" random_password)")
        arguments+=(-v "${schema}_app_password=$(secret "database-$service-app" random_password)")
    done
    superuser_psql -d brightkitchen "${arguments[@]}" -f - <deploy/postgres/roles.sql >"$LOGS/roles.log" 2>&1 \
        || { tail -n 5 "$LOGS/roles.log" >&2; fail "could not create the database roles"; }
}

# database_url SERVICE owner|app
database_url() {
    local role
    role=$(service_schema "$1")_$2
    echo "postgresql://$role:$(secret "database-$1-$2" random_password)@127.0.0.1:$POSTGRES_PORT/brightkitchen"
}
