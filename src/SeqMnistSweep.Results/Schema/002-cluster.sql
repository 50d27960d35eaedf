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
