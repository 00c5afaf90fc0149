# For scripts of this folder, which are in the root: defines copy_tree.

# Copies the files of the working tree, without build results, to a folder. Build results there stay, and
# so do equal files, with their times.
copy_tree() {
  mkdir -p "$1"
  find "$1" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  git ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- --ignore-failed-read 2>/dev/null | tar --extract --directory="$1"
}
