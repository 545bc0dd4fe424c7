#!/bin/sh
# Sends what hook.sh left: hooks from the spool, oldest first, then the session files from where the sidecar last
# acknowledged them. One process sends at a time; what cannot be sent stays for the next event of any session.
# After a timeout nobody tries for a minute. Its address: SIDECAR_URL, else the file `url` beside it, whose token in the
# file `headers` goes to no other address.
# Usage: send.sh [DRAFT NAME]      with a hook that is to be put into the spool first.
here=${0%/*}
[ "$here" != "$0" ] || here=.
LC_ALL=C
export LC_ALL
umask 077
state=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/agent-sidecar
spool=$state/spool
attached=
[ ! -f "$here/url" ] || read -r attached <"$here/url"
attached=${attached%/}
url=${SIDECAR_URL:-${attached:-http://127.0.0.1:4318}}
url=${url%/}
headers=$here/headers
[ -f "$headers" ] && [ "$url" = "${attached:-$url}" ] || headers=
sessions=
line_end='
'
CONNECT_S=2
HOOK_LIMIT_S=5
PIECE_LIMIT_S=20
PIECE_BYTES=2097152       # of one upload; far below what the sidecar takes in one request
LARGEST_LINE_BYTES=33554432
SPOOLED_AT_MOST=1000      # hooks kept for a sidecar that is away
DEAD_S=10                 # a file so old, of an agent that is gone, waits for no hook of an end any more
QUIET_S=21600             # a file nobody wrote to for that long is of a session that is over
LINGER_S=3                # agents write their last lines after the hook of their end
NOT_SENT=1
REFUSED=2

# post FILE CONTENT_TYPE TARGET LIMIT_S [OBSERVED_NS]: 0 acknowledged, REFUSED for good, NOT_SENT for now.
post() {
  body=$1
  target=$3
  set -- --max-time "$4" --header "Content-Type: $2" ${5:+--header "X-Sidecar-Observed-Ns: $5"}
  [ -z "$headers" ] || set -- "$@" --header "@$headers"
  case $url in *://127.0.0.1* | *://localhost* | *://\[::1\]*) set -- "$@" --noproxy '*' ;; esac
  code=$(curl -q --silent --connect-timeout "$CONNECT_S" "$@" --output /dev/null --write-out '%{http_code}' \
    --header 'Expect:' --data-binary @- "$url$target" <"$body")
  status=$?
  if [ "$status" -eq 28 ]; then
    date +%s >"$state/breaker.new" && mv -f "$state/breaker.new" "$state/breaker"
  fi
  [ "$status" -eq 0 ] || code=
  case $code in
    2??) return 0 ;;
    400 | 413 | 415 | 422) return "$REFUSED" ;;
  esac
  date +%s >"$state/pause"
  return "$NOT_SENT"
}

# know_sessions: where the marks of this sidecar's sessions lie; another one has acknowledged nothing yet.
know_sessions() {
  [ -z "$sessions" ] || return 0
  sum=$(printf '%s' "$url" | cksum)
  sessions=$state/sessions.${sum%% *}
}

# read_text FILE: its text as `text`, however it ends; empty where there is none.
read_text() {
  text=
  [ -f "$1" ] || return 0
  if IFS= read -r text <"$1"; then
    text=$(cat "$1" && printf x)
    text=${text%x}
  fi
}

# post_piece TARGET
post_piece() {
  post "$state/piece" application/octet-stream "/transcripts/$1" "$PIECE_LIMIT_S"
}

# field PATH FILE: the string at a path of object names, decoded; nothing where it is none. A name inside a text or a
# nested object is not mistaken for it. The text comes as an argument of `printf %b`, so no byte of it is shell.
field() {
  encoded=$(awk -v wanted="$1" '
    BEGIN { RS = "\001" }
    { text = text $0 }
    function octal(code) {
      if (code < 128) return sprintf("\\0%03o", code)
      if (code < 2048) return sprintf("\\0%03o\\0%03o", 192 + int(code / 64), 128 + code % 64)
      if (code < 65536)
        return sprintf("\\0%03o\\0%03o\\0%03o", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
      return sprintf("\\0%03o\\0%03o\\0%03o\\0%03o", 240 + int(code / 262144), 128 + int(code / 4096) % 64, \
        128 + int(code / 64) % 64, 128 + code % 64)
    }
    function hex(digits,  i, value) {
      for (i = 1; i <= 4; i++) value = value * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
      return value
    }
    function decoded(token,  i, c, code, out) {
      for (i = 1; i <= length(token); i++) {
        c = substr(token, i, 1)
        if (c != "\\") { out = out c; continue }
        c = substr(token, ++i, 1)
        if (c == "u") {
          code = hex(substr(token, i + 1, 4)); i += 4
          if (code >= 55296 && code < 56320 && substr(token, i + 1, 2) == "\\u") {
            code = 65536 + (code - 55296) * 1024 + hex(substr(token, i + 3, 4)) - 56320; i += 6
          }
          out = out octal(code)
        }
        else if (c == "n") out = out "\\0012"
        else if (c == "t") out = out "\\0011"
        else if (c == "r") out = out "\\0015"
        else if (c == "b") out = out "\\0010"
        else if (c == "f") out = out "\\0014"
        else if (c == "\\") out = out "\\0134"
        else out = out c
      }
      return out
    }
    END {
      count = length(text)
      for (i = 1; i <= count; i++) {
        c = substr(text, i, 1)
        if (c == "\"") {
          from = ++i
          while (i <= count && (c = substr(text, i, 1)) != "\"") i += c == "\\" ? 2 : 1
          token = substr(text, from, i - from)
          if (is_key[depth]) { name[depth] = token; is_key[depth] = 0; continue }
          path = ""
          for (k = 1; k <= depth; k++) path = path (k > 1 ? "." : "") name[k]
          if (path == wanted) { printf "%s", decoded(token); exit }
        }
        else if (c == "{") { depth++; is_key[depth] = is_object[depth] = 1; name[depth] = "" }
        else if (c == "[") { depth++; is_key[depth] = is_object[depth] = 0; name[depth] = "[" }
        else if (c == "}" || c == "]") depth--
        else if (c == ",") is_key[depth] = is_object[depth]
      }
    }' "$2")
  printf '%b' "$encoded"
}

is_plain() {
  case $1 in '' | .* | *..* | *[!0-9A-Za-z_.-]*) return 1 ;; esac
}

# track FILE AGENT EVENT PROCESS: remember whose session files are to be sent.
track() {
  know_sessions
  inside=
  case $3 in
    SessionStart | TaskStart | TaskResume) inside=hook. ;;
    Stop | SessionEnd | TaskComplete | TaskError | TaskCancel | SessionShutdown) ;;
    *) return ;;
  esac
  case $2 in
    claude_code)
      session=$(field "${inside}session_id" "$1")
      path=$(field "${inside}transcript_path" "$1" && printf x)
      path=${path%x}
      case $path in /*/"$session.jsonl") ;; *) return ;; esac
      ;;
    cline)
      session=$(field "${inside}sessionContext.rootSessionId" "$1")
      [ -n "$session" ] || session=$(field "${inside}taskId" "$1")
      path=$HOME/.cline/data/sessions/$session
      ;;
    *) return ;;
  esac
  is_plain "$session" || return
  folder=$sessions/$2/$session
  [ -d "$folder" ] || mkdir -p "$folder" || return
  printf '%s' "$path" >"$folder/path"
  [ -z "$4" ] || printf '%s' "$4" >"$folder/process"
  : >"$folder/open"
  case $3 in
    SessionStart | TaskStart | TaskResume) [ ! -e "$folder/ended" ] || rm -f "$folder/ended" ;;
    SessionEnd | TaskComplete | TaskError | TaskCancel | SessionShutdown)
      : >"$folder/ended"
      linger_until=$(($(date +%s) + LINGER_S))
      ;;
  esac
}

