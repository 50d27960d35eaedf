-- Every checkpoint has its row, also where several have the same bytes and so one file.
create table checkpoint_by_epoch (
  trial integer not null references trial (key),
  epoch integer not null,
  batch integer not null,
  digest text not null,
  bytes integer not null,
  attempt integer not null,
  time text not null,
  primary key (trial, epoch, batch)
) strict, without rowid;

insert or replace into checkpoint_by_epoch (trial, epoch, batch, digest, bytes, attempt, time)
select trial, epoch, batch, digest, bytes, attempt, time from checkpoint order by time;

drop table checkpoint;
alter table checkpoint_by_epoch rename to checkpoint;

-- What attempts reported beyond the checkpoint from which a later one began.
create table superseded_report (
  trial integer not null references trial (key),
  epoch integer not null,
  attempt integer not null,
  metrics text not null,
  time text not null,
  primary key (trial, epoch, attempt)
) strict, without rowid;

alter table trial add column resume_epoch integer not null default 0; -- after which the last attempt was to go on
