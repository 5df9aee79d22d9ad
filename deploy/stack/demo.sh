# The demo city: the sample rosters through the real import, accounts, and cameras that a person has checked.

DEMO=deploy/demo

load_demo_city() {
    local gateway=http://127.0.0.1:$PORT
    if [ -e "$STATE/demo-loaded" ]; then
        say "the demo city is loaded already"
        return 0
    fi
    say "importing organs, stations, rosters and staff (some roster lines are faulty on purpose; each is refused with its reason)"
    # 65 = some lines were refused: expected here.
    run_service registry import --organs $DEMO/organs.csv --stations $DEMO/stations.csv \
        --roster $DEMO/roster-sample.csv --cameras $DEMO/cameras-sample.csv \
        --staff $DEMO/staff.csv --passwords-out "$SECRETS/passwords.tsv" || [ $? = 65 ]
    wait_for_cameras
    check_first_frames "$gateway"
    touch "$STATE/demo-loaded"
}

# sign_in LOGIN: a bearer token of that account.
sign_in() {
    jq -n --arg login "$1" --arg password "$(password_of "$1")" '{login: $login, password: $password}' \
        | curl -fsS -H 'Content-Type: application/json' --data-binary @- "http://127.0.0.1:$PORT/registry/v1/tokens" \
        | jq -r .token
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

  Accounts of the demo city (login, initial password, role):
TEXT
    sed 's/^/    /; s/\t/    /g' "$SECRETS/passwords.tsv"
    cat <<TEXT

  The tour is in README.md. deploy/local status | logs | down | reset
TEXT
}
