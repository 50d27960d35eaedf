-- What programs report within epochs.
create table step (
  trial integer not null references trial (key),
  step integer not null,
  attempt integer not null,
  metrics text not null,
  time text not null,
  primary key (trial, step)
) strict, without rowid;
