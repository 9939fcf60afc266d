#!/bin/sh
# Writes the configuration of one PBX into OUT_DIR from etc/*.conf and makes its runtime folder.
#   render.sh OUT_DIR        values come from the environment: see README.md
# Exit 0 fine, 2 usage, 78 a value is missing or cannot be used (its name is printed, never the value).
set -eu
umask 077

usage() { echo "usage: render.sh OUT_DIR" >&2; exit 2; }
refuse() { echo "render.sh: $1" >&2; exit 78; }
value_of() { eval "printf '%s' \"\${$1-}\""; }

[ $# -eq 1 ] && [ -n "$1" ] || usage
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p -- "$1"
ETC_DIR=$(CDPATH='' cd -- "$1" && pwd)

: "${TRUNK_URI:=}" "${AGENTS:=10}" "${AGENT_WRAPUP_SEC:=0}" "${RTP_START:=20000}" "${RTP_END:=29999}" "${AMI_PERMIT:=127.0.0.1/255.255.255.255}"
: "${SIP_AGENT_SECRET:=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}"

required='ASTERISK_ROOT ASTERISK_HOME PBX_NAME AMI_PORT AMI_BIND AMI_PERMIT ARI_PORT ARI_BIND SIP_PORT SIP_BIND
  AMI_DIALER_SECRET AMI_MONITOR_SECRET ARI_OBSERVER_SECRET SIP_AGENT_SECRET AGENTS AGENT_WRAPUP_SEC RTP_START RTP_END'
numbers='AMI_PORT ARI_PORT SIP_PORT AGENTS AGENT_WRAPUP_SEC RTP_START RTP_END'

for name in $required; do
  [ -n "$(value_of "$name")" ] || refuse "$name is missing"
done
for name in $numbers; do
  case $(value_of "$name") in *[!0-9]*) refuse "$name must be a whole number" ;; esac
done
# A line break would start a setting of its own, and Asterisk trims blanks at both ends.
for name in $required TRUNK_URI; do
  value=$(value_of "$name"; echo .)
  case ${value%.} in *[[:cntrl:]]* | ' '* | *' ') refuse "$name has a control character or a blank at an end" ;; esac
done
case $TRUNK_URI in '' | sip:?*) ;; *) refuse "TRUNK_URI must look like sip:host:port" ;; esac
case $ASTERISK_HOME in /*) ;; *) refuse "ASTERISK_HOME must be an absolute path" ;; esac

root=${ASTERISK_ROOT%/}
first_dir() { for dir in "$@"; do if [ -d "$dir" ]; then printf '%s' "$dir"; return; fi; done; }
MODULES_DIR=$(first_dir "$root"/usr/lib/*/asterisk/modules "$root/usr/lib/asterisk/modules" "$root/usr/lib64/asterisk/modules")
[ -n "$MODULES_DIR" ] || refuse "ASTERISK_ROOT holds no Asterisk modules"
share=$(first_dir "$root/usr/share/asterisk" "$root/var/lib/asterisk")
[ -n "$share" ] || refuse "ASTERISK_ROOT holds no Asterisk data"

for dir in varlib db keys data/sounds data/moh agi-bin spool run log/cel-custom log/cdr-csv; do mkdir -p -- "$ASTERISK_HOME/$dir"; done
# Asterisk's own data, except that the packages leave the link sounds/en to their installation scripts.
for entry in "$share"/*; do
  case ${entry##*/} in sounds | moh) ;; *) ln -sfn -- "$entry" "$ASTERISK_HOME/data/${entry##*/}" ;; esac
done
sounds=$(first_dir "$share/sounds/en" "$share"/sounds/en_US* "$share"/sounds/en_*)
[ -z "$sounds" ] || ln -sfn -- "$sounds" "$ASTERISK_HOME/data/sounds/en"
MOH_DIR=$(first_dir "$share/moh" "$ASTERISK_HOME/data/moh")

ASTERISK_ROOT=$root
CARRIER=carrier
TRUNK_HOST=
if [ -n "$TRUNK_URI" ]; then
  CARRIER=trunk
  TRUNK_HOST=${TRUNK_URI#sip:}; TRUNK_HOST=${TRUNK_HOST##*@}; TRUNK_HOST=${TRUNK_HOST%%;*}; TRUNK_HOST=${TRUNK_HOST%:*}
fi
export ETC_DIR MODULES_DIR MOH_DIR CARRIER TRUNK_HOST TRUNK_URI ASTERISK_ROOT AGENTS AGENT_WRAPUP_SEC RTP_START RTP_END AMI_PERMIT SIP_AGENT_SECRET

for template in "$here"/etc/*.conf; do
  LC_ALL=C awk -f "$here/render.awk" "$template" > "$ETC_DIR/.new"
  mv -f -- "$ETC_DIR/.new" "$ETC_DIR/${template##*/}"
done
[ -n "$TRUNK_URI" ] || : > "$ETC_DIR/pjsip-trunk.conf"

i=1
while [ "$i" -le "$AGENTS" ]; do
  printf 'member => Local/agent%02d@agents/n,0,agent%02d\n' "$i" "$i"
  i=$((i + 1))
done > "$ETC_DIR/queue-demo-members.conf"
