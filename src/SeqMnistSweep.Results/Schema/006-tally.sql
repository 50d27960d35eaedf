-- What a page or a list says of a sweep of a million trials, without looking at each of them.

-- How many trials came to an end that is for good, and how far the values of the completed ones reach. Those in other states are few, and
-- counted where they are asked for.
create table tally (
  sweep text not null references sweep (id),
  state text not null,
  trials integer not null,
  lowest real,
  highest real,
  primary key (sweep, state)
) strict, without rowid;

insert into tally (sweep, state, trials, lowest, highest)
select sweep, state, count(*), min(value), max(value)
from trial
where state in ('completed', 'pruned', 'cancelled')
group by sweep, state;

create trigger trial_ended after update of state on trial when new.state in ('completed', 'pruned', 'cancelled') and old.state <> new.state
begin
  insert into tally (sweep, state, trials, lowest, highest)
  values (new.sweep, new.state, 1, new.value, new.value)
  on conflict (sweep, state) do update
  set trials = trials + 1,
    lowest = min(coalesce(lowest, excluded.lowest), coalesce(excluded.lowest, lowest)),
    highest = max(coalesce(highest, excluded.highest), coalesce(excluded.highest, highest));
end;

create trigger trial_added_ended after insert on trial when new.state in ('completed', 'pruned', 'cancelled')
begin
  insert into tally (sweep, state, trials, lowest, highest)
  values (new.sweep, new.state, 1, new.value, new.value)
  on conflict (sweep, state) do update
  set trials = trials + 1,
    lowest = min(coalesce(lowest, excluded.lowest), coalesce(excluded.lowest, lowest)),
    highest = max(coalesce(highest, excluded.highest), coalesce(excluded.highest, highest));
end;

create trigger trial_removed after delete on trial when old.state in ('completed', 'pruned', 'cancelled')
begin
  update tally set trials = trials - 1 where sweep = old.sweep and state = old.state;
end;

-- A sweep's own events in their order, whatever others write meanwhile.
create index event_by_sweep on event (sweep);
