-- Heads and workers as processes: submissions by key, edits of live sweeps, where a configuration came from, drains, membership.
alter table sweep add column submit_key text;
alter table sweep add column edits text not null default '{}'; -- SweepEdits as JSON
create unique index sweep_by_key on sweep (submit_key) where submit_key is not null;

alter table trial add column origin text; -- 'grid point 5', 'enqueued by ada@lab', ...

alter table worker add column tags text not null default '[]';
alter table worker add column version text;
alter table worker add column allows_programs integer not null default 0;
alter table worker add column drain_reason text; -- not null while somebody drains it
alter table worker add column drained_by text;

-- What Orleans knows of the silos: one JSON entry each. The version grows with every change but a sign of life.
create table member (
  silo text primary key,
  etag integer not null,
  entry text not null,
  alive text not null
) strict, without rowid;

create table member_version (
  id integer primary key check (id = 1),
  version integer not null
) strict;

insert into member_version (id, version) values (1, 0);

drop view sweeps;
create view sweeps as
select id as sweep, name, state, method, metric, iif(maximize, 'maximize', 'minimize') as goal, infeasible, source as spec,
  created, started, finished, planned, priority, reason, digest, edits, submit_key
from sweep
order by key;

drop view trials;
create view trials as
select id as trial, sweep, number, configuration, state, cause, value, value_epoch as epoch, test_loss, test_accuracy,
  params, seed, attempts, worker, device, started, finished, created, epoch as epochs, message, lease, failures,
  iif(json_valid(facts), json_extract(facts, '$.parameters'), null) as parameters, facts, origin
from trial
order by sweep, number;

drop view workers;
create view workers as
select name as worker, incarnation, device, slots, state, started, seen, tags, version, allows_programs, drain_reason, drained_by
from worker
order by name;
