#!/bin/sh
# Makes the secrets of a fleet in containers, once, into .env at the top, which git ignores and only its owner
# can read. One that is there is kept, since broker and database remember theirs.
set -eu
umask 077
cd "$(dirname -- "$0")/../.."
file=${1:-.env}

if [ -e "$file" ]; then
  printf 'make-env: kept %s\n' "$file" >&2
  exit 0
fi
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Each line of the example that ends with = gets a secret.
while IFS= read -r line; do
  case $line in
    '#'*) printf '%s\n' "$line" ;;
    *_KEY=) printf '%sflk_%s\n' "$line" "$(random)" ;;
    *=) printf '%s%s\n' "$line" "$(random)" ;;
    *) printf '%s\n' "$line" ;;
  esac
done < .env.example > "$file.new"
mv "$file.new" "$file"
printf 'make-env: made %s\n' "$file" >&2
