#!/bin/bash
# Runs the example `flights` with a daemon of its own in a temporary folder, from the first night to the last date.
#
# Usage: etc/examples/demo.sh [FOLDER OF THE PROGRAMS]        (default: .build/release)
# KEEP=1 keeps the temporary folder. Exit status: 0 when everything went as announced, else 1.
# Every number on the screen is measured in this run. What a person would type is shown after a `$`.

set -euo pipefail
export LC_ALL=C.UTF-8

examples=$(cd "$(dirname "$0")" && pwd)
programs=$(cd "${1:-.build/release}" && pwd)
PATH=$programs:$PATH
began=$EPOCHREALTIME
daemon=
done_dates=0

bold='' dim='' off=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' off=$'\e[0m'; fi

heading() { printf '\n%s== %s ==%s\n' "$bold" "$1" "$off"; }
say() { printf '%s\n' "$*"; }
# Shows a command as a person would type it, then runs it.
type_in() {
  local word line=
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./:=@%+,-]*) line+=" \"$word\"" ;; *) line+=" $word" ;; esac
  done
  printf '%s$%s%s\n' "$bold" "${line//"$work"/\$DEMO}" "$off"
  "$@"
}
fail() {
  printf '\n%sNot as expected: %s%s\n' "$bold" "$1" "$off" >&2
  if [ -n "${work:-}" ] && [ -s "$work/backfilld.log" ]; then
    say "The last lines of the daemon:" >&2
    tail -n 20 "$work/backfilld.log" >&2
  fi
  exit 1
}
# expect WHAT FOUND WANTED
expect() {
  [ "$2" = "$3" ] || fail "$1: found \`$2\`, expected \`$3\`"
  printf '%s  ok: %s: %s%s\n' "$dim" "$1" "$2" "$off"
}
# The seconds since an earlier value of EPOCHREALTIME, with two decimals.
seconds_since() {
  local hundredths=$(((${EPOCHREALTIME/./} - ${1/./}) / 10000))
  printf '%d.%02d s' $((hundredths / 100)) $((hundredths % 100))
}

need_packages() {
  local missing=() as_root=()
  command -v sqlite3 > /dev/null || missing+=(sqlite3)
  command -v jq > /dev/null || missing+=(jq)
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  say "Installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "${missing[@]}" > /dev/null ||
    fail "apt-get could not install ${missing[*]}"
}

# Stops the daemon whatever happened, and removes the folder.
clean_up() {
  local status=$?
  trap - EXIT
  if [ -n "$daemon" ] && kill -CONT "$daemon" 2> /dev/null; then
    kill -TERM "$daemon" 2> /dev/null || true
    for _ in {1..100}; do kill -0 "$daemon" 2> /dev/null || break; sleep 0.1; done
    kill -KILL "$daemon" 2> /dev/null || true
    wait "$daemon" 2> /dev/null || true
  fi
  if [ "${KEEP:-}" = 1 ]; then say "Kept: $work"; else rm -rf "$work"; fi
  exit "$status"
}

start_daemon() {
  local from=$EPOCHREALTIME
  say "$bold\$ backfilld --config-dir \$DEMO/etc --state-dir \$DEMO/var --runtime-dir \$DEMO/run &$off"
  backfilld --config-dir "$work/etc" --state-dir "$work/var" --runtime-dir "$work/run" >> "$work/backfilld.log" 2>&1 &
  daemon=$!
  until backfillctl status > /dev/null 2>&1; do
    kill -0 "$daemon" 2> /dev/null || fail "the daemon ended instead of starting"
    [ $((${EPOCHREALTIME/.*/} - ${from/.*/})) -lt 30 ] || fail "the daemon does not answer after 30 s"
    sleep 0.02
  done
  say "It answers after $(seconds_since "$from") (process $daemon)."
}

