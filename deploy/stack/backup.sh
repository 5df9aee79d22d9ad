# Backup and restore of the local stack, and the rules that deploy/backup and deploy/restore of a compose deployment share with it.
#
# The folder BRIGHT_KITCHEN_BACKUP (compose: BACKUP_DIR) holds
#   base/<time>/base.tar.gz    the database: all five schemas at one moment (pg_basebackup)
#   base/<time>/files.tar.gz   evidence and attachments; taken after the database, so that no row lacks its file
#   base/<time>/keys.cms       every secret, sealed to a certificate (BRIGHT_KITCHEN_BACKUP_CERTIFICATE) whose key lies in a safe
#   base/<time>/SHA256SUMS     of these
#   files/<time>.tar.gz        evidence and attachments that came since (`backup --files`, every minute)
#   wal/                       every change since, archived by Postgres itself within a minute: restore to any moment
#   last-backup.json, last-backup.prom   when the last one was finished, for people and for Prometheus' textfile collector

BACKUP=${BRIGHT_KITCHEN_BACKUP:-}
BACKUP_CERTIFICATE=${BRIGHT_KITCHEN_BACKUP_CERTIFICATE:-}

# The same segment may be handed over twice after a crash: equal bytes are archived already, others are refused.
archive_command() {
    printf "cmp -s %%p '%s/wal/%%f' || { test ! -e '%s/wal/%%f' && cp %%p '%s/wal/%%f.part' && sync '%s/wal/%%f.part' && mv '%s/wal/%%f.part' '%s/wal/%%f'; }" \
        "$1" "$1" "$1" "$1" "$1" "$1"
}

# Arguments of the Postgres server: its archive, where a backup folder is named.
archive_settings() {
    ARCHIVE_SETTINGS=()
    [ -n "$BACKUP" ] || return 0
    mkdir -p "$BACKUP/wal" "$BACKUP/base" "$BACKUP/files"
    if [ "$(id -u)" = 0 ]; then chown postgres "$BACKUP/wal" "$BACKUP/base"; fi
    ARCHIVE_SETTINGS=(-c wal_level=replica -c archive_mode=on -c archive_timeout=60 -c "archive_command=$(archive_command "$BACKUP")")
}

backup_name() { date -u +%Y%m%dT%H%M%SZ; }

# --- rules for both kinds of deployment ------------------------------------------------------------------------------------------

check_backup_name() { [[ $1 =~ ^[0-9]{8}T[0-9]{6}Z$ ]] || fail "no backup has such a name: $1"; }

check_until() {
    [ -n "$1" ] || return 0
    [[ $1 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$ ]] \
        || fail "--until takes a moment with its offset, e.g. 2026-11-23T10:00:00+08:00"
}

# recovery_settings UNTIL WAL: what Postgres must know to replay the archive.
recovery_settings() {
    printf "restore_command = 'cp ''%s/%%f'' \"%%p\"'\nrecovery_target_action = 'promote'\n" "$2"
    if [ -n "$1" ]; then printf "recovery_target_time = '%s'\n" "$1"; fi
}

# check_files FOLDER: every file is what it was when the backup was made; each that is not is named.
check_sums() { (cd "$1" && sha256sum -c --quiet SHA256SUMS 2>&1) || return 1; }

# wal_start BASE: the first segment that this backup needs.
wal_start() { tar -xzOf "$1/base.tar.gz" backup_label | sed -n 's/^START WAL LOCATION: .*file \([0-9A-F]*\)).*/\1/p'; }

# check_wal FOLDER FIRST: from the first needed segment to the last no segment is missing and none has been cut. A timeline begins
# anew after a restore; a segment counts when any timeline has it.
check_wal() {
    local name number expected bad=0
    expected=$(wal_number "$2")
    while read -r name; do
        number=$(wal_number "$name")
        [ "$number" -ge "$(wal_number "$2")" ] || continue
        if [ "$(stat -c %s "$1/$name")" != 16777216 ]; then
            echo "wal/$name is damaged: $(stat -c %s "$1/$name") bytes, not 16777216"
            bad=1
        fi
        while [ "$number" -gt "$expected" ]; do
            printf 'wal/*%08X%08X is missing\n' $((expected >> 8)) $((expected & 255))
            bad=1
            expected=$((expected + 1))
        done
        if [ "$number" = "$expected" ]; then expected=$((expected + 1)); fi
    done < <(find "$1" -maxdepth 1 -type f -printf '%f\n' | grep -E '^[0-9A-F]{24}$' | sort -k1.9)
    return $bad
}

