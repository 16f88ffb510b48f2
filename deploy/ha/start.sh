#!/usr/bin/env bash
# Starts what Tollgate needs to outlive a machine, all of it on this one, to be tried and killed: three etcd, two PostgreSQL
# under Patroni with synchronous replication, three nats-servers. Needs Debian's patroni, etcd-server, postgresql and
# nats-server on PATH or in NATS_SERVER_BIN.
#
#     deploy/ha/start.sh /var/tmp/ha [first port]
#
# Writes DATABASE_URL and NATS_URL to FOLDER/environment when all is there, and the process id of each part to FOLDER/<part>.pid.
# Ends with all parts on SIGTERM or Ctrl-C. In production each part has a machine of its own; the configurations are the same.
set -euo pipefail
folder=${1:?name a folder}
base=${2:-25400}
nats=${NATS_SERVER_BIN:-nats-server}
for program in etcd patroni "$nats"; do
  command -v "$program" > /dev/null || { echo "$program is not installed" >&2; exit 1; }
done
postgres=$(find /usr/lib/postgresql -path '*/bin/postgres' 2> /dev/null | sort -V | tail -n 1)
[ -n "$postgres" ] || { echo 'PostgreSQL is not installed' >&2; exit 1; }

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
rm -f "$folder/environment"
# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as=(setpriv --reuid postgres --regid postgres --clear-groups)
fi
[ -s "$folder/password" ] || (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' '-_' > "$folder/password")
password=$(cat "$folder/password")
host=127.0.0.1

start() { # name, command …
  local name=$1
  shift
  "$@" >> "$folder/$name.log" 2>&1 &
  echo $! > "$folder/$name.pid"
}
stop() {
  trap - EXIT TERM INT
  # Patroni stops its PostgreSQL, and tells etcd.
  end patroni-1 patroni-2
  end nats-1 nats-2 nats-3 etcd-1 etcd-2 etcd-3
}
end() { # names
  local pids=() name
  for name in "$@"; do
    if [ -s "$folder/$name.pid" ]; then pids+=("$(cat "$folder/$name.pid")"); fi
  done
  kill "${pids[@]}" 2> /dev/null || true
  wait "${pids[@]}" 2> /dev/null || true
}
trap stop EXIT
trap 'exit 0' TERM INT

etcds='' cluster='' routes='' servers=''
for n in 1 2 3; do
  cluster+="${cluster:+,}etcd-$n=http://$host:$((base + 10 + n))"
  etcds+="${etcds:+,}$host:$((base + n))"
  routes+="${routes:+, }nats://$host:$((base + 50 + n))"
  servers+="${servers:+,}nats://$host:$((base + 40 + n))"
done
for n in 1 2 3; do
  start "etcd-$n" etcd --name "etcd-$n" --data-dir "$folder/etcd-$n" --initial-cluster "$cluster" \
    --listen-client-urls "http://$host:$((base + n))" --advertise-client-urls "http://$host:$((base + n))" \
    --listen-peer-urls "http://$host:$((base + 10 + n))" --initial-advertise-peer-urls "http://$host:$((base + 10 + n))"
  cat > "$folder/nats-$n.conf" << CONF
server_name: nats-$n
listen: "$host:$((base + 40 + n))"
jetstream { store_dir: "$folder/nats-$n" }
cluster { name: tollgate, listen: "$host:$((base + 50 + n))", routes: [$routes] }
CONF
  start "nats-$n" "$nats" -c "$folder/nats-$n.conf"
done

for n in 1 2; do
  # ttl: how long a leader that is gone holds up the next one. Patroni wants ttl ≥ loop_wait + 2 × retry_timeout.
  cat > "$folder/patroni-$n.yml" << CONF
scope: tollgate
name: postgres-$n
restapi: { listen: "$host:$((base + 30 + n))", connect_address: "$host:$((base + 30 + n))" }
etcd3: { hosts: "$etcds" }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters: { max_connections: 200, hot_standby_feedback: "on" }
  initdb: [{ encoding: UTF8 }, { locale: C }, data-checksums]
  pg_hba: ["host replication replicator $host/32 scram-sha-256", "host all all $host/32 scram-sha-256"]
postgresql:
  listen: "$host:$((base + 20 + n))"
  connect_address: "$host:$((base + 20 + n))"
  data_dir: "$folder/postgres-$n"
  bin_dir: "$(dirname "$postgres")"
  pgpass: "$folder/pgpass-$n"
  authentication:
    superuser: { username: postgres, password: "$password" }
    replication: { username: replicator, password: "$password" }
    rewind: { username: rewinder, password: "$password" }
  parameters: { unix_socket_directories: "", password_encryption: scram-sha-256 }
CONF
  chmod 600 "$folder/patroni-$n.yml"
  if [ ${#as[@]} -gt 0 ]; then chown postgres "$folder/patroni-$n.yml"; fi
  (cd "$folder" && exec "${as[@]}" patroni "$folder/patroni-$n.yml") >> "$folder/patroni-$n.log" 2>&1 &
  echo $! > "$folder/patroni-$n.pid"
done

# Both are there when one leads and the other follows in step.
until curl -fsS "http://$host:$((base + 31))/cluster" 2> /dev/null | grep -q '"sync_standby"'; do sleep 0.5; done
(
  umask 077
  echo "DATABASE_URL=postgres://postgres:$password@$host:$((base + 21)),$host:$((base + 22))/postgres"
  echo "NATS_URL=$servers"
) > "$folder/environment.new"
mv "$folder/environment.new" "$folder/environment"
echo "all parts run; DATABASE_URL and NATS_URL stand in $folder/environment"
wait