# Reads the window's status into state, total, done_dates, chunk (its number or `none`), running (date and steps).
read_status() {
  backfillctl status flights --json > "$work/status.json" || fail "backfillctl status does not answer"
  IFS=$'\t' read -r state total done_dates chunk running < <(jq -r '.windows[0] | [
    .state, .dates.total, .dates.states.done, (.chunk.id // "none"),
    ([.running[] | .date + " " + (.steps | join(" + "))] | join(", ") | if . == "" then "-" else . end)
    ] | @tsv' "$work/status.json")
}

# One line that is written over on a terminal; elsewhere a line for every ten dates.
show_progress() {
  local width=30 filled bar
  filled=$((width * done_dates / total))
  printf -v bar '%*s' "$filled" ''
  bar=${bar// /█}
  while [ ${#bar} -lt $width ]; do bar+=░; done
  if [ -t 1 ]; then
    printf '\r\e[K%s %2d of %d dates  %s' "$bar" "$done_dates" "$total" "${running/#-/}"
  elif [ $((done_dates / 10)) -ne "$shown_tens" ]; then
    shown_tens=$((done_dates / 10))
    printf '%s %2d of %d dates  %s\n' "$bar" "$done_dates" "$total" "${running/#-/}"
  fi
}

# Follows the window until it is in STATE and no date runs; with COUNT, until so many dates are done and no chunk is
# open.
follow() {
  local wanted=$1 count=${2:-} from=$EPOCHREALTIME before=$done_dates
  shown_tens=$((done_dates / 10))
  while :; do
    read_status
    show_progress
    if [ "$state" = "$wanted" ] && [ "$running" = - ]; then
      [ -n "$count" ] || break
      [ "$done_dates/$chunk" != "$count/none" ] || break
    elif [ "$state" != "$wanted" ] && [ "$state" != active ]; then
      fail "the window is $state: $(jq -r '.windows[0].reason // "no reason"' "$work/status.json")"
    fi
    [ $((${EPOCHREALTIME/.*/} - ${from/.*/})) -lt 90 ] || fail "still $state with $done_dates dates done after 90 s"
    sleep 0.1
  done
  [ ! -t 1 ] || say
  say "$((done_dates - before)) more done in $(seconds_since "$from"), $done_dates of $total in all."
}

# How many dates got which verdict, from the last status that was read.
verdict_counts() {
  jq -r '.windows[0].dates.verdicts
    | "\(.pass) pass, \(.inconclusive) inconclusive, \(.warn) warn, \(.anomaly) anomaly"' "$work/status.json"
}

# of_date DATE FILTER: something about one date, from `backfillctl show DATE --json`.
of_date() { backfillctl show flights "$1" --json | jq -r ".dates[0] | $2"; }
in_warehouse() { sqlite3 -init /dev/null -cmd '.timeout 10000' "$work/warehouse.db" "$@"; }

# Checks a pause by an anomaly and shows the evidence. $1: the date.
see_the_pause() {
  local date=$1
  say
  say "Paused: $(jq -r '.windows[0].reason' "$work/status.json")"
  type_in backfillctl show flights "$date"
  expect "the held dates" \
    "$(backfillctl show flights --json | jq -r '[.dates[] | select(.state == "held").date] | join(" ")')" "$date"
  expect "cancellations" "$(of_date "$date" '.steps[] | select(.step == "cancellations").verdict')" anomaly
  expect "summary, below it" "$(of_date "$date" '.steps[] | select(.step == "summary").state')" blocked
  say "In the warehouse:"
  type_in sqlite3 -box "$work/warehouse.db" "
    select '$date' as date, (select count(*) from route_features where date = '$date') as routes,
      (select cancelled || ' of ' || scheduled from cancellations where date = '$date') as cancelled,
      (select count(*) from summary where date = '$date') as summary"
  expect "rows of summary for $date" "$(in_warehouse "select count(*) from summary where date = '$date'")" 0
}

# Accepts a date and waits for the steps below the anomaly. $1: the date, $2: the reason.
accept() {
  local from=$EPOCHREALTIME
  type_in backfillctl accept flights "$1" --reason "$2"
  until [ "$(of_date "$1" .state)" = "done" ]; do
    [ $((${EPOCHREALTIME/.*/} - ${from/.*/})) -lt 30 ] || fail "$1 is not done 30 s after it was accepted"
    sleep 0.05
  done
  say "$1 is done after $(seconds_since "$from")."
  expect "rows of summary for $1" "$(in_warehouse "select count(*) from summary where date = '$1'")" 1
  read_status
  expect "the window until it is resumed" "$state" paused
}

# Kills the daemon while a step of a date after $1 runs; sets killed_date and killed_step.
#
# The daemon is stopped first (SIGSTOP), so that the step which is found alive cannot end unseen before SIGKILL.
kill_in_the_middle_after() {
  local file from=$EPOCHREALTIME
  while :; do
    kill -STOP "$daemon"
    for file in $(grep -lsz "^WAREHOUSE=$work/" /proc/[0-9]*/environ || true); do
      killed_date=$(tr '\0' '\n' 2> /dev/null < "$file" | sed -n 's/^BACKFILL_DATE=//p') || continue
      killed_step=$(tr '\0' '\n' 2> /dev/null < "$file" | sed -n 's/^BACKFILL_STEP=//p') || continue
      [ -n "$killed_step" ] && [[ $killed_date > $1 ]] || continue
      say "\`$killed_step\` of $killed_date runs right now."
      printf '%s$ kill -KILL %s%s\n' "$bold" "$daemon" "$off"
      kill -KILL "$daemon"
      wait "$daemon" 2> /dev/null || true
      daemon=
      return 0
    done
    kill -CONT "$daemon"
    [ $((${EPOCHREALTIME/.*/} - ${from/.*/})) -lt 60 ] || fail "no step after $1 was found running for 60 s"
    sleep 0.03
  done
}

[ -x "$programs/backfilld" ] && [ -x "$programs/backfillctl" ] || fail "no backfilld and backfillctl in $programs"
need_packages
work=$(mktemp -d /tmp/backfilld-demo.XXXXXX)
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$work/etc/windows.d" "$work/var" "$work/run"
export BACKFILLD_SOCKET=$work/run/control.sock

heading "1  A window over two months of flights from New York"
cp "$examples/../backfilld.yaml" "$work/etc/"
sed -e "s|^  directory: .*# PLACE\$|  directory: $examples/flights|" \
  -e "s|^    WAREHOUSE: .*# PLACE\$|    WAREHOUSE: $work/warehouse.db|" \
  "$examples/flights/windows.d/flights.yaml" > "$work/etc/windows.d/flights.yaml"
say "\$DEMO is $work. The steps are shell scripts around sqlite3, in etc/examples/flights/bin."
type_in backfillctl check "$work/etc/windows.d/flights.yaml"

heading "2  The daemon starts"
start_daemon
type_in backfillctl status flights

heading "3  Small samples first: 1 date, then 4, then 30"
say "The schedule says 01:00 in New York; \`resume --now\` is a night that need not be waited for."
type_in backfillctl resume flights --now
follow active 1
type_in backfillctl show flights 2013-01-01
type_in backfillctl resume flights --now
follow active 5
type_in backfillctl resume flights --now
follow active 35
say
say "No route has 10 earlier dates until 2013-01-10; on 2013-01-11 most of them do, and the band knows:"
type_in backfillctl show flights 2013-01-11
expect "verdicts of January and the first days of February" \
  "$(verdict_counts)" "25 pass, 10 inconclusive, 0 warn, 0 anomaly"

heading "4  The fourth night runs into the blizzard of 2013-02-08"
type_in backfillctl resume flights --now
follow paused
see_the_pause 2013-02-08

heading "5  A person looks, accepts the date with a reason, and lets the window go on"
accept 2013-02-08 "blizzard, cancellations are real"
type_in backfillctl resume flights
follow paused
see_the_pause 2013-02-09
accept 2013-02-09 "second day of the blizzard"

heading "6  The daemon is killed in the middle of a date"
type_in backfillctl resume flights
kill_in_the_middle_after 2013-02-11
status=0
type_in backfillctl status flights || status=$?
expect "exit status of backfillctl without a daemon" "$status" 3

heading "7  It is started again, and goes on by itself"
start_daemon
follow complete
type_in backfillctl show flights "$killed_date"
expect "\`$killed_step\` of $killed_date: attempts, and how often its process was started" \
  "$(of_date "$killed_date" "[.history[] | select(.step == \"$killed_step\") | .attempt, .executions] | join(\" \")")" \
  "1 2"
expect "attempts of every step of every date" \
  "$(backfillctl show flights --json | jq -r '[.dates[].steps[].attempts] | unique | map(tostring) | join(" ")')" 1
expect "rows of the file, and rows in the warehouse, that belong to the window" \
  "$(in_warehouse "select count(*) from flights")" \
  "$(zcat "$examples/flights/flights-2013.csv.gz" | awk -F, '$1 >= "2013-01-01" && $1 <= "2013-02-28"' | wc -l)"
expect "dates with a row in summary" "$(in_warehouse "select count(*) from summary")" 59
read_status
expect "verdicts of the window" \
  "$(verdict_counts)" "47 pass, 10 inconclusive, 0 warn, 2 anomaly"
type_in backfillctl status flights

heading "8  The daemon stops"
from=$EPOCHREALTIME
printf '%s$ kill -TERM %s%s\n' "$bold" "$daemon" "$off"
kill -TERM "$daemon"
status=0
wait "$daemon" || status=$?
daemon=
say "It ended after $(seconds_since "$from")."
expect "its exit status" "$status" 0

say
say "${bold}The demo took $(seconds_since "$began").${off}"
