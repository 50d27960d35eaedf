-- When, where and how each attempt ran. A lease that was given back before anything ran is none; an attempt that runs is in its trial's row.
create table attempt (
  trial integer not null references trial (key),
  attempt integer not null,
  worker text not null,
  device text,
  granted text not null,
  started text, -- null when it failed or was lost before its runner had started
  ended text not null,
  outcome text not null, -- the state in which it left the trial
  cause text not null, -- a TransitionCause, or the FailureCause
  primary key (trial, attempt)
) strict, without rowid;

-- What the log says of earlier attempts. It never had their devices: known is that of the trial's last worker.
insert into attempt (trial, attempt, worker, device, granted, started, ended, outcome, cause)
select t.key, e.attempt, g.actor, iif(g.actor = t.worker, t.device, null), g.time,
  iif(e.from_state = 'running', (
    select max(s.time) from event s where s.sweep = e.sweep and s.trial = e.trial and s.to_state = 'running' and s.key between g.key and e.key), null),
  e.time, e.to_state, coalesce(e.cause, 'released')
from event e
join trial t on t.sweep = e.sweep and t.number = e.trial
join event g on g.key = (
  select max(b.key) from event b where b.sweep = e.sweep and b.trial = e.trial and b.to_state = 'leased' and b.key < e.key)
where e.attempt is not null and e.to_state not in ('leased', 'running') and (
  e.from_state = 'running'
  or e.from_state = 'leased'
    and e.cause in ('out_of_memory', 'diverged', 'crashed', 'timeout', 'invalid', 'poison', 'killed', 'worker_lost'))
on conflict (trial, attempt) do nothing;
