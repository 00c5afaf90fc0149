#!/bin/sh
# bundle.sh SOURCE TARGET: puts what an app needs beside its code, its templates, into the folder where
# the plugin looks for it: `app/` beside `app.so`.
set -eu
rm -rf "$2"
[ -d "$1/templates" ] || exit 0
mkdir -p "$2"
cp -R "$1/templates" "$2/"
