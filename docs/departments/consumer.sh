#!/usr/bin/env bash
# Reads a department's bulletins with kcat, gives the receipt for those addressed to one organ, and prints what it has to answer.
# Debian: apt-get install kcat jq curl
#   export KAFKA_BOOTSTRAP=broker:9092 DEPARTMENT=education ORGAN=<organ id> BASE=https://kitchen.example TOKEN=<token>
#   ./consumer.sh                        # once, from the beginning to the end of the topic; repeat it from cron
#   ./consumer.sh answer ID "text"       # answers a bulletin
# TLS and SASL: KCAT_CONFIG names a file of librdkafka properties (kcat reads it by itself).
set -euo pipefail

send() {  # send ID VERB BODY
    curl -fsS -o /dev/null -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Accept: application/json' \
        -H "Idempotency-Key: $2-$1" -d "$3" "$BASE/notification/bulletins/$1/$2"
}

if [ "${1:-}" = answer ]; then
    send "$2" answer "$(jq -n --arg answer "$3" '{answer: $answer}')"
    exit
fi

# One line a record: its headers and its value. The same record may come twice; the receipt is harmless then.
records=$(kcat -b "$KAFKA_BOOTSTRAP" -C -e -q -J -o beginning -t "brightkitchen.bulletins.$DEPARTMENT.v1" \
    | jq -c '(.headers as $h | [range(0; $h | length; 2)] | map({($h[.]): $h[. + 1]}) | add) as $a
             | {type: $a.ce_type, data: (.payload | fromjson)}')

# The last word on every bulletin of ours: issued, receipted, answered or closed.
mine=$(jq -sc --arg organ "$ORGAN" '
    map(select(.data.receiving_organ_id == $organ)) | group_by(.data.bulletin_id)[]
    | (map(select(.type | endswith("bulletin.issued.v1")))[0].data) as $issued | select($issued != null)
    | {id: $issued.bulletin_id, number: $issued.number, role: ($issued.role // "main"), answer_by: $issued.answer_by,
       done: map(.type | capture("bulletin\\.(?<fact>[a-z]+)\\.v1").fact)}' <<<"$records")

while read -r bulletin; do
    [ -n "$bulletin" ] || continue
    id=$(jq -r .id <<<"$bulletin")
    if jq -e '.role == "main" and ((.done - ["receipted", "answered", "closed"]) == .done)' <<<"$bulletin" >/dev/null; then
        send "$id" receipt '{}'
    fi
    jq -r 'select(.role == "main" and (.done | index("answered") == null) and (.done | index("closed") == null))
           | "\(.number)\t\(.id)\tanswer by \(.answer_by // "-")"' <<<"$bulletin"
done <<<"$mine"
