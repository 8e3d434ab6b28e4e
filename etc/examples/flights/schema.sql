-- The warehouse of the example. A step replaces the rows of its date as a whole.
pragma journal_mode = wal;

begin;

-- Raw rows, as in flights-2013.csv.gz. A route is (carrier, origin, dest).
create table if not exists flights (
  date text not null, carrier text not null, origin text not null, dest text not null,
  scheduled integer not null, cancelled integer not null, no_arrival integer not null,
  arrival_delay_min integer not null, -- sum over the flights that arrived; negative: early
  departed integer not null generated always as (scheduled - cancelled) virtual,
  arrived integer not null generated always as (scheduled - cancelled - no_arrival) virtual,
  primary key (carrier, origin, dest, date)
) without rowid;
create index if not exists flights_by_date on flights (date);

create table if not exists carrier_totals (
  date text not null, carrier text not null,
  scheduled integer not null, cancelled integer not null, no_arrival integer not null,
  mean_delay_min real, -- null when nothing arrived
  primary key (date, carrier)
) without rowid;

-- What was known of a route before the date: over its last 10 earlier dates with a departure.
create table if not exists route_features (
  date text not null, carrier text not null, origin text not null, dest text not null,
  mean_delay_min real, -- null when nothing arrived
  cancellation_rate real not null,
  primary key (date, carrier, origin, dest)
) without rowid;

create table if not exists cancellations (
  date text not null primary key,
  scheduled integer not null, cancelled integer not null, no_arrival integer not null
) without rowid;

create table if not exists summary (
  date text not null primary key,
  scheduled integer not null, cancelled integer not null, no_arrival integer not null,
  carriers integer not null, routes_with_features integer not null,
  expected_delay_min real, -- mean over the route features; null when there are none
  best_carrier text -- the smallest mean delay of the day; null when nothing arrived
) without rowid;

commit;
