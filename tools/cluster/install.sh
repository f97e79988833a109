#!/bin/sh
# Installs what a cluster needs from Debian or Ubuntu, and nothing where all of it is there. Go is not among it.
set -eu

packages=""
need() {  # a program, and the package that has it
    command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}
need containerd containerd
need runc runc
need ip iproute2
need unshare util-linux
need gcc gcc
[ -x /usr/lib/cni/bridge ] || [ -x /opt/cni/bin/bridge ] || packages="$packages containernetworking-plugins"
[ -e /usr/include/stdio.h ] || packages="$packages libc6-dev"
[ -n "$packages" ] || exit 0

command -v apt-get >/dev/null 2>&1 || { echo "not installed:$packages; there is no apt-get here" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    # the cluster runs its own containerd: the package's service is not wanted
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086 - a list of words
apt-get install -y -qq --no-install-recommends $packages
