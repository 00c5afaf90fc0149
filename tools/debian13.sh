#!/bin/bash
# Builds this tree on Debian 13 and runs its tests there, in a root below build/debian13 that
# debootstrap fills: unit tests, then those functional tests that need no browser.
#
# The root and its build are kept for the next time. Needs root rights and a mirror (DEBIAN_MIRROR=);
# without them it prints that and exits with 75. FILTER= names
# functional tests, JOBS= says how many processes build and test.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly suite=trixie unavailable=75
readonly mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
readonly root=$PWD/build/debian13
readonly jobs=${JOBS:-$(nproc)}

give_up() {
  echo "test-debian13: not run: $*" >&2
  exit "$unavailable"
}

make_root() {
  [[ -e $root/.made ]] && return
  [[ $(id -u) == 0 ]] || give_up "debootstrap needs root"
  tools/deps.sh debian13 >&2 || give_up "debootstrap is not there and could not be installed"
  unshare --mount true 2>/dev/null || give_up "no mount namespaces here"
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -n 5 "$root.log" >&2; give_up "debootstrap could not make a root from $mirror"; }
  touch "$root/.made"
}

# Runs a command in the root, with its own mounts, which end with it.
inside() {
  unshare --mount bash -euc '
    root=$1; shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    exec chroot "$root" "$@"' bash "$root" "$@"
}

in_tree() {
  inside env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    AIOPYR_TEST_PATIENCE="${AIOPYR_TEST_PATIENCE:-1}" ${AIOPYR_TESTS_AGAIN:+AIOPYR_TESTS_AGAIN=1} \
    bash -euc 'cd /src; "$@"' bash "$@"
}

make_root
. tools/copy_tree.sh
copy_tree "$root/src"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
in_tree tools/deps.sh build test || give_up "the packages of Debian 13 could not be installed"
in_tree make -k "-j$jobs" all build/tests/unit test-programs
in_tree bash -c 'rm -f tests/functional/test_*browser.py'
in_tree /usr/bin/python3 tools/run_tests.py --unit build/tests/unit --jobs "$((2 * jobs))" \
  --functional tests/functional --filter "${FILTER:-}"