# wal_number NAME: the segment's place in the log, whatever its timeline.
wal_number() { echo $(((16#${1:8:8} << 8) + 16#${1:16:8})); }

# write_last_backup FOLDER NAME FINISHED BYTES: read by the operator's page, by people and by Prometheus' textfile collector.
write_last_backup() {
    printf '{"name": "%s", "finished_at": "%s", "bytes": %s, "keys": %s}\n' "$2" "$3" "$4" "$5" >"$1/last-backup.json.new"
    {
        echo '# HELP brightkitchen_backup_finished_timestamp_seconds When the last whole backup was finished.'
        echo '# TYPE brightkitchen_backup_finished_timestamp_seconds gauge'
        echo "brightkitchen_backup_finished_timestamp_seconds $(date -d "$3" +%s)"
        echo '# HELP brightkitchen_backup_bytes Size of the last whole backup without the archived changes.'
        echo '# TYPE brightkitchen_backup_bytes gauge'
        echo "brightkitchen_backup_bytes $4"
    } >"$1/last-backup.prom.new"
    chmod 644 "$1/last-backup.json.new" "$1/last-backup.prom.new"
    mv "$1/last-backup.json.new" "$1/last-backup.json"
    mv "$1/last-backup.prom.new" "$1/last-backup.prom"
}

# seal_keys FOLDER CERTIFICATE OUT: everything in the folder, readable only with the certificate's private key (CMS, AES-256-GCM).
seal_keys() { tar -C "$1" -cz . | openssl cms -encrypt -binary -aes-256-gcm -outform DER -out "$3" "$2"; }

# open_keys FILE KEY FOLDER: the other way; nothing is written to the folder unless all of it can be read.
open_keys() {
    local opened
    opened=$(mktemp -d)
    if openssl cms -decrypt -binary -inform DER -in "$1" -inkey "$2" -out "$opened/keys.tar.gz" 2>"$opened/error" \
        && tar -tzf "$opened/keys.tar.gz" >/dev/null 2>&1; then
        mkdir -p "$3"
        tar -C "$3" -xzf "$opened/keys.tar.gz"
        rm -rf "$opened"
        return 0
    fi
    rm -rf "$opened"
    return 1
}

# --- the local stack -------------------------------------------------------------------------------------------------------------

# deploy/local backup [--files]
stack_backup() {
    [ -n "$BACKUP" ] || fail "BRIGHT_KITCHEN_BACKUP names no folder: set it before \`deploy/local up\`, so that changes are archived there"
    is_running postgres || fail "Postgres is not running: deploy/local up"
    case "${1:-}" in
        '') whole_backup ;;
        --files) files_backup ;;
        *) fail "usage: deploy/local backup [--files]" ;;
    esac
}

whole_backup() {
    local name part keys=false
    [ "$(superuser_psql -d postgres -tAc 'SHOW archive_mode')" = on ] || fail "Postgres runs without its archive: deploy/local down, then up with BRIGHT_KITCHEN_BACKUP set"
    name=$(backup_name) part=$BACKUP/base/$name.part
    say "base backup $name"
    "${AS_POSTGRES[@]}" mkdir -p "$part"
    "${AS_POSTGRES[@]}" "$(postgres_bin)/pg_basebackup" -h "$STATE/postgres" -p "$POSTGRES_PORT" -U postgres -D "$part" -Ft -z -X fetch -c fast --label "$name"
    say "evidence and attachments"
    : >"$part/files.begun"
    pack_files "$part/files.tar.gz"
    touch -r "$part/files.begun" "$BACKUP/files/newest"
    rm "$part/files.begun"
    if [ -n "$BACKUP_CERTIFICATE" ]; then
        seal_keys "$SECRETS" "$BACKUP_CERTIFICATE" "$part/keys.cms"
        keys=true
    else
        say "the keys are NOT in this backup: BRIGHT_KITCHEN_BACKUP_CERTIFICATE names no certificate; keep a copy of $SECRETS in a safe"
    fi
    date -u +%Y-%m-%dT%H:%M:%SZ >"$part/finished"
    (cd "$part" && sha256sum -- * >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
    mv "$part" "$BACKUP/base/$name"
    write_last_backup "$BACKUP" "$name" "$(cat "$BACKUP/base/$name/finished")" "$(du -sb "$BACKUP/base/$name" | cut -f1)" $keys
    say "done: $name"
}

# pack_files OUT [NEWER-THAN]: a file that is being written now has no row yet; the next run takes it.
pack_files() {
    local folder folders=() newer=()
    for folder in evidence attachments exports; do if [ -d "$STATE/$folder" ]; then folders+=("$folder"); fi; done
    if [ -n "${2:-}" ]; then newer=(--newer-mtime="$2"); fi
    tar -C "$STATE" --warning=no-file-changed --warning=no-file-removed "${newer[@]}" -czf "$1" "${folders[@]}" || [ $? = 1 ]
}

files_backup() {
    local name since begun=$BACKUP/files/.begun
    [ -e "$BACKUP/files/newest" ] || fail "no whole backup yet: deploy/local backup"
    name=$(backup_name)
    : >"$begun"
    # Two seconds twice rather than never: what is packed twice is unpacked to the same bytes.
    since=$(date -d "@$(($(stat -c %Y "$BACKUP/files/newest") - 2))" +'%Y-%m-%d %H:%M:%S')
    pack_files "$BACKUP/files/$name.tar.gz.part" "$since"
    mv "$BACKUP/files/$name.tar.gz.part" "$BACKUP/files/$name.tar.gz"
    (cd "$BACKUP/files" && sha256sum "$name.tar.gz" >>SHA256SUMS)
    touch -r "$begun" "$BACKUP/files/newest"
    say "files that came since: $(tar -tzf "$BACKUP/files/$name.tar.gz" | grep -vc '/$' || true)"
}

# deploy/local restore [NAME [--until MOMENT] [--key FILE] [--void-numbers COUNT] [--replace]]
stack_restore() {
    local name='' until='' key='' replace='' void='' base
    while [ $# -gt 0 ]; do
        case "$1" in
            --until) until=${2:?--until takes a moment}; shift 2 ;;
            --key) key=${2:?--key takes a file}; shift 2 ;;
            --void-numbers) void=${2:?--void-numbers takes a count}; shift 2 ;;
            --replace) replace=1; shift ;;
            -*) fail "usage: deploy/local restore [NAME [--until MOMENT] [--key FILE] [--void-numbers COUNT] [--replace]]" ;;
            *) name=$1; shift ;;
        esac
    done
    [ -n "$BACKUP" ] || fail "BRIGHT_KITCHEN_BACKUP names no folder"
    if [ -z "$name" ]; then find "$BACKUP/base" -mindepth 1 -maxdepth 1 ! -name '*.part' -printf '%f\n' | sort; exit 64; fi
    base=$BACKUP/base/$name
    # What was numbered after the moment is in other hands: those numbers are not given again.
    void=${void:-$(if [ -n "$until" ]; then echo 1000; else echo 0; fi)}
    [[ $void =~ ^[0-9]{1,6}$ ]] || fail "--void-numbers takes a count, 0 to 100000"
    check_restore "$name" "$until" "$base"
    make_state
    if [ -z "$replace" ] && restore_target_is_used; then
        fail "there is a city in $STATE: its database and files would be replaced. Say --replace if that is meant"
    fi
    check_keys "$base" "$key"
    install_runtime
    say "stopping what runs"
    stack_down >/dev/null
    say "putting the files back"
    unpack_backup "$base" "$until"
    say "Postgres replays the archived changes"
    start_postgres 600
    wait_for 600 "Postgres after recovery" is_recovered
    local setting
    # The settings of this recovery must not steer a later one.
    for setting in recovery_target_time restore_command recovery_target_action; do superuser_psql -d postgres -c "ALTER SYSTEM RESET $setting"; done
    create_database
    start_broker
    migrate_services
    if [ "$void" != 0 ]; then void_numbers "$void" "$name" "$until"; fi
    start_services
    prove_and_republish
    start_gateway
    say "restored $name${until:+ as of $until}; every ledger verifies and the topics are being filled from the journals"
}

