#!/bin/sh
# Posts what an agent gives to its hook, unchanged. At a start it adds what only a process in the repository can know:
# remote, commit, branch, and the blob hash of every rules file as it lies on disk; at an end the commit, once more.
# Usage: hook.sh AGENT EVENT < payload      Needs SIDECAR_URL, git and curl. Never makes the agent wait or fail.
agent=$1
event=$2
now=$(date +%s%N)

post() {
  curl --silent --max-time 2 --output /dev/null --header 'Content-Type: application/json' \
    --header "X-Sidecar-Observed-Ns: $now" --data-binary @- "$SIDECAR_URL/hooks/$agent" || true
}

quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

rules() {
  comma=
  for path in CLAUDE.md AGENTS.md GEMINI.md .clinerules .clinerules/*.md .cline/rules/*.md .claude/rules/*.md; do
    [ -f "$path" ] || continue
    printf '%s{"path":%s,"sha":"%s"}' "$comma" "$(quoted "$path")" "$(git hash-object --no-filters "$path")"
    comma=,
  done
}

measured() {
  printf '{"hook":%s,"observed_ns":%s,' "$(cat)" "$now"
  printf '"repository":{"remote":%s,"head":%s,"branch":%s},' "$(quoted "$(git config --get remote.origin.url)")" \
    "$(quoted "$(git rev-parse HEAD)")" "$(quoted "$(git symbolic-ref --quiet --short HEAD)")"
  printf '"rules":[%s]}' "$1"
}

case $event in
  SessionStart | TaskStart) measured "$(rules)" | post ;;
  SessionEnd | TaskComplete | TaskError | TaskCancel) measured | post ;;
  *) post ;;
esac
if [ "$agent" = cline ]; then
  printf '{"cancel":false}'
fi
exit 0
