#!/bin/sh
# bundle.sh SOURCE TARGET: copies an app's templates and static files into the folder where the plugin
# looks for them: `app/` beside `app.so`.
set -eu
rm -rf "$2"
for folder in templates static; do
  [ -d "$1/$folder" ] || continue
  mkdir -p "$2"
  cp -Rp "$1/$folder" "$2/"
done
