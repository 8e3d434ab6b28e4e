# shellcheck shell=sh
# Read by every step of the example; not a step itself.
#
# backfilld gives BACKFILL_DATE and BACKFILL_REPORT; the window file gives WAREHOUSE, the path of an SQLite file.
# Exit statuses: 0 done, 66 the input is missing (backfilld holds the date at once), anything else failed.

set -eu
: "${BACKFILL_DATE:?}" "${BACKFILL_REPORT:?}" "${WAREHOUSE:?}"
example=$(dirname "$0")/..
flights_file=${FLIGHTS:-$example/flights-2013.csv.gz}

# Prints the rows of the date, without the header.
rows_of_the_date() {
  if [ ! -r "$flights_file" ]; then
    echo "cannot read $flights_file" >&2
    exit 66
  fi
  zgrep "^$BACKFILL_DATE," "$flights_file" || case $? in
    1) echo "$flights_file has no flights on $BACKFILL_DATE" >&2; exit 66 ;;
    *) echo "$flights_file cannot be unpacked" >&2; exit 1 ;;
  esac
}

# Makes the tables where they are not there yet. `load` and `carriers` may both be the first: one at a time.
prepare_warehouse() {
  flock "$WAREHOUSE.lock" sqlite3 -batch -bail -init /dev/null -cmd '.timeout 20000' \
    "$WAREHOUSE" ".read '$example/schema.sql'" > /dev/null || {
    echo "cannot make the tables in $WAREHOUSE" >&2
    exit 1
  }
}

# Runs SQL, from the arguments or from standard input, with the date as :date; stops at the first error.
# A writer waits up to 20 s for another one to end its transaction.
warehouse() {
  sqlite3 -batch -bail -init /dev/null -cmd '.timeout 20000' -cmd ".parameter set :date \"'$BACKFILL_DATE'\"" \
    "$WAREHOUSE" "$@"
}
