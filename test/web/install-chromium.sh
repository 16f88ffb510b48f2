#!/usr/bin/env bash
# Puts Debian's chromium into data/chromium beside the project, for the tests of the pages.
#
# Nothing of the system changes and no rights are needed: packages are fetched with apt-get download and
# unpacked. Fails with a sentence where there is no apt; the tests then leave the browser out and say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
target=$PWD/data/chromium
[ -e "$target/complete" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for program in apt-get apt-cache dpkg; do
  command -v "$program" > /dev/null || { echo "no $program on this machine" >&2; exit 1; }
done
command -v chromium > /dev/null && exit 0

quick=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o APT::Sandbox::User=root)
packages=(chromium fontconfig-config fonts-dejavu-core)
if ! apt-cache show "${packages[@]}" > /dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || { echo 'apt has no package lists: run "apt-get update" as root first' >&2; exit 1; }
  apt-get "${quick[@]}" update
fi

# What of these and of what they need is not on the system yet.
missing=$(apt-get -qq -s --no-install-recommends install "${packages[@]}" | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
mkdir -p "$target"
# shellcheck disable=SC2086
(cd "$work" && apt-get "${quick[@]}" download $missing)
for package in "$work"/*.deb; do
  dpkg -x "$package" "$target"
  rm "$package"
done
touch "$target/complete"
