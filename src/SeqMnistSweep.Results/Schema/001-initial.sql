-- The tables are private to this project; the views below them are the promise (README.md).
-- Times are ISO-8601 text in UTC with milliseconds, states and causes the names of StateNames, NaN is null.
pragma application_id = 1397837139; -- 'SQMS'

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

create table sweep (
  key integer primary key, -- in the order of creation
  id text not null unique,
  name text not null,
  state text not null,
  method text not null,
  metric text not null,
  maximize integer not null,
  source text not null,
  digest text not null,
  priority integer not null,
  dataset_digests text not null,
  cursor integer not null,
  infeasible integer not null,
  planned integer,
  created text not null,
  started text,
  finished text,
  reason text
) strict;

create index sweep_by_digest on sweep (digest);

create table trial (
  key integer primary key,
  sweep text not null references sweep (id),
  number integer not null check (number >= 1),
  id text generated always as (sweep || '/' || number) virtual,
  configuration integer not null,
  params text not null,
  seed integer not null,
  state text not null,
  cause text,
  message text,
  lease integer not null,
  attempts integer not null,
  failures integer not null,
  losses_in_a_row integer not null,
  epoch integer not null,
  value real,
  value_epoch integer,
  test_loss real,
  test_accuracy real,
  checkpoint_epoch integer,
  checkpoint_batch integer,
  checkpoint_digest text,
  checkpoint_bytes integer,
  worker text,
  incarnation text,
  device text,
  facts text,
  not_before text,
  created text not null,
  started text,
  finished text,
  unique (sweep, number)
) strict;

create unique index trial_by_id on trial (id);

-- The leaderboard reads this index alone, in this order. So a mean adds its values from the smallest to the largest:
-- two configurations with the same values tie, whichever seed gave which value.
create index trial_completed on trial (sweep, configuration, value, number, test_accuracy, state) where state = 'completed';

create index trial_by_state on trial (sweep, state);

create table report (
  trial integer not null references trial (key),
  epoch integer not null check (epoch >= 1),
  attempt integer not null,
  train_loss real,
  train_accuracy real,
  val_loss real,
  val_accuracy real,
  test_loss real,
  test_accuracy real,
  epoch_seconds real,
  metrics text not null,
  time text not null,
  primary key (trial, epoch)
) strict, without rowid;

create table checkpoint (
  trial integer not null references trial (key),
  digest text not null,
  epoch integer not null,
  batch integer not null,
  bytes integer not null,
  attempt integer not null,
  time text not null,
  primary key (trial, digest)
) strict, without rowid;

create table event (
  key integer primary key, -- in the order of writing
  sweep text not null references sweep (id),
  trial integer,
  kind text not null,
  from_state text,
  to_state text,
  reason text not null,
  actor text not null,
  attempt integer,
  time text not null
) strict;

create index event_by_trial on event (sweep, trial);

create table worker (
  name text primary key,
  incarnation text not null,
  device text not null,
  slots integer not null,
  state text not null,
  started text not null,
  seen text not null
) strict, without rowid;
