#!/usr/bin/env bash
# Puts Debian's kamailio and SIPp, and the module http_async_client, into data/sip beside the project.
#
# Nothing of the system changes and no rights are needed: packages are fetched with apt-get download and
# unpacked, no daemon starts. Debian 12 describes http_async_client as part of kamailio-extra-modules but does not
# pack it, so it is compiled from Debian's own source package (needs gcc and make; without them the example runs
# with http_client). Fails with a sentence where there is no apt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
target=$PWD/data/sip
module=http_async_client.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for program in apt-get apt-cache dpkg; do
  command -v "$program" > /dev/null || { echo "no $program on this machine" >&2; exit 1; }
done

quick=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o APT::Sandbox::User=root)

# What of these and of what they need is not on the system yet.
missing() {
  apt-get -qq -s --no-install-recommends install "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}

unpack() {
  [ $# -gt 0 ] || return 0
  (cd "$work" && apt-get "${quick[@]}" download "$@")
  for package in "$work"/*.deb; do
    dpkg -x "$package" "$target"
    rm "$package"
  done
}

packages=(kamailio kamailio-utils-modules kamailio-extra-modules sip-tester)
if ! apt-cache show "${packages[@]}" > /dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || { echo 'apt has no package lists: run "apt-get update" as root first' >&2; exit 1; }
  apt-get "${quick[@]}" update
fi
mkdir -p "$target"
# shellcheck disable=SC2046
unpack $(missing "${packages[@]}")

library=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2> /dev/null || echo "$(uname -m)-linux-gnu")
modules=$target/usr/lib/$library/kamailio/modules
mkdir -p "$modules"
[ -e "$modules/$module" ] && exit 0
command -v gcc make > /dev/null || { echo "no gcc and make: without $module" >&2; exit 0; }

# The sources come from where the package came from; lists of sources of our own, since most machines have none.
version=$(apt-cache policy kamailio | sed -n 's/ *Candidate: //p')
origin=$(apt-cache madison kamailio | sed -n "s/.*| *$version *| *\(http[^ ]*\) \([^/ ]*\)\/main .*/\1 \2/p" | head -n 1)
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
echo "deb-src $origin main" > "$work/sources.list"
private=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache")
apt-get "${quick[@]}" "${private[@]}" update
(cd "$work" && apt-get "${quick[@]}" "${private[@]}" source --download-only "kamailio=$version")
mkdir "$work/source"
tar -xzf "$work"/kamailio_*.orig.tar.gz -C "$work/source" --strip-components=1

headers=$work/headers
mkdir "$headers"
needed=$(missing libevent-dev libcurl4-openssl-dev)
if [ -n "$needed" ]; then
  # shellcheck disable=SC2086
  (cd "$work" && apt-get "${quick[@]}" download $needed)
  for package in "$work"/*.deb; do
    case $package in
      *-dev_*) dpkg -x "$package" "$headers" ;;
      *) dpkg -x "$package" "$target" ;;
    esac
    rm "$package"
  done
fi
cd "$work/source"
make -s cfg prefix=/usr > /dev/null
libraries="-L$target/usr/lib/$library"
make -s -C src/modules/http_async_client \
  "CURLDEFS=-I$headers/usr/include -I$headers/usr/include/$library" LEVENTDEFS= \
  "CURLLIBS=$libraries -l:libcurl.so.4" "LEVENTLIBS=-l:libevent-2.1.so.7" > /dev/null
cp "src/modules/http_async_client/$module" "$modules/"
