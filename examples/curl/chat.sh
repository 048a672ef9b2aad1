#!/bin/sh
# Asks the fleet by curl: a whole answer, a streamed one, and a task that is fetched later.
#
#   OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=$(cat .fleet/api-key) examples/curl/chat.sh
set -eu

: "${OPENAI_BASE_URL:?is the fleet\'s URL with /v1}"
: "${OPENAI_API_KEY:?is a key of the fleet}"
model=${MODEL:-builtin-minilm}
api=${OPENAI_BASE_URL%/v1}/api/v1
question='A queue keeps messages until they are read. What does a queue keep?'

# The HTTP status decides about curl's exit code, too.
ask() {
  curl -sS --fail-with-body -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' "$@"
}

echo '== a whole answer'
ask "$OPENAI_BASE_URL/chat/completions" \
  -d "{\"model\": \"$model\", \"messages\": [{\"role\": \"user\", \"content\": \"$question\"}]}"
echo

echo '== as it is made'
ask -N "$OPENAI_BASE_URL/chat/completions" \
  -d "{\"model\": \"$model\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"$question\"}]}"

# However often this is sent with its key, it is one task: safe to repeat when the answer got lost.
echo '== handed over, and fetched when it is done'
task=$(ask "$api/tasks" -H "Idempotency-Key: chat-sh-$$" \
  -d "{\"type\": \"chat\", \"input\": {\"text\": \"$question\"}}" | sed 's/.*"id" *: *"\([^"]*\)".*/\1/')
ask -H 'Prefer: wait=60' "$api/tasks/$task"
echo
