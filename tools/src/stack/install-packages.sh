#!/bin/sh
# Installs Debian packages as root so that nothing they bring starts by itself and no database cluster is made.
#   install-packages.sh PACKAGE...
set -eu
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 RUNLEVEL=1
policy=/usr/sbin/policy-rc.d
cluster_conf=/etc/postgresql-common/createcluster.conf
shipped_conf=/usr/share/postgresql-common/createcluster.conf
policy_is=given cluster_is=given

forbids_start() { [ -x "$policy" ] && { rc=0; "$policy" redis-server start >/dev/null 2>&1 || rc=$?; [ "$rc" -eq 101 ]; }; }

undo() {
  [ "$policy_is" = given ] || rm -f "$policy"
  [ "$policy_is" != replaced ] || mv -f "$policy.before-discador" "$policy"
  case $cluster_is in
    replaced) mv -f "$cluster_conf.before-discador" "$cluster_conf" ;;
    made) if [ -f "$shipped_conf" ]; then cp "$shipped_conf" "$cluster_conf"; else rm -f "$cluster_conf"; fi ;;
  esac
}
trap undo EXIT
trap 'exit 130' HUP INT TERM

if ! forbids_start; then
  policy_is=made
  if [ -e "$policy" ]; then mv "$policy" "$policy.before-discador"; policy_is=replaced; fi
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi

if [ -f "$cluster_conf" ]; then cp -p "$cluster_conf" "$cluster_conf.before-discador"; cluster_is=replaced; else cluster_is=made; fi
mkdir -p "${cluster_conf%/*}"
printf 'create_main_cluster = false\n' > "$cluster_conf"

install() { apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"; }
# The package lists may be missing or older than the mirror: fetch them only when the first try says so.
install "$@" || { apt-get -q update && install "$@"; }