send_hooks() {
  for waiting in "$spool"/*; do
    [ -f "$waiting" ] || continue
    name=${waiting##*/}
    observed=${name%%.*}
    rest=${name#*.*.}
    agent=${rest%%.*}
    rest=${rest#*.}
    event=${rest%%.*}
    post "$waiting" application/json "/hooks/$agent" "$HOOK_LIMIT_S" "$observed"
    [ $? -ne "$NOT_SENT" ] || return 1
    track "$waiting" "$agent" "$event" "${rest#*.}"
    rm -f "$waiting"
  done
}

# Of hooks that nobody took, the newest are kept.
trim_spool() {
  set -- "$spool"/*
  while [ $# -gt "$SPOOLED_AT_MOST" ]; do
    rm -f "$1"
    shift
  done
}

# size_of FILE: its bytes as `size`. Some programs put blanks before a number.
size_of() {
  size=$(wc -c <"$1")
  size=$((size))
}

# remembered FILE: the number in it as `number`, else 0.
remembered() {
  read_text "$1"
  case $text in '' | 0?* | *[!0-9]*) number=0 ;; *) number=$text ;; esac
}

remember() {
  printf '%s' "$2" >"$1.new" && mv -f "$1.new" "$1"
}

# send_lines FILE AGENT SESSION PART FOLDER: append-only files go in pieces of whole lines.
send_lines() {
  [ -f "$1" ] || return 0
  case $4 in */*) mark=$5/offset.${4%%/*}-${4#*/} ;; *) mark=$5/offset.$4 ;; esac
  remembered "$mark"
  offset=$number
  size_of "$1"
  whole=$size
  [ "$whole" -ge "$offset" ] || offset=0
  piece_bytes=$PIECE_BYTES
  while [ "$offset" -lt "$whole" ]; do
    tail -c "+$((offset + 1))" "$1" | head -c "$piece_bytes" >"$state/piece"
    size_of "$state/piece"
    taken=$size
    if [ "$(tail -c 1 "$state/piece" && printf x)" != "${line_end}x" ]; then
      sed '$d' "$state/piece" >"$state/piece.lines"
      mv -f "$state/piece.lines" "$state/piece"
      size_of "$state/piece"
    fi
    length=$size
    if [ "$length" -eq 0 ]; then
      # one line that is longer than a piece, or the last one, which is still being written
      [ "$taken" -eq "$piece_bytes" ] && [ "$piece_bytes" -lt "$LARGEST_LINE_BYTES" ] || return 0
      piece_bytes=$((piece_bytes * 4))
      continue
    fi
    post_piece "$2?session=$3&part=$4&offset=$offset"
    case $? in "$NOT_SENT") return 1 ;; "$REFUSED") : >"$5/refused" ;; esac
    offset=$((offset + length))
    remember "$mark" "$offset"
    piece_bytes=$PIECE_BYTES
  done
}

