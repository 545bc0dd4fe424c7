#!/bin/sh
# What a coding agent calls at its events. It writes the payload down and starts all else detached, so that the agent
# waits for three small processes and never for git or a network. At a start, what only a process in the
# repository can know is added: remote, commit, branch, and the blob hash of every rules file as it lies on disk.
# Usage: hook.sh AGENT EVENT < payload      Needs a POSIX shell; git for the repository; curl to send. Always exits 0.
agent=${1-}
event=${2-}
here=${0%/*}
[ "$here" != "$0" ] || here=.
LC_ALL=C
export LC_ALL
umask 077
state=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/agent-sidecar
spool=$state/spool
line_end='
'
GATHER_LIMIT_S=10 # for a repository that answers slowly; what is not gathered by then is left out
BREAKER_S=60      # how long nobody tries after a timeout
PAUSE_S=5         # how long only starts and ends try, after a sidecar that did not take what it was given

# Nanoseconds since 1970. Where date knows only seconds, an end counts as the second's end, or it would lie before what
# happened in the same second.
observe() {
  now=
  # bash tells the time without a process; a variable of that name says nothing in another shell
  [ -z "${BASH_VERSION-}" ] || now=${EPOCHREALTIME-}
  case $now in
    ??????????.??????)
      now=${now%.*}${now#*.}000
      return
      ;;
  esac
  now=$(date +%s%N)
  case $now in
    *[!0-9]*) now=$(date +%s) ;;
    ???????????????????) return ;;
    *) now=$(date +%s) ;;
  esac
  case $event in
    SessionEnd | TaskComplete | TaskError | TaskCancel) now=${now}999999999 ;;
    *) now=${now}000000000 ;;
  esac
}

is_shell() {
  case ${1##*/} in sh | dash | bash | zsh | ash | busybox) ;; *) return 1 ;; esac
}

# The process of the agent, to know later whether it died: the first ancestor that is no shell.
find_agent() {
  process=$PPID
  for _ in 1 2 3 4; do
    if [ -r "/proc/$process/stat" ]; then
      read -r about <"/proc/$process/stat"
      command=${about#*"("}
      command=${command%")"*}
      parent=${about##*")" ? }
      parent=${parent%% *}
    else
      command=$(ps -o comm= -p "$process")
      parent=$(ps -o ppid= -p "$process" | tr -d ' ')
    fi
    [ -n "$command" ] || break
    is_shell "$command" || return
    process=$parent
  done
  process=
}

# is_recent FILE SECONDS: whether the time in a file is at most so long before the hook's.
is_recent() {
  since=
  [ ! -f "$1" ] || read -r since <"$1"
  case $since in '' | 0* | *[!0-9]*) return 1 ;; esac
  waited=$((${now%?????????} - since))
  [ "$waited" -ge 0 ] && [ "$waited" -lt "$2" ]
}

# Whether nobody is to try now. What is left out is sent with the next event that is not.
is_left_alone() {
  ! is_recent "$state/breaker" "$BREAKER_S" || return 0
  case $event in
    *Prompt* | *Tool*) is_recent "$state/pause" "$PAUSE_S" ;;
    *) return 1 ;;
  esac
}

# detached COMMAND…: in a session of its own, with nothing of the agent's open.
detached() {
  detach=nohup
  command -v setsid >/dev/null && detach=setsid
  "$detach" "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

# deliver DRAFT NAME: hand over to the sender.
deliver() {
  mv -f "$1" "$spool/$2"
  : >"$state/wake"
}

take() {
  case $agent$event in '' | *[!A-Za-z_]*) return ;; esac
  [ -d "$spool" ] || mkdir -p "$spool" || return
  observe
  process=
  [ "$event" != SessionStart ] || find_agent
  name=$now.$$.$agent.$event.$process
  # send.sh takes over a draft whose writer is gone; a start is not whole before it is gathered
  case $event in
    SessionStart | TaskStart | TaskResume) draft=$state/start.$name ;;
    *) draft=$state/draft.$name ;;
  esac
  cat >"$draft"
  if [ ! -s "$draft" ]; then
    rm -f "$draft"
    return
  fi
  case $event in
    SessionStart | TaskStart | TaskResume) detached sh "$0" gather: "$draft" "$name" "$now" ;;
    *)
      if is_left_alone; then
        deliver "$draft" "$name"
      else
        detached sh "$here/send.sh" "$draft" "$name"
      fi
      ;;
  esac
}

