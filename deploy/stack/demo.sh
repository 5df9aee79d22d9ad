# The demo city: the sample rosters through the real import, accounts, and cameras that a person has checked.

DEMO=deploy/demo

load_demo_city() {
    local gateway=http://127.0.0.1:$PORT
    if [ -e "$STATE/demo-loaded" ]; then
        say "the demo city is loaded already"
        return 0
    fi
    say "loading the working-day calendar (2027 is refused: its notice is not published, so deadlines that reach into it are provisional)"
    run_service registry calendar load $DEMO/workdays || [ $? = 65 ]
    say "importing organs, stations, rosters and staff (some roster lines are faulty on purpose; each is refused with its reason)"
    # 65 = some lines were refused: expected here.
    run_service registry import --townships $DEMO/townships.csv --organs $DEMO/organs.csv --stations $DEMO/stations.csv \
        --certificates $DEMO/certificates.csv --contracts $DEMO/contracts.csv --terms $DEMO/terms.csv \
        --roster $DEMO/roster-sample.csv --cameras $DEMO/cameras-sample.csv \
        --staff $DEMO/staff.csv --demo-accounts --passwords-out "$SECRETS/passwords.tsv" || [ $? = 65 ]
    run_service registry import --roster $DEMO/positions.csv
    wait_for_cameras
    check_first_frames "$gateway"
    (disclose_demo_canteens) || say "the demo disclosure items could not be published: the portal shows licences only"
    touch "$STATE/demo-loaded"
}

# sign_in LOGIN: a bearer token of that account. A code is good once: when it was used already, the next one is tried.
sign_in() {
    local step answer
    for step in 0 1 wait; do
        [ "$step" != wait ] || sleep $((30 - $(date +%s) % 30))
        answer=$(jq -n --arg login "$1" --arg password "$(password_of "$1")" --arg code "$(totp_code "$1" "${step/wait/1}")" \
            '{login: $login, password: $password} + (if $code == "" then {} else {code: $code} end)' \
            | curl -sS -H 'Content-Type: application/json' --data-binary @- "http://127.0.0.1:$PORT/registry/v1/tokens")
        if [ "$(jq -r '.code // empty' <<<"$answer")" != wrong_code ]; then break; fi
    done
    jq -er .token <<<"$answer" || fail "$1 cannot sign in: $answer"
}

# totp_code LOGIN [STEPS]: the six digits (RFC 6238) of a demo account now, or some 30-second steps later; nothing for
# accounts without a second factor.
totp_code() {
    local secret key counter mac offset
    secret=$(awk -F '\t' -v login="$1" '$1 == login { print $4 }' "$SECRETS/passwords.tsv")
    [ -n "$secret" ] || return 0
    while [ $((${#secret} % 8)) != 0 ]; do secret="$secret="; done
    key=$(base32 -d <<<"$secret" | od -An -v -tx1 | tr -d ' \n')
    counter=$(printf %016x $(($(date +%s) / 30 + ${2:-0})))
    # shellcheck disable=SC2001
    mac=$(printf '%b' "$(sed 's/../\\x&/g' <<<"$counter")" | openssl dgst -sha1 -mac HMAC -macopt "hexkey:$key" -r | cut -d' ' -f1)
    offset=$((16#${mac:39:1} * 2))
    printf '%06d\n' $(((16#${mac:$offset:8} & 0x7fffffff) % 1000000))
}

# deploy/local code LOGIN: what an authenticator app would show.
stack_code() {
    [ -n "${1:-}" ] || fail "usage: deploy/local code ACCOUNT"
    [ -n "$(password_of "$1")" ] || fail "no demo account '$1'; deploy/local up lists them"
    local code
    code=$(totp_code "$1")
    [ -n "$code" ] || { say "$1 signs in with its password alone"; return 0; }
    printf '%s   (good for %s s, once)\n' "$code" $((30 - $(date +%s) % 30))
}

password_of() { awk -F '\t' -v login="$1" '$1 == login { print $2 }' "$SECRETS/passwords.tsv"; }

# A person looks at the first frame before anybody else may: here the county regulator, through the real interface.
check_first_frames() {
    local gateway=$1 token gb name id count=0
    token=$(sign_in heshan.msa)
    while IFS=$'\t' read -r gb name; do
        id=$(curl -fsS -H "Authorization: Bearer $token" "$gateway/registry/v1/cameras?gb_id=$gb" | jq -r '.items[0].camera_id // empty')
        if [ -z "$id" ]; then fail "camera $gb ($name) is not in the registry"; fi
        curl -fsS -o /dev/null -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
            --data '{"decision": "confirm"}' "$gateway/registry/v1/cameras/$id/first-frame"
        count=$((count + 1))
    done < <(camera_list)
    say "$count cameras passed the check of their first frame"
}

print_tour() {
    cat <<TEXT

明厨亮灶 Bright Kitchen is running.

  Public portal            http://127.0.0.1:$PORT/
  Staff sign-in            http://127.0.0.1:$PORT/registry/login
  Parents' sign-in         http://127.0.0.1:$PORT/parent/login   (accounts are invited by a school: README, step 7)

  Accounts of the demo city (login, password, role, key of the one-time codes). Roles with a key sign in with two factors:
  add the key to an authenticator app, or ask for the current code with: deploy/local code LOGIN
TEXT
    sed 's/^/    /; s/\t/    /g' "$SECRETS/passwords.tsv"
    cat <<TEXT

  The tour is in README.md. deploy/local status | logs | down | reset
TEXT
}
