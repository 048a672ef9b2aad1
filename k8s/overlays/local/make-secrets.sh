#!/bin/sh
# Makes the passwords of a local fleet, once; what is there is kept, since broker and database remember theirs.
set -eu
umask 077
cd "$(dirname -- "$0")"
mkdir -p secrets

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# keep FILE: standard input becomes the file, unless there is one.
keep() {
  if [ -e "secrets/$1" ]; then
    printf 'make-secrets: kept secrets/%s\n' "$1"
    return
  fi
  cat > "secrets/.$1.new"
  mv "secrets/.$1.new" "secrets/$1"
  printf 'make-secrets: made secrets/%s\n' "$1"
}

keep broker-admin.env <<TEXT
username=fleet-admin
password=$(random)
TEXT
keep broker-users.env <<TEXT
producer=$(random)
router=$(random)
worker=$(random)
TEXT
keep database.env <<TEXT
url=jdbc:postgresql://postgres:5432/fleet
user=fleet
password=$(random)
TEXT
# The first API key, of tenant default.
keep producer.env <<TEXT
bootstrap-key=flk_$(random)
TEXT