# Nothing is touched before all of this holds.
check_restore() {
    local finished first name=$1 until=$2 base=$3
    check_backup_name "$name"
    check_until "$until"
    say "checking $name"
    [ -s "$base/SHA256SUMS" ] || fail "backup $name is not there or not whole; deploy/local restore lists them"
    check_sums "$base" || fail "backup $name is damaged: see the files named above. Nothing was changed"
    if [ -s "$BACKUP/files/SHA256SUMS" ]; then check_sums "$BACKUP/files" || fail "backed up files are damaged: see above. Nothing was changed"; fi
    finished=$(cat "$base/finished")
    if [ -n "$until" ] && [ "$(date -d "$until" +%s)" -lt "$(date -d "$finished" +%s)" ]; then
        fail "$name was finished at $finished: no earlier moment can be restored from it; take an older backup"
    fi
    first=$(wal_start "$base")
    [ -n "$first" ] || fail "backup $name does not say which changes it needs"
    check_wal "$BACKUP/wal" "$first" || fail "the archived changes since $name are not whole: see above. Nothing was changed"
}

restore_target_is_used() {
    [ -s "$STATE/postgres/data/PG_VERSION" ] || [ -n "$(find "$STATE/evidence" "$STATE/attachments" -type f -print -quit 2>/dev/null)" ]
}

