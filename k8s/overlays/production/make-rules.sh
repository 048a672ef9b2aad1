#!/bin/sh
# Makes prometheus-rules.yaml of observability/prometheus/rules: a PrometheusRule for each file, with its groups as they are.
set -eu
cd "$(dirname -- "$0")"
rules=../../../observability/prometheus/rules

{
  for file in "$rules"/*.yml; do
    case $file in *.test.yml | *_test.yml) continue ;; esac
    [ -f "$file" ] || { printf 'make-rules: there are no rules in %s\n' "$rules" >&2; exit 1; }
    printf -- '---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: llm-fleet-%s\nspec:\n' \
      "$(basename "$file" .yml)"
    sed '/^---$/d; s/^\(.\)/  \1/' "$file"
  done
} > .prometheus-rules.new
mv .prometheus-rules.new prometheus-rules.yaml
