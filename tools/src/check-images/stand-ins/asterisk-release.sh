#!/bin/sh
# Debian's sources of Asterisk, named and packed as its makers publish a release:   asterisk-release.sh SOURCES OUT
# SOURCES holds what `apt-get source asterisk` downloads, and the package asterisk-core-sounds-en-gsm. The same input gives the same bytes.
set -eu
sources=$1
out=$2
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
pack() { tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner "$@"; }
unpack() { mkdir -- "$work/$2" && tar --extract --file "$1" --strip-components=1 --directory "$work/$2"; }

original=$(ls "$sources"/asterisk_*.orig.tar.xz)
version=$(basename "$original" | sed 's/^asterisk_\([0-9.]*[0-9]\).*/\1/')
asterisk=asterisk-$version
unpack "$original" "$asterisk"
pjsip_version=$(sed -n 's/^PJPROJECT_VERSION=//p' "$work/$asterisk/third-party/versions.mak")
pjsip=pjproject-$pjsip_version
unpack "$sources"/asterisk_*.orig-Xpjproject.tar.xz "$pjsip"
# A driver of a sound card that Debian leaves out, its licence not being free.
sed -i 's/ bdimad_dev\.o//' "$work/$pjsip/pjmedia/build/Makefile"

mkdir -p -- "$out/asterisk/releases" "$out/sounds/releases" "$out/pjproject/$pjsip_version"
pack --directory "$work" "$pjsip" | bzip2 --fast > "$out/pjproject/$pjsip_version/$pjsip.tar.bz2"
(cd "$out/pjproject/$pjsip_version" && md5sum "$pjsip.tar.bz2") > "$work/$asterisk/third-party/pjproject/$pjsip.tar.bz2.md5"
pack --directory "$work" "$asterisk" | gzip -n > "$out/asterisk/releases/$asterisk.tar.gz"

sounds=$(ls "$sources"/asterisk-core-sounds-en-gsm_*.deb)
sounds_version=$(basename "$sounds" | sed 's/^[^_]*_\([0-9.]*\)-.*/\1/')
dpkg-deb -x "$sounds" "$work/sounds"
pack --directory "$work"/sounds/usr/share/asterisk/sounds/en* . | gzip -n > "$out/sounds/releases/asterisk-core-sounds-en-gsm-$sounds_version.tar.gz"
