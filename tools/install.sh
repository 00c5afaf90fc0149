#!/bin/bash
# Installs headers, plugin, aiopyr-migrate, the clients' libraries, the library that tests of apps are linked
# with, pkg-config files and a CMake package. From the environment:
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

install -D -m 755 build/aiopyr-migrate "$destination$prefix/bin/aiopyr-migrate"

# The clients, each with its library: postgres, redis, http.
clients=()
for archive in build/libaiopyr-*.a; do
  [[ -f $archive ]] && client=${archive#build/libaiopyr-} && clients+=("${client%.a}")
done

for library in libaiopyr "${clients[@]/#/libaiopyr-}"; do
  install -D -m 644 "build/$library.a" "$destination$prefix/lib/$library.a"
  # Most of the size is for debuggers.
  strip --strip-debug "$destination$prefix/lib/$library.a"
done

# Prints the link flags that a file lists, one a line, as one line.
flags_of() {
  tr '\n' ' ' <"$1" | sed 's/ $//'
}

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
Libs: -rdynamic -L\${libdir} -laiopyr $(flags_of tools/libraries.txt)
PC

# An app that uses a client is linked with its library; a test of the app with aiopyr-testing too.
for client in "${clients[@]}"; do
  cat > "$(dirname "$pc")/aiopyr-$client.pc" <<PC
prefix=$prefix
libdir=\${prefix}/lib

Name: aiopyr-$client
Description: The client for $client of aiopyr's apps
Version: ${VERSION:?}
Requires: aiopyr
Libs: -L\${libdir} -laiopyr-$client $(flags_of "clients/$client/libraries.txt")
PC
done

# find_package(aiopyr) gives aiopyr::aiopyr for apps, aiopyr::testing for their tests, aiopyr::CLIENT.
cmake=$destination$prefix/lib/cmake/aiopyr
mkdir -p "$cmake"
cat > "$cmake/aiopyr-config-version.cmake" <<CMAKE
set(PACKAGE_VERSION "$VERSION")
if(PACKAGE_FIND_VERSION VERSION_LESS_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_EXACT TRUE)
endif()
CMAKE
{
  cat <<'CMAKE'
get_filename_component(_aiopyr_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET aiopyr::aiopyr)
  add_library(aiopyr::aiopyr INTERFACE IMPORTED)
  target_include_directories(aiopyr::aiopyr INTERFACE "${_aiopyr_prefix}/include")
  target_compile_features(aiopyr::aiopyr INTERFACE cxx_std_20)
  set_target_properties(aiopyr::aiopyr PROPERTIES INTERFACE_POSITION_INDEPENDENT_CODE ON)
CMAKE
  cmake_library() {
    cat <<CMAKE
  add_library(aiopyr::$1 INTERFACE IMPORTED)
  target_link_libraries(aiopyr::$1 INTERFACE aiopyr::aiopyr "\${_aiopyr_prefix}/lib/lib$2.a" $3)
CMAKE
  }
  for client in "${clients[@]}"; do
    cmake_library "$client" "aiopyr-$client" "$(flags_of "clients/$client/libraries.txt")"
  done
  cmake_library testing aiopyr "$(flags_of tools/libraries.txt) -rdynamic"
  echo 'endif()'
} > "$cmake/aiopyr-config.cmake"

echo "Installed to $destination$prefix, the plugin to $destination$plugin_dir."
if [[ $plugin_dir != "$built_in" ]]; then
  echo "uWSGI looks for plugins in $built_in: give it plugin-dir = $plugin_dir."
fi
