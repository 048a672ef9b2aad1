#!/bin/sh
# What ./fleet does where the fleet runs in containers: there is no JDK 25, or FLEET_RUNTIME=docker.
set -eu
from=$PWD
cd "$(dirname -- "$0")/../.."
env_file=${COMPOSE_ENV_FILES:-.env}

say() { printf 'fleet: %s\n' "$1" >&2; }

# fail STATUS TEXT
fail() {
  say "$2"
  exit "$1"
}

# The command line in a container, as whoever asks, who may name files of the folder that this is run from.
cli() {
  docker compose run --rm -T --no-deps --user "$(id -u):$(id -g)" --env FLEET_HOME=/tmp/fleet \
    --volume "$from:/work:ro" --workdir /work cli "$@"
}

# The same as the user of the image, who alone keeps the passwords of AMQP clients.
operator() { docker compose run --rm -T --no-deps "$@"; }

up() {
  deploy/compose/make-env.sh "$env_file"
  [ "${1:-}" != --no-install ] || shift
  say "building the images; the first time takes some minutes"
  docker compose build --quiet >&2 || fail 1 "the images cannot be built; what is wrong is above"
  docker compose up --wait "$@" >&2 || fail 1 "not everything is up; see ./fleet status and ./fleet logs"
}

tell() {
  url=http://$(docker compose port producer-service 8080)
  printf 'API      %s/api/v1\ndocs     %s/swagger-ui.html\nkey      %s  (kept in %s)\n' \
    "$url" "$url" "$(sed -n 's/^FLEET_BOOTSTRAP_KEY=//p' "$env_file")" "$env_file"
  printf 'try      ./fleet submit chat --text "What is a queue? A queue keeps messages until they are read." --wait\n'
}

# Of every container; what ran once and ended well is up, too.
status() {
  docker compose ps --all --format '{{.Service}}|{{.Status}}|{{.State}} {{.Health}} {{.ExitCode}}' | sort | awk -F '|' '
    { printf "%-18s%s\n", $1, $2; here[$1] = 1 }
    $3 !~ /^running (healthy)? 0$/ && !($1 ~ /^(topology|certificates)$/ && $3 ~ /^exited  0$/) { bad = 1 }
    END {
      n = split("rabbitmq postgres producer-service router-service worker-service", all, " ")
      for (i = 1; i <= n; i++) if (!(all[i] in here)) { printf "%-18sdown\n", all[i]; bad = 1 }
      exit bad ? 3 : 0
    }'
}

# By the names that ./fleet logs has for parts, or by Compose's.
logs() {
  for word; do
    shift
    case $word in
      producer | router | worker) word=$word-service ;;
      broker) word=rabbitmq ;;
      database) word=postgres ;;
    esac
    set -- "$@" "$word"
  done
  docker compose logs --tail 30 "$@"
}

down() {
  case ${1:-} in
    '') docker compose --profile '*' down >&2 && printf 'the fleet is down\n' ;;
    --wipe) docker compose --profile '*' down --volumes >&2 && printf 'the fleet is down and wiped\n' ;;
    *) fail 2 "down knows --wipe only" ;;
  esac
}

# The file goes through standard output: a container writes nothing on this machine.
backup() {
  file=${1:-.}
  case $file in /*) ;; *) file=$from/$file ;; esac
  [ ! -d "$file" ] || file=$file/fleet-$(date -u +%Y%m%dT%H%M%SZ).zip
  [ ! -e "$file" ] || fail 1 "$file is there already"
  (umask 077 && operator --entrypoint sh cli -c 'f=/home/fleet/$$.zip; trap "rm -f $f" EXIT; fleet backup $f >&2 && cat $f' > "$file.new") \
    || { rm -f "$file.new"; exit 1; }
  mv "$file.new" "$file"
  printf '%s\n' "$file"
}

restore() {
  file=${1:-}
  case $file in /*) ;; *) file=$from/$file ;; esac
  [ -f "$file" ] || fail 2 "there is no file $file"
  shift
  operator --entrypoint sh cli -c 'f=/home/fleet/$$.zip; trap "rm -f $f" EXIT; cat > $f && fleet restore $f "$@"' sh "$@" < "$file"
}

command=${1:-}
case $command in
  test | bench | chaos) fail 1 "$command needs a JDK 25 on this machine" ;;
  up) shift; up "$@"; tell; exit ;;
  demo) [ -e "$env_file" ] && status > /dev/null || up; cli "$@"; exit ;;
esac
[ -e "$env_file" ] || fail 3 "there is no fleet yet: start it with ./fleet up"
case $command in
  status | logs | down | backup | restore) shift; "$command" "$@" ;;
  client | topology) operator cli "$@" ;;
  *) cli "$@" ;;
esac