# Without the signing keys nothing can be signed that follows the old checkpoints; without the data keys no name can be read.
check_keys() {
    if [ -s "$SECRETS/registry/journal-signing-key" ]; then
        [ -z "$2" ] || say "the keys in $SECRETS stay; those of the backup are not needed"
        return 0
    fi
    [ -s "$1/keys.cms" ] || fail "there are no keys in $SECRETS and none in the backup: put the copy from your safe there first"
    [ -n "$2" ] || fail "there are no keys in $SECRETS: name the private key of the backup certificate with --key"
    open_keys "$1/keys.cms" "$2" "$SECRETS" || fail "$2 does not open the keys of this backup. Nothing was changed"
    say "the keys are back in $SECRETS"
}

unpack_backup() {
    local data=$STATE/postgres/data increment
    rm -rf "$data" "$STATE/evidence" "$STATE/attachments" "$STATE/exports"
    mkdir -p "$STATE/postgres"
    if [ "$(id -u)" = 0 ]; then chown postgres "$STATE/postgres"; fi
    chmod 755 "$STATE/postgres"
    "${AS_POSTGRES[@]}" mkdir -m 700 "$data"
    tar -xzOf "$1/base.tar.gz" PG_VERSION >/dev/null
    "${AS_POSTGRES[@]}" tar -C "$data" -xzf - <"$1/base.tar.gz"
    recovery_settings "$2" "$BACKUP/wal" | "${AS_POSTGRES[@]}" tee -a "$data/postgresql.auto.conf" >/dev/null
    "${AS_POSTGRES[@]}" touch "$data/recovery.signal"
    tar -C "$STATE" -xzf "$1/files.tar.gz"
    # Files have the name of their content: one too many hurts nobody, one too few would.
    for increment in "$BACKUP"/files/*.tar.gz; do
        if [ -e "$increment" ]; then tar -C "$STATE" -xzf "$increment"; fi
    done
}

is_recovered() { [ "$(superuser_psql -d brightkitchen -tAc 'SELECT pg_is_in_recovery()')" = f ]; }

# Before anything can be numbered. Each series that is passed over stands in the journal.
void_numbers() {
    local service reason="restored from $2${3:+ as of $3}"
    say "passing over the next $1 numbers of every organ"
    for service in notification patrol-ledger; do run_service "$service" void-numbers --count "$1" --reason "$reason" >/dev/null; done
}

prove_and_republish() {
    local service
    for service in $SERVICES; do
        say "verifying the ledger of $service"
        run_service "$service" verify || fail "$service: the restored ledger does not verify"
        run_service "$service" republish
    done
}
