#!/bin/sh
# install.sh ARCHIVE [--prefix DIR] [--bin DIR]      installs seqsweep from an archive on this disk, or replaces what is there
# install.sh --remove [--prefix DIR] [--bin DIR]     removes it
# DIR: /opt/seqsweep and /usr/local/bin for root, else ~/.local/share/seqsweep and ~/.local/bin. Databases and settings are never touched.
set -eu

say() { echo "install.sh: $*" >&2; }
fail() { say "$@"; exit 1; }
usage() { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }

if [ "$(id -u)" -eq 0 ]; then prefix=/opt/seqsweep bin=/usr/local/bin; else prefix=$HOME/.local/share/seqsweep bin=$HOME/.local/bin; fi
archive='' remove=''
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || usage; prefix=$2; shift ;;
    --bin) [ $# -gt 1 ] || usage; bin=$2; shift ;;
    --remove) remove=yes ;;
    -*) usage ;;
    *) [ -z "$archive" ] || usage; archive=$1 ;;
  esac
  shift
done
[ "${archive:+a}${remove:+r}" = a ] || [ "${archive:+a}${remove:+r}" = r ] || usage
prefix=$(realpath -m "$prefix") bin=$(realpath -m "$bin")
link=$bin/seqsweep

# Only a folder that this script made, and nothing of the user's with it.
if [ -e "$prefix" ]; then
  [ -f "$prefix/seqsweep.dll" ] || [ -z "$(ls -A "$prefix")" ] || fail "$prefix is no installation of seqsweep; nothing was changed"
  database=$(find "$prefix" -name .seqsweep -print -quit)
  [ -z "$database" ] || fail "$database is a database; move it to another folder first; nothing was changed"
fi
if { [ -e "$link" ] || [ -L "$link" ]; } && [ "$(readlink "$link" || true)" != "$prefix/seqsweep" ]; then
  fail "$link is there and does not lead to $prefix; remove it or say --bin DIR; nothing was changed"
fi

if [ -n "$remove" ]; then
  if [ ! -e "$prefix" ] && [ ! -L "$link" ]; then say "nothing to remove in $prefix"; exit 0; fi
  rm -rf "$prefix"
  rm -f "$link"
  echo "removed $prefix and $link"
  exit 0
fi

[ -f "$archive" ] || fail "there is no file $archive"
sums=$(dirname "$archive")/SHA256SUMS
if [ -f "$sums" ]; then
  name=$(basename "$archive")
  grep -F "  $name" "$sums" | (cd "$(dirname "$archive")" && sha256sum --check --strict --quiet >&2) ||
    fail "$name is not what SHA256SUMS says; nothing was changed"
else
  say "no SHA256SUMS beside the archive: its checksum was not checked"
fi

mkdir -p "$(dirname "$prefix")" "$bin"
new=$(mktemp -d "$prefix.XXXXXX")
trap 'rm -rf "$new"' EXIT
tar -xzf "$archive" -C "$new" --strip-components=1 --no-same-owner
chmod 755 "$new"
[ -f "$new/seqsweep.dll" ] || fail "$archive is no archive of seqsweep; nothing was changed"
# The one loads OpenSSL, the other SQLite.
{ "$new/seqsweep" validate "$new/sweeps/quickstart.yaml" && "$new/seqsweep" version; } >/dev/null ||
  fail "the program does not run here; it needs glibc 2.34, libstdc++6 and OpenSSL 3 (Debian: apt-get install libssl3); nothing was changed"
rm -rf "$prefix"
mv "$new" "$prefix"
ln -sfn "$prefix/seqsweep" "$link"

echo "installed in $prefix; next:"
case ":$PATH:" in *":$bin:"*) command=seqsweep ;; *) command=$link ;; esac
echo "  $command run $prefix/sweeps/quickstart.yaml"
