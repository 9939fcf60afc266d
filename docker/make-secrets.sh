#!/bin/sh
# Makes the passwords of one installation, once, and the addresses that hold them: a file each, in DIR.   make-secrets.sh DIR
# compose.yaml runs it into a volume before everything else; the hosts are its services.
set -eu
dir=${1:?usage: make-secrets.sh DIR}
mkdir -p -- "$dir"
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
# What is there stays: databases were set up with it.
keep() { [ -s "$dir/$1" ] || printf '%s' "$2" > "$dir/$1"; }

for name in postgres redis rabbitmq ami-dialer ami-monitor ari-observer sip-agent grafana; do keep "$name-password" "$(password)"; done
of() { cat -- "$dir/$1-password"; }
keep database-url "postgres://discador:$(of postgres)@postgres:5432/discador"
keep redis-url "redis://:$(of redis)@redis:6379"
keep redis.conf "requirepass $(of redis)
"
keep amqp-url "amqp://discador:$(of rabbitmq)@rabbitmq:5672"
keep rabbitmq.conf "default_user = discador
default_pass = $(of rabbitmq)
log.console = true
"
keep ami-dialer-url "tcp://dialer:$(of ami-dialer)@asterisk:5038"
keep ami-monitor-url "tcp://monitor:$(of ami-monitor)@asterisk:5038"
keep ari-url "http://observer:$(of ari-observer)@asterisk:8088"
chmod 0755 "$dir"
chmod 0444 "$dir"/* # the servers run as users of their own, each in its container
