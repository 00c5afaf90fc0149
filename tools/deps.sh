#!/bin/bash
# Installs missing packages of tools/packages.txt, or of the list there that PACKAGES names. The arguments
# are the groups to install (none: all). Needs neither network nor root when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")"

# Prints the packages of the groups given, or of all.
wanted() {
  local line group=
  while read -r line; do
    case $line in
      '' | '#'*) ;;
      '['*']') group=${line//[\[\]]/} ;;
      *) [[ $# == 0 || " $* " == *" $group "* ]] && echo "$line" ;;
    esac
  done <"${PACKAGES:-packages.txt}"
}

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing=()
for package in $(wanted "$@"); do
  is_installed "$package" || missing+=("$package")
done
[[ ${#missing[@]} == 0 ]] && exit 0

echo "Installing: ${missing[*]}"
as_root=()
if [[ $(id -u) != 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "deps: no sudo here; as root run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
"${apt_get[@]}" update
"${apt_get[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null
