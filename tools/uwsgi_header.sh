#!/bin/bash
# uwsgi_header.sh FOLDER: writes uWSGI's header, and the macros that it was built with, as the binary
# itself ($UWSGI) prints them. Unchanged files keep their times, so that nothing is built again; for another
# uWSGI, uwsgi.h becomes newer than the build.
set -euo pipefail

folder=$1
mkdir -p "$folder"
new=$(mktemp -d "$folder/new.XXXXXX")
trap 'rm -rf "$new"' EXIT

"${UWSGI:-uwsgi}" --cflags | grep -oE -- '-[DI][^ ]*' | grep -v '^-I\.$' > "$new/flags.txt"
echo "-isystem $folder" >> "$new/flags.txt"
"${UWSGI:-uwsgi}" --dot-h > "$new/uwsgi.h"

cmp -s "$new/flags.txt" "$folder/flags.txt" && cmp -s "$new/uwsgi.h" "$folder/uwsgi.h" && exit 0
mv "$new/flags.txt" "$new/uwsgi.h" "$folder/"
touch "$folder/uwsgi.h"