# A JSON string of any bytes; what is not UTF-8 becomes U+FFFD, because a server refuses a whole body for it.
quoted() {
  case $1 in
    *[!A-Za-z0-9._/:@+=,~\ -]*) ;;
    *)
      printf '"%s"' "$1"
      return
      ;;
  esac
  printf '%s' "$1" | od -An -v -tu1 | awk '
    { for (i = 1; i <= NF; i++) bytes[++count] = $i + 0 }
    function follows(at, low, high) { return at <= count && bytes[at] >= low && bytes[at] <= high }
    function length_at(i,  b) {
      b = bytes[i]
      if (b < 128) return 1
      if (b >= 194 && b <= 223) return follows(i + 1, 128, 191) ? 2 : 0
      if (b >= 224 && b <= 239)
        return follows(i + 1, b == 224 ? 160 : 128, b == 237 ? 159 : 191) && follows(i + 2, 128, 191) ? 3 : 0
      if (b >= 240 && b <= 244)
        return follows(i + 1, b == 240 ? 144 : 128, b == 244 ? 143 : 191) && follows(i + 2, 128, 191) \
          && follows(i + 3, 128, 191) ? 4 : 0
      return 0
    }
    END {
      printf "\""
      for (i = 1; i <= count; i += size ? size : 1) {
        size = length_at(i)
        if (!size) printf "\\ufffd"
        else if (size == 1 && (bytes[i] < 32 || bytes[i] == 127)) printf "\\u%04x", bytes[i]
        else if (bytes[i] == 34 || bytes[i] == 92) printf "\\%c", bytes[i]
        else for (k = 0; k < size; k++) printf "%c", bytes[i + k]
      }
      printf "\""
    }'
}

# The remote's address without user, password, query or fragment.
remote() {
  address=$(git config --get remote.origin.url || git config --get "remote.$(git remote | sed -n 1p).url")
  case $address in
    *://*[@?#]*) printf '%s' "$address" | sed -e '1s,^\([A-Za-z][A-Za-z0-9+.-]*://\)[^/]*@,\1,' -e '1s,[?#].*$,,' ;;
    *) printf '%s' "$address" ;;
  esac
}

# Path and blob hash of each rules file of any agent, in one call of git.
rules() {
  root=$(git rev-parse --show-toplevel && printf x)
  root=${root%"${line_end}x"}
  cd -- "${root:-.}" || return
  set --
  for path in CLAUDE.md .claude/CLAUDE.md AGENTS.md GEMINI.md .clinerules .clinerules/*.md .cline/rules/*.md \
    .claude/rules/*.md .claude/rules/*/*.md; do
    [ ! -f "$path" ] || [ ! -r "$path" ] || set -- "$@" "$path"
  done
  [ $# -gt 0 ] || return
  hashes=$(git hash-object --no-filters -- "$@")
  comma=
  for path in "$@"; do
    hash=${hashes%%"$line_end"*}
    hashes=${hashes#"$hash"}
    hashes=${hashes#"$line_end"}
    [ -n "$hash" ] || break
    printf '%s{"path":%s,"sha":"%s"}' "$comma" "$(quoted "$path")" "$hash"
    comma=,
  done
}

gather() {
  printf ',"repository":{"remote":%s,"head":%s,"branch":%s},"rules":[%s]' "$(quoted "$(remote)")" \
    "$(quoted "$(git rev-parse --verify --quiet HEAD)")" "$(quoted "$(git symbolic-ref --quiet --short HEAD)")" \
    "$(rules)"
}

# wrap DRAFT NOW: the payload as it came, in the envelope of a start.
wrap() {
  gather >"$1.gathering" && mv -f "$1.gathering" "$1.gathered" &
  gatherer=$!
  (
    seconds=0
    while [ "$seconds" -lt "$GATHER_LIMIT_S" ]; do
      sleep 1
      seconds=$((seconds + 1))
    done
    kill "$gatherer"
  ) &
  watch=$!
  wait "$gatherer"
  kill "$watch"
  {
    printf '{"hook":'
    cat "$1"
    printf ',"observed_ns":%s' "$2"
    [ ! -f "$1.gathered" ] || cat "$1.gathered"
    printf '}'
  } >"$1.wrapped" && mv -f "$1.wrapped" "$1"
  rm -f "$1.gathering" "$1.gathered"
}

if [ "$agent" = gather: ]; then
  wrap "$2" "$4"
  deliver "$2" "$3"
  now=$4
  is_left_alone || exec sh "$here/send.sh"
  exit 0
fi
take >/dev/null 2>&1
[ "$agent" != cline ] || printf '{"cancel":false}'
exit 0
