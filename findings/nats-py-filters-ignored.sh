#!/usr/bin/env bash
# A consumer that asks for two subjects gets them all: nats-py beside Debian's nats-server.
#
# Packages: nats-py 2.16.0 (PyPI), nats-server 2.9.10 (Debian 12); nats 2.29.3 (npm) beside them.
# Guess: filter_subjects, a field of server 2.10, is refused for an older server, by the client or
#   the server.
# Basis: nats.js 2.29.3 refuses it ("requires server 2.10.0"); every server tells its version on
#   connecting.
# Seen: nats-py sends the field, server 2.9 passes over what it does not know, and the consumer is made
#   with no filter at all. Only the returned config, with filter_subjects None, shows it.
# Why it matters: the biller of two tenants' calls settles the calls of all of them. Compare the config
#   that comes back with the one that was sent.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

lists=(-o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache" -o "APT::Sandbox::User=")
mkdir -p lists/partial cache/archives/partial
apt-get "${lists[@]}" -qq update >/dev/null
apt-get "${lists[@]}" -qq download nats-server >/dev/null
dpkg -x nats-server_*.deb root
version=$(root/usr/sbin/nats-server --version)
case $version in *v2.9.*) ;; *) echo "changed: this Debian has $version, not 2.9" >&2; exit 1 ;; esac
python3 -m venv v && v/bin/pip -q install --disable-pip-version-check nats-py==2.16.0
npm init -y >/dev/null && npm install --silent --no-audit --no-fund --ignore-scripts nats@2.29.3 >/dev/null
mkdir ports
root/usr/sbin/nats-server -a 127.0.0.1 -p -1 --ports_file_dir "$dir/ports" -js -sd "$dir/js" >log 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in $(seq 100); do compgen -G 'ports/*.ports' >/dev/null && break; sleep 0.1; done
URL=$(grep -o 'nats://127.0.0.1:[0-9]*' ports/*.ports | head -1); export URL
cat > t.py <<'PY'
import asyncio, os, sys, nats
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig
async def main():
    nc = await nats.connect(os.environ["URL"])
    js = nc.jetstream()
    await js.add_stream(StreamConfig(name="CALLS", subjects=["call.>"]))
    for tenant in ("a", "b", "c"):
        await js.publish("call." + tenant, b"1")
    made = await js.add_consumer("CALLS", ConsumerConfig(durable_name="bill", filter_subjects=["call.a", "call.b"], ack_policy=AckPolicy.EXPLICIT))
    sub = await js.pull_subscribe_bind("bill", "CALLS")
    got = [m.subject for m in await sub.fetch(3, timeout=5)]
    await nc.close()
    print("nats-py: asked for call.a and call.b, config that came back:", made.config.filter_subjects, "received:", got)
    if made.config.filter_subjects is not None or got != ["call.a", "call.b", "call.c"]:
        sys.exit("changed: nats-py")
asyncio.run(main())
PY
v/bin/python t.py
cat > t.js <<'JS'
const { connect } = require('nats');
(async () => {
  const nc = await connect({ servers: process.env.URL }), manager = await nc.jetstreamManager();
  const answer = await manager.consumers.add('CALLS', { durable_name: 'other', filter_subjects: ['call.a', 'call.b'], ack_policy: 'explicit' }).then(() => 'taken', (e) => e.message);
  await nc.close();
  console.log('nats.js:', answer);
  if (!answer.includes('requires server')) { console.error('changed: nats.js'); process.exit(1); }
})();
JS
node t.js
echo "confirmed with $version: the filter is dropped without a word"