# send_whole FILE AGENT SESSION PART FOLDER: files that are written anew go whole, when they have changed.
send_whole() {
  [ -s "$1" ] || return 0
  cp -f "$1" "$state/piece" || return 0
  sum=$(cksum <"$state/piece")
  read_text "$5/sum.$4"
  [ "$sum" != "$text" ] || return 0
  post_piece "$2?session=$3&part=$4&offset=0"
  case $? in "$NOT_SENT") return 1 ;; "$REFUSED") : >"$5/refused" ;; esac
  remember "$5/sum.$4" "$sum"
}

# send_session AGENT SESSION FOLDER: what the sidecar has not acknowledged of one session.
send_session() {
  read_text "$3/path"
  path=$text
  case $1 in
    claude_code)
      send_lines "$path" "$1" "$2" main "$3" || return 1
      for part in "${path%.jsonl}"/subagents/agent-*.jsonl; do
        stem=${part##*/}
        stem=${stem%.jsonl}
        is_plain "$stem" || continue
        send_lines "$part" "$1" "$2" "subagents/$stem" "$3" || return 1
      done
      main=$path
      ;;
    cline)
      send_whole "$path/$2.json" "$1" "$2" session "$3" || return 1
      send_whole "$path/$2.messages.json" "$1" "$2" messages "$3" || return 1
      main=$path/$2.messages.json
      ;;
  esac
  [ -e "$3/ended" ] || end_if_died "$main" "$1" "$2" "$3"
}

