# Starting, finding and stopping the stack's processes, always by process id.

# start NAME COMMAND...: in the background with its log, unless it runs already.
start() {
    local name=$1
    shift
    if is_running "$name"; then return 0; fi
    setsid "$@" >>"$LOGS/$name.log" 2>&1 </dev/null &
    echo "$! $(process_start_time $!)" >"$PIDS/$name"
}

# A process is told from a later one with the same number by its start time. A zombie is not running: in a container
# nobody may ever collect it.
process_start_time() { awk '{ sub(/^.*\) /, ""); if ($1 != "Z" && $1 != "X") print $20 }' "/proc/$1/stat" 2>/dev/null || true; }

is_running() {
    [ -s "$PIDS/$1" ] || return 1
    local pid started
    read -r pid started <"$PIDS/$1"
    [ -n "$started" ] && [ "$(process_start_time "$pid")" = "$started" ]
}

# stop NAME [SECONDS]: asks, waits, then kills.
stop() {
    local name=$1 limit=${2:-10} pid started deadline
    if is_running "$name"; then
        read -r pid started <"$PIDS/$name"
        kill -TERM "$pid" 2>/dev/null || true
        deadline=$((SECONDS + limit))
        while is_running "$name"; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                say "$name did not stop within $limit s; killed"
                kill -KILL "$pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
        done
    fi
    rm -f "$PIDS/$name"
}

running_names() { ls "$PIDS" 2>/dev/null || true; }
