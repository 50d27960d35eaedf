-- A million trials, and many sweeps at once.

-- The leaderboard by index: one row for every configuration with a completed trial, written in the transaction that completes the trial.
create table standing (
  sweep text not null references sweep (id),
  configuration integer not null,
  number integer not null, -- of its first completed trial
  seeds integer not null,
  value real,
  loss real not null,      -- value with the sign that makes smaller better; infinite without one
  test_accuracy real,
  primary key (sweep, configuration)
) strict, without rowid;

create index standing_by_rank on standing (sweep, loss, number);

-- A configuration one of whose completed seeds never had a finite value has no mean, and ranks last.
insert into standing (sweep, configuration, number, seeds, value, loss, test_accuracy)
select c.sweep, c.configuration, c.number, c.seeds, c.value, iif(c.value is null, 9e999, iif(s.maximize, -c.value, c.value)), c.test_accuracy
from (
  select sweep, configuration, min(number) as number, count(*) as seeds,
    case
      when count(value) < count(*) then null
      when min(value) = max(value) then min(value) -- a mean of equal values may be off by a bit
      else avg(value)
    end as value, avg(test_accuracy) as test_accuracy
  from trial
  where state = 'completed'
  group by sweep, configuration
) c
join sweep s on s.id = c.sweep;

-- Its rows come in the order of the ranks. Nothing is sorted, so the first few of a million take no longer than those of ten:
-- ask for them with a limit alone, for an "order by" would have every row ranked first.

-- Sweeps of one priority share the slots by weight; what they have had of them.
alter table sweep add column weight real not null default 1.0;
alter table sweep add column slot_seconds real not null default 0.0; -- of attempts that have ended
alter table trial add column granted text;                           -- the last attempt