# end_if_died FILE AGENT SESSION FOLDER: a session that was killed has no hook of its end; the file's last time is it.
end_if_died() {
  [ -s "$1" ] || return 0
  written=$(date -r "$1" +%s) || return 0
  patience=$DEAD_S
  read_text "$4/process"
  process=$text
  if [ -z "$process" ] || kill -0 "$process" 2>/dev/null; then
    patience=$QUIET_S
  fi
  [ $(($(date +%s) - written)) -gt "$patience" ] || return 0
  case $2 in
    claude_code)
      remembered "$4/offset.main"
      head -c "$number" "$1" | tail -n 1 >"$state/piece"
      size_of "$state/piece"
      about="part=main&offset=$((number - size))"
      ;;
    cline)
      cp -f "$1" "$state/piece" || return 0
      about="part=messages&offset=0"
      ;;
  esac
  [ -s "$state/piece" ] || return 0
  post_piece "$2?session=$3&$about&quiet_since=${written}999999999"
  [ $? -ne "$NOT_SENT" ] || return 1
  : >"$4/ended"
}

send_files() {
  know_sessions
  for folder in "$sessions"/*/*/; do
    folder=${folder%/}
    [ -f "$folder/open" ] || continue
    session=${folder##*/}
    agent=${folder%/*}
    agent=${agent##*/}
    send_session "$agent" "$session" "$folder" || return 1
    [ ! -e "$folder/ended" ] || [ "$looked" -lt "$linger_until" ] || rm -f "$folder/open"
  done
}

# What is known of sessions whose files the agent has swept away, or never wrote, is of no more use.
forget_swept() {
  for folder in "$sessions"/*/*/; do
    [ -f "$folder/path" ] || continue
    read_text "$folder/path"
    [ ! -e "$text" ] || continue
    read_text "$folder/process"
    process=$text
    if [ -f "$folder/open" ] && [ ! -f "$folder/ended" ]; then
      [ -n "$process" ] && ! kill -0 "$process" 2>/dev/null || continue
    fi
    rm -rf "$folder"
  done
}

sign() {
  mkdir "$state/lock" 2>/dev/null && printf '%s' $$ >"$state/lock/holder"
}

lock() {
  sign && return
  for _ in 1 2 3; do
    sleep 1 # a holder that has only just come has not signed yet
    sign && return
    read_text "$state/lock/holder"
    holder=$text
    [ -z "$holder" ] || break
  done
  [ -z "$holder" ] || ! kill -0 "$holder" 2>/dev/null || return 1
  mv "$state/lock" "$state/lock.$$" 2>/dev/null || return 1
  rm -rf "$state/lock.$$"
  sign
}

# What is written while it is sent, however long that takes, is found by the next look.
send_all() {
  looked=0
  linger_until=0
  while :; do
    rm -f "$state/wake"
    send_hooks && send_files || return 1
    [ -e "$state/wake" ] && continue
    [ "$looked" -lt "$linger_until" ] || return 0
    sleep 1
    looked=$(date +%s)
  done
}

# deliver DRAFT NAME: into the spool, where it is not there already.
deliver() {
  mv -f "$1" "$spool/$2"
  : >"$state/wake"
}

# What a hook wrote down whose own sender never came, as where the machine stopped right after the agent.
adopt_drafts() {
  for stray in "$state"/draft.*.*.*.*.*; do
    [ -s "$stray" ] || continue
    name=${stray##*/draft.}
    writer=${name#*.}
    kill -0 "${writer%%.*}" || deliver "$stray" "$name"
  done
}

[ $# -ne 2 ] || deliver "$1" "$2"
while [ -e "$state/wake" ] && lock; do
  adopt_drafts
  send_all
  sent=$?
  trim_spool
  [ "$sent" -ne 0 ] || forget_swept
  rm -rf "$state/piece" "$state/piece.lines" "$state/lock"
  [ "$sent" -eq 0 ] || break
done
exit 0
