#!/bin/sh
# Makes what docker-compose.yml needs and nobody should choose by hand: passwords in .env, and a certificate for
# NATS in deploy/nats-tls. What is there already is kept. Needs openssl.
set -eu
umask 077
cd "$(dirname "$0")/.."

touch .env
for name in BOOTSTRAP_API_KEY POSTGRES_PASSWORD TOLLGATE_DATABASE_PASSWORD \
  NATS_TOLLGATE_PASSWORD NATS_ENGINE1_PASSWORD NATS_FACTS_PASSWORD NATS_OPERATOR_PASSWORD; do
  # A letter first: nats-server takes digits with an e between for a number.
  grep -q "^$name=" .env || echo "$name=p$(openssl rand -hex 20)" >>.env
done

folder=deploy/nats-tls
if [ ! -f "$folder/server.pem" ]; then
  mkdir -p "$folder"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj /CN=nats \
    -addext "subjectAltName=DNS:nats,DNS:localhost,IP:127.0.0.1" \
    -keyout "$folder/server-key.pem" -out "$folder/server.pem" 2>/dev/null
  # The certificate is its own authority and no secret; the service reads it as another user.
  chmod 755 "$folder"
  chmod 644 "$folder/server.pem"
fi
echo "Passwords are in .env, the certificate of NATS in $folder/server.pem."
