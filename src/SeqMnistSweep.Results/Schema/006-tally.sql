-- What a page or a list says of a sweep of a million trials, without looking at each of them.

-- Counted as trials change, in their own transactions.
create table tally (
  sweep text not null references sweep (id),
  state text not null,
  trials integer not null,
  lowest real,  -- value of the completed ones, which keep it for good
  highest real,
  primary key (sweep, state)
) strict, without rowid;

insert into tally (sweep, state, trials, lowest, highest)
select sweep, state, count(*), iif(state = 'completed', min(value), null), iif(state = 'completed', max(value), null)
from trial
group by sweep, state;

create trigger trial_added after insert on trial
begin
  insert into tally (sweep, state, trials, lowest, highest)
  values (new.sweep, new.state, 1, iif(new.state = 'completed', new.value, null), iif(new.state = 'completed', new.value, null))
  on conflict (sweep, state) do update
  set trials = trials + 1,
    lowest = min(coalesce(lowest, excluded.lowest), coalesce(excluded.lowest, lowest)),
    highest = max(coalesce(highest, excluded.highest), coalesce(excluded.highest, highest));
end;

create trigger trial_moved after update of state on trial when old.state <> new.state
begin
  update tally set trials = trials - 1 where sweep = old.sweep and state = old.state;
  insert into tally (sweep, state, trials, lowest, highest)
  values (new.sweep, new.state, 1, iif(new.state = 'completed', new.value, null), iif(new.state = 'completed', new.value, null))
  on conflict (sweep, state) do update
  set trials = trials + 1,
    lowest = min(coalesce(lowest, excluded.lowest), coalesce(excluded.lowest, lowest)),
    highest = max(coalesce(highest, excluded.highest), coalesce(excluded.highest, highest));
end;

create trigger trial_removed after delete on trial
begin
  update tally set trials = trials - 1 where sweep = old.sweep and state = old.state;
end;

-- A sweep's own events in their order, whatever others write meanwhile.
create index event_by_sweep on event (sweep);
