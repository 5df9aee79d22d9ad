# Where things are and which ports they use. Sourced by deploy/local.

REPO=$PWD
PORT=${BRIGHT_KITCHEN_PORT:-8080}

# One folder per checkout, where an unprivileged user (Postgres refuses to run as root) can reach it.
if [ "$(id -u)" = 0 ]; then
    state_root=/var/lib/bright-kitchen
else
    state_root=${XDG_STATE_HOME:-$HOME/.local/state}/bright-kitchen
fi
STATE=${BRIGHT_KITCHEN_STATE:-$state_root/$(basename "$REPO")-$(printf %s "$REPO" | cksum | cut -d' ' -f1)}

# Caches of Swift, pip and the browser stay in the state folder, too.
export XDG_CACHE_HOME=$STATE/cache XDG_DATA_HOME=$STATE/data
BUILD=${BRIGHT_KITCHEN_BUILD:-$STATE/build}
BIN=$BUILD/debug
SECRETS=$STATE/secrets
LOGS=$STATE/logs
PIDS=$STATE/pids
LIVE=$STATE/video/live
RECORDINGS=$STATE/video/recordings

SERVICES="registry disclosure patrol-ledger notification parent-access"
# Internal ports follow the gateway's, so that two stacks with different BRIGHT_KITCHEN_PORT do not meet.
POSTGRES_PORT=$((PORT + 1))
BROKER_PORT=$((PORT + 2))
service_port() {
    case "$1" in
        registry) echo $((PORT + 11)) ;;
        disclosure) echo $((PORT + 12)) ;;
        patrol-ledger) echo $((PORT + 13)) ;;
        notification) echo $((PORT + 14)) ;;
        parent-access) echo $((PORT + 15)) ;;
    esac
}
service_schema() { echo "${1//-/_}"; }
service_prefix() {
    case "$1" in
        patrol-ledger) echo patrol ;;
        parent-access) echo parent ;;
        *) echo "$1" ;;
    esac
}

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
fail() { printf '%s  ERROR: %s\n' "$(date +%H:%M:%S)" "$*" >&2; exit 1; }

# wait_for SECONDS WHAT COMMAND...: runs the command until it succeeds; says what is missing when time is up.
wait_for() {
    local limit=$1 what=$2 deadline
    shift 2
    deadline=$((SECONDS + limit))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "$what: not there after ${limit} s; see $LOGS"
        sleep 0.2
    done
}

make_state() {
    mkdir -p "$STATE" "$LOGS" "$PIDS" "$LIVE" "$RECORDINGS"
    chmod 755 "$STATE"
    mkdir -p "$SECRETS"
    chmod 711 "$SECRETS"
}

# secret NAME COMMAND...: the value in the file NAME, made by the command on first use.
secret() {
    local file=$SECRETS/$1
    shift
    if [ ! -s "$file" ]; then
        (umask 077 && "$@" >"$file.new" && mv "$file.new" "$file")
    fi
    cat "$file"
}
