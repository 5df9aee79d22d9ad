# The Debian packages that the stack and its tests call, and the check that they are there.

RUN_PACKAGES="postgresql librdkafka-dev libpq-dev libcurl4-openssl-dev libssl-dev pkg-config nginx-light ffmpeg fonts-noto-cjk
    curl jq openssl procps util-linux gettext-base tzdata ca-certificates"
TEST_PACKAGES="chromium python3 python3-venv kcat docker-compose prometheus"

# install_packages NAME...: installs what is missing; says nothing when all is there.
install_packages() {
    local missing=() name
    for name in "$@"; do
        # Either nginx package will do.
        if [ "$name" = nginx-light ] && command -v nginx >/dev/null 2>&1; then continue; fi
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing Debian packages: ${missing[*]}"
    mkdir -p "$LOGS"
    # No package may start a server of its own: the stack starts what it needs and stops it by process id.
    as_root sh -c 'set -e
        policy=/usr/sbin/policy-rc.d
        if [ ! -e $policy ]; then printf "#!/bin/sh\nexit 101\n" >$policy; chmod 755 $policy; trap "rm -f $policy" EXIT; fi
        export DEBIAN_FRONTEND=noninteractive
        mkdir -p /etc/postgresql-common/createcluster.d
        printf "create_main_cluster = false\n" >/etc/postgresql-common/createcluster.d/bright-kitchen.conf
        apt-get update -q
        apt-get install -y -q --no-install-recommends "$@"
        rm -f /etc/postgresql-common/createcluster.d/bright-kitchen.conf
        rmdir /etc/postgresql-common/createcluster.d 2>/dev/null || true' sh "${missing[@]}" >"$LOGS/packages.log" 2>&1 \
        || { tail -n 20 "$LOGS/packages.log" >&2; fail "apt-get could not install: ${missing[*]}"; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "this needs root once, to install packages: run as root or install sudo"
    fi
}

install_runtime() {
    # shellcheck disable=SC2086
    install_packages $RUN_PACKAGES
    command -v swift >/dev/null 2>&1 || fail "no Swift toolchain on the PATH (6.2 or later)"
    local tool
    for tool in nginx ffmpeg curl jq openssl envsubst setpriv; do
        command -v "$tool" >/dev/null 2>&1 || PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null 2>&1 \
            || fail "$tool is missing though its package is installed"
    done
    PATH=$PATH:/usr/sbin
}
