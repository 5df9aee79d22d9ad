# What compose.secure.yaml needs of its own: a certificate authority for the brokers, their certificates and the administrator's, a password
# for every SASL/SCRAM user, and the script that makes users, topics and rights. What is there stays; a certificate that ends within
# thirty days is made anew, so that `deploy/prepare` and a restart of the brokers renew it.

KAFKA_BROKERS='kafka kafka-2 kafka-3'
# appuser of the image apache/kafka.
KAFKA_UID=1000

make_kafka_security() {
    local folder=$SECRETS/kafka user service broker
    command -v python3 >/dev/null || fail "python3 is missing: apt-get install python3 (deploy/kafka-acls renders the broker's rights)"
    mkdir -p "$folder"
    make_kafka_authority
    for broker in $KAFKA_BROKERS; do make_kafka_certificate "$broker" "DNS:$broker,DNS:localhost,IP:127.0.0.1" serverAuth,clientAuth; done
    make_kafka_certificate kafka-admin DNS:kafka-admin clientAuth
    # Kafka's tools connect with it, as the super user.
    printf '%s\n' security.protocol=SSL ssl.keystore.type=PEM ssl.keystore.location=/run/secrets/kafka/kafka-admin.pem \
        ssl.truststore.type=PEM ssl.truststore.location=/run/secrets/kafka/ca.pem >"$folder/admin.properties"
    for user in $(deploy/kafka-acls --users | sed -n 's/.*--entity-name \([a-z-]*\) .*/\1/p'); do
        (umask 077; secret "kafka/kafka-$user" random_password >/dev/null)
    done
    {
        echo "export PATH=\"\$PATH:/opt/kafka/bin\" SECRETS_DIR=/run/secrets/kafka"
        for part in --users --topics ''; do
            # shellcheck disable=SC2086
            deploy/kafka-acls $part --bootstrap kafka:9095 --config /run/secrets/kafka/admin.properties
        done
    } >"$folder/rights.sh"
    for service in $SERVICES; do
        # Only what differs: a service connects anew when one of these files changes.
        cmp -s "$folder/kafka-$service" "$SECRETS/$service/kafka-password" || cp "$folder/kafka-$service" "$SECRETS/$service/kafka-password"
        cmp -s "$folder/ca.pem" "$SECRETS/$service/kafka-ca.pem" || cp "$folder/ca.pem" "$SECRETS/$service/kafka-ca.pem"
    done
    chown -R "$KAFKA_UID:$KAFKA_UID" "$folder"
    chmod -R u=rwX,go= "$folder"
}

# The authority's key stays with root and is never mounted anywhere.
make_kafka_authority() {
    local key=$SECRETS/kafka-ca-key.pem
    if [ -s "$key" ] && [ -s "$SECRETS/kafka/ca.pem" ]; then return 0; fi
    (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key" 2>/dev/null)
    openssl req -x509 -new -key "$key" -sha256 -days 3650 -subj "/CN=bright-kitchen kafka authority" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -out "$SECRETS/kafka/ca.pem"
    rm -f "$SECRETS"/kafka/kafka*.pem
    say "made a certificate authority for Kafka: its key is kafka-ca-key.pem in the secrets; keep it offline if you can"
}

# make_kafka_certificate NAME SUBJECT-ALTERNATIVE-NAMES USAGE: key, certificate and authority in one PEM file.
make_kafka_certificate() {
    local pem=$SECRETS/kafka/$1.pem work
    if [ -s "$pem" ] && openssl x509 -in "$pem" -noout -checkend 2592000 >/dev/null; then return 0; fi
    work=$(mktemp -d)
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/key.pem" 2>/dev/null
    openssl req -new -key "$work/key.pem" -subj "/CN=$1" -out "$work/request.pem"
    printf 'subjectAltName=%s\nextendedKeyUsage=%s\nkeyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n' "$2" "$3" >"$work/extensions"
    openssl x509 -req -in "$work/request.pem" -CA "$SECRETS/kafka/ca.pem" -CAkey "$SECRETS/kafka-ca-key.pem" -set_serial "0x$(openssl rand -hex 16)" \
        -sha256 -days 825 -extfile "$work/extensions" -out "$work/certificate.pem" 2>/dev/null
    (umask 077 && cat "$work/key.pem" "$work/certificate.pem" "$SECRETS/kafka/ca.pem" >"$pem.new")
    mv "$pem.new" "$pem"
    rm -rf "$work"
    say "made the certificate of $1 (825 days)"
}
