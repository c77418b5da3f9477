# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Debian and Ubuntu packages: what is missing is installed, with root's rights or sudo, and nothing else is touched.
# Services that come with a package are neither started nor enabled. Sourced after say.sh and step.sh.

# shellcheck disable=SC2034 # for the scripts
packages_build=(gcc g++ libc6-dev make autoconf automake pkg-config libpcre2-dev libmariadb-dev
    zlib1g-dev)
# shellcheck disable=SC2034 # for the scripts
packages_run=(mariadb-server-core mariadb-client-core haproxy iproute2)
# shellcheck disable=SC2034 # for the scripts
packages_check=(ccache libconfig-dev patch clang libclang-rt-dev libcmocka-dev shellcheck valgrind git openssl jq nginx libnginx-mod-stream
    stunnel4 hitch nftables ipset curl tcpdump strace zsh fish wireguard-tools wireguard-go fail2ban gunicorn python3 systemd)
# For Windows: with the threads of Windows itself, which is the smaller of two.
# shellcheck disable=SC2034 # for the scripts
packages_mingw=(gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32)
# shellcheck disable=SC2034 # for the scripts
packages_wine=(wine64)

# shellcheck disable=SC2034 # for the scripts
packages_monitoring=(prometheus)
# shellcheck disable=SC2034 # for the scripts
packages_package=(dpkg-dev debhelper lintian)

package_installed() { # NAME
    [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]
}

package_known() { # NAME
    [[ -n $(apt-cache --quiet=2 show --no-all-versions "$1" 2>/dev/null) ]]
}

# What a package is called on this release: some carry their version in their name. Empty when this release has
# none.
package_here() { # NAME
    local name=$1 newest
    if package_installed "$name" || package_known "$name"; then
        echo "$name"
        return
    fi
    case $name in
    mariadb-*-core)
        newest=$(apt-cache --names-only search "^$name-[0-9.]+\$" | sort -V | tail -n 1)
        echo "${newest%% *}"
        ;;
    libclang-rt-dev) ;;     # before Debian 12 part of libclang-common
    libnginx-mod-stream) ;; # where nginx has it built in
    *) echo "$name" ;;
    esac
}

# The command that gives root's rights: nothing for root.
package_sudo=()
package_rights() {
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            die "packages are missing: ${package_missing[*]}: run this as root or install sudo"
        package_sudo=(sudo)
        # Who needs no password may have none: `sudo -v` would refuse that user. A password is asked for here and now, not
        # behind a step.
        sudo -n true 2>/dev/null || sudo -v || die "packages are missing: ${package_missing[*]}: sudo does not let you install them"
    fi
}

# A package's own scripts ask this file whether they may start services.
package_policy=/usr/sbin/policy-rc.d
package_policy_begin() {
    [[ ! -e $package_policy ]] || return 1
    printf '#!/bin/sh\nexit 101\n' | "${package_sudo[@]}" tee "$package_policy" >/dev/null
    "${package_sudo[@]}" chmod 755 "$package_policy"
}

package_policy_end() {
    "${package_sudo[@]}" rm -f "$package_policy"
}

# Proxies that came with this installation do not start with the machine either.
package_services_off() {
    local service
    command -v systemctl >/dev/null || return 0
    for service in nginx haproxy stunnel4 hitch fail2ban prometheus; do
        if [[ " ${package_missing[*]} " == *" $service "* ]]; then
            "${package_sudo[@]}" systemctl disable --quiet "$service" 2>/dev/null || true
        fi
    done
}

package_install() {
    local held=no status=0
    export DEBIAN_FRONTEND=noninteractive
    package_policy_begin && held=yes
    "${package_sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        "${package_missing[@]}" || status=$?
    [[ $held == no ]] || package_policy_end
    ((status == 0)) || return "$status"
    package_services_off
}

# packages_need LOG NAME...: installs those that are missing, and says so.
package_missing=()
packages_need() {
    local log=$1 name here
    shift
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say_note "this is no Debian or Ubuntu: these packages, or what your system calls them, are up to you:"
        say_note "$*"
        return 0
    fi
    package_missing=()
    for name in "$@"; do
        package_installed "$name" || package_missing+=("$name")
    done
    ((${#package_missing[@]} > 0)) || return 0
    # A fresh machine has no lists yet, and does not know what a package is called here.
    package_rights
    ((say_steps == 0)) || say_steps=$((say_steps + 2))
    step 'Reading the lists of packages (apt-get update)' "$log" \
        "${package_sudo[@]}" apt-get update --quiet
    ((step_status == 0)) || die "the lists of packages cannot be read: apt-get update: see above"
    package_missing=()
    for name in "$@"; do
        here=$(package_here "$name")
        if [[ -n $here ]] && ! package_installed "$here"; then
            package_missing+=("$here")
        fi
    done
    ((${#package_missing[@]} > 0)) || return 0
    say_note "missing: ${package_missing[*]}"
    step 'Installing the missing packages' "$log" package_install
    ((step_status == 0)) ||
        die "packages cannot be installed: ${package_missing[*]}: install them by hand and run this again"
}
