#!/bin/sh
# Makes a certificate authority for development, and a certificate signed by it for each server.
# What is there is kept. For production take the certificates of your own authority.
set -eu
umask 077

usage() {
  cat <<'TEXT'
make-dev-ca.sh [FOLDER [SERVER=NAME,NAME,...]...]

  FOLDER   where the files go (certs, beside this script)
  SERVER   a word for the files' names; NAME: a host name or an IP address by which it is reached
           (rabbitmq=rabbitmq,localhost,127.0.0.1,::1 postgres=postgres,localhost,127.0.0.1,::1)

Makes ca.pem and ca.key, and for each server SERVER.pem and SERVER.key. Keys can be read by their
owner only. DAYS says how long certificates hold (825).
TEXT
}

fail() {
  printf 'make-dev-ca: %s\n' "$1" >&2
  exit 1
}

say() { printf 'make-dev-ca: %s\n' "$1"; }

days=${DAYS:-825}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

case ${1:-} in
  -h | --help) usage; exit 0 ;;
esac
case $days in
  '' | *[!0-9]* | 0*) fail "DAYS is '$days', accepted: a number of days" ;;
esac
command -v openssl >/dev/null || fail "there is no openssl on this machine"

folder=${1:-$here/certs}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- rabbitmq=rabbitmq,localhost,127.0.0.1,::1 postgres=postgres,localhost,127.0.0.1,::1

# All of them before the first file is made.
for server in "$@"; do
  printf '%s\n' "$server" | grep -Eq '^[a-z0-9-]{1,40}=[A-Za-z0-9*._:-]+(,[A-Za-z0-9*._:-]+)*$' \
    || fail "'$server' is no server, accepted: SERVER=NAME,NAME,... as in rabbitmq=rabbitmq,localhost,127.0.0.1"
  [ "${server%%=*}" != ca ] || fail "a server cannot be named ca"
done

# DNS:name,IP:address,... of a list of names and addresses.
alternative_names() {
  printf '%s\n' "$1" | tr ',' '\n' | while IFS= read -r name; do
    case $name in
      *:* | [0-9]*.[0-9]*.[0-9]*.*[0-9]) kind=IP ;;
      *) kind=DNS ;;
    esac
    printf '%s:%s\n' "$kind" "$name"
  done | paste -s -d , -
}

# new_key FILE
new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null || fail "openssl cannot make a key"
}

make_authority() {
  if [ -e "$folder/ca.pem" ]; then
    say "kept $folder/ca.pem"
    return
  fi
  [ ! -e "$folder/ca.key" ] || fail "$folder has a ca.key without its ca.pem: take it away, or give another folder"
  new_key "$work/ca.key"
  cat > "$work/ca.conf" <<'TEXT'
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = LLM Fleet development CA
[authority]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
TEXT
  openssl req -x509 -new -key "$work/ca.key" -sha256 -days "$days" -config "$work/ca.conf" -out "$work/pem" \
    || fail "openssl cannot make the authority's certificate"
  mv "$work/ca.key" "$folder/ca.key"
  publish "$folder/ca.pem"
  say "made $folder/ca.pem (who trusts the servers needs it) and ca.key (nobody else does)"
}

# make_server NAME SUBJECT_ALTERNATIVE_NAMES
make_server() {
  if [ -e "$folder/$1.pem" ]; then
    say "kept $folder/$1.pem"
    return
  fi
  [ ! -e "$folder/$1.key" ] || fail "$folder has a $1.key without its $1.pem: take it away, or give another folder"
  [ -e "$folder/ca.key" ] || fail "$folder has no ca.key, so nothing can be signed"
  new_key "$work/$1.key"
  openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/request" || fail "openssl cannot ask for a certificate"
  cat > "$work/server.conf" <<TEXT
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $2
TEXT
  openssl x509 -req -in "$work/request" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
    -sha256 -days "$days" -extfile "$work/server.conf" -out "$work/pem" 2>/dev/null \
    || fail "openssl cannot sign the certificate of $1 for $2"
  mv "$work/$1.key" "$folder/$1.key"
  publish "$folder/$1.pem"
  say "made $folder/$1.pem and $1.key for $2"
}

# A certificate is no secret.
publish() {
  chmod 644 "$work/pem"
  mv "$work/pem" "$1"
}

if [ ! -d "$folder" ]; then
  mkdir -p "$folder" || fail "cannot make the folder $folder"
  # Whoever may read certificates has to get at them.
  chmod 755 "$folder"
fi
# In the same folder, so that a file appears whole or not at all.
work=$(mktemp -d "$folder/.new.XXXXXX") || fail "cannot write to $folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

make_authority
for server in "$@"; do
  make_server "${server%%=*}" "$(alternative_names "${server#*=}")"
done
