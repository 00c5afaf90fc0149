#!/bin/bash
# Installs headers, plugin, the library that tests of apps are linked with, and pkg-config files. From the environment:
#   PREFIX      where to (/usr)
#   DESTDIR     put before every path written to, for packagers
#   PLUGIN_DIR  uWSGI's plugin folder; by default the one built into the uwsgi binary
#               (/usr/lib/uwsgi/plugins), with PREFIX in place of its /usr. uWSGI looks only there,
#               so with another PREFIX apps also need `plugin-dir = PREFIX/lib/uwsgi/plugins`.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr}
prefix=${prefix%/}
built_in=$("${UWSGI:-uwsgi}" --cflags | sed -nE 's/.*-DUWSGI_PLUGIN_DIR="\\"([^"\\]*)\\"".*/\1/p')
if [[ $built_in == /usr/* ]]; then
  plugin_dir=${PLUGIN_DIR:-$prefix/${built_in#/usr/}}
else
  plugin_dir=${PLUGIN_DIR:-$prefix/lib/uwsgi/plugins}
fi
destination=${DESTDIR:-}

# Installs copies, since include/aiopyr has links to the source folders, and the hash of all of them, which
# plugin and apps compare.
{ tools/abi_hash.py --list && echo aiopyr/abi_hash.h; } |
  while read -r header; do
    install -D -m 644 "include/$header" "$destination$prefix/include/$header"
  done

install -D -m 755 build/aiopyr_plugin.so "$destination$plugin_dir/aiopyr_plugin.so"

library=$destination$prefix/lib/libaiopyr.a
install -D -m 644 build/libaiopyr.a "$library"
# Most of the size is for debuggers.
strip --strip-debug "$library"

pc=$destination$prefix/lib/pkgconfig/aiopyr.pc
mkdir -p "$(dirname "$pc")"
cat > "$pc" <<PC
prefix=$prefix
includedir=\${prefix}/include
plugindir=$plugin_dir

Name: aiopyr
Description: Pyramid's views, coroutines and websockets in C++ apps that uWSGI hosts
Version: ${VERSION:?}
Requires: nlohmann_json
Cflags: -I\${includedir} -std=c++20 -fPIC
PC

# -rdynamic: the dynamic linker has to know the functions, so that messages can name them.
cat > "$(dirname "$pc")/aiopyr-testing.pc" <<PC
prefix=$prefix
libdir=\${prefix}/lib

Name: aiopyr-testing
Description: What tests of an aiopyr app are linked with
Version: ${VERSION:?}
Requires: aiopyr
Libs: -rdynamic -L\${libdir} -laiopyr $(tr '\n' ' ' <tools/libraries.txt)
PC

echo "Installed to $destination$prefix, the plugin to $destination$plugin_dir."
if [[ $plugin_dir != "$built_in" ]]; then
  echo "uWSGI looks for plugins in $built_in: give it plugin-dir = $plugin_dir."
fi
