-- The views are the promise (README.md). They are dropped before the tables are migrated and made anew from this file afterwards. A sweep that
-- is being deleted is in none of them.
create view sweeps as
select id as sweep, name, state, method, metric, iif(maximize, 'maximize', 'minimize') as goal, infeasible, source as spec,
  created, started, finished, planned, priority, cause, reason, digest, edits, submit_key, prior, weight, slot_seconds / 3600 as slot_hours, seeds,
  title, description, tags, note, archived
from sweep
where deleted is null
order by key;

-- The columns are those of TrialRow.
create view trials as
select {trials}
from trial
where sweep not in (select id from sweep where deleted is not null)
order by sweep, number;

-- Those that others may follow, and those that run or have ended their trial for good, which are in its row.
create view attempts as
select t.id as trial, a.attempt, a.worker, a.device, a.granted, a.started, a.ended, a.outcome, a.cause, t.sweep, t.number
from attempt a
join trial t on t.key = a.trial
where t.sweep not in (select id from sweep where deleted is not null)
union all
select id, attempts, worker, device, granted, attempt_started, finished, iif(state = 'running', null, state),
  iif(state = 'running', null, state_cause), sweep, number
from trial
where attempt_started is not null and sweep not in (select id from sweep where deleted is not null);

create view reports as
select t.id as trial, r.epoch, r.attempt, r.train_loss, r.train_accuracy, r.val_loss, r.val_accuracy, r.test_loss,
  r.test_accuracy, r.epoch_seconds, r.metrics, r.time, t.sweep, t.number
from report r
join trial t on t.key = r.trial
where t.sweep not in (select id from sweep where deleted is not null);

create view steps as
select t.id as trial, s.step, s.attempt, s.metrics, s.time, t.sweep, t.number
from step s
join trial t on t.key = s.trial
where t.sweep not in (select id from sweep where deleted is not null);

-- What attempts reported beyond the checkpoint from which a later one began.
create view superseded_reports as
select t.id as trial, r.epoch, r.attempt, r.metrics, r.time, t.sweep, t.number
from superseded_report r
join trial t on t.key = r.trial
where t.sweep not in (select id from sweep where deleted is not null);

create view checkpoints as
select t.id as trial, c.epoch, c.batch, c.digest, c.bytes, c.attempt, c.time, t.sweep, t.number, c.name
from checkpoint c
join trial t on t.key = c.trial
where t.sweep not in (select id from sweep where deleted is not null);

create view events as
select key as event, sweep, sweep || '/' || trial as trial, kind, from_state, to_state, reason, actor, attempt, time, trial as number,
  cause, known, said_by
from event
where sweep not in (select id from sweep where deleted is not null)
order by key;

create view workers as
select name as worker, incarnation, device, slots, state, started, seen, tags, version, allows_programs, drain_reason, drained_by
from worker
order by name;

-- Its rows come in the order of the ranks. Nothing is sorted, so the first few of a million take no longer than those of ten:
-- ask for them with a limit alone, for an "order by" would have every row ranked first.
create view leaderboard as
select r.sweep, r.rank, r.sweep || '/' || r.number as trial, r.value,
  iif(r.seeds > 1, (
    select sqrt(sum((o.value - r.value) * (o.value - r.value)) / (r.seeds - 1)) -- of equal values exactly 0
    from trial o
    where o.state = 'completed' and o.sweep = r.sweep and o.configuration = r.configuration
      and (o.purpose = 'confirmation') = r.confirmed
  ), null) as deviation,
  r.seeds,
  (select t.value_epoch from trial t where t.sweep = r.sweep and t.number = r.number) as epoch,
  r.test_accuracy,
  (select t.params from trial t where t.sweep = r.sweep and t.number = r.number) as params,
  r.configuration,
  iif(r.confirmed, r.seeds, (select s.seeds from sweep s where s.id = r.sweep)) as planned_seeds,
  (select t.purpose = 'baseline' from trial t where t.sweep = r.sweep and t.number = r.number) as baseline,
  r.confirmed, r.low, r.high, r.searched, r.value - r.searched as gap
from (
  select sweep, configuration, number, seeds, value, test_accuracy, confirmed, low, high, searched,
    row_number() over (partition by sweep order by confirmed desc, partial, loss, number) as rank
  from standing
) r
where r.sweep not in (select id from sweep where deleted is not null);

-- Losses are the metrics with the sign that makes smaller better; 0 where the sweep has no such metric, null where a report has no number for it.
create view pareto as
with reported as (
  select t.sweep, t.configuration, t.number, s.metrics, s.seeds as planned_seeds, json_array_length(s.metrics) as count,
    iif(s.metrics ->> '$[0].maximize', -1, 1) as sign1, r.metrics ->> ('$."' || (s.metrics ->> '$[0].name') || '"') as value1,
    iif(s.metrics ->> '$[1].maximize', -1, 1) as sign2, r.metrics ->> ('$."' || (s.metrics ->> '$[1].name') || '"') as value2,
    iif(s.metrics ->> '$[2].maximize', -1, 1) as sign3, r.metrics ->> ('$."' || (s.metrics ->> '$[2].name') || '"') as value3,
    iif(s.metrics ->> '$[3].maximize', -1, 1) as sign4, r.metrics ->> ('$."' || (s.metrics ->> '$[3].name') || '"') as value4
  from sweep s
  join trial t on t.sweep = s.id and t.state = 'completed' and t.purpose <> 'confirmation'
  join report r on r.trial = t.key and r.epoch = t.value_epoch
  where s.metrics <> '[]' and s.deleted is null
),
configurations as materialized (
  select sweep, configuration, min(number) as number, count(*) as seeds, metrics,
    avg(value1) as value1, avg(value2) as value2, avg(value3) as value3, avg(value4) as value4,
    sign1 * avg(value1) as loss1,
    sign2 * avg(value2) as loss2,
    iif(count > 2, sign3 * avg(value3), 0) as loss3,
    iif(count > 3, sign4 * avg(value4), 0) as loss4
  from reported
  where typeof(value1) in ('real', 'integer') and typeof(value2) in ('real', 'integer')
    and (count < 3 or typeof(value3) in ('real', 'integer')) and (count < 4 or typeof(value4) in ('real', 'integer'))
  group by sweep, configuration
  having count(*) >= planned_seeds -- who lacks a seed is no compromise, and stands in nobody's way
)
select c.sweep, t.id as trial, c.seeds,
  (select json_group_object(m.value ->> 'name', case m.key when 0 then c.value1 when 1 then c.value2 when 2 then c.value3 else c.value4 end)
   from json_each(c.metrics) m) as "values",
  t.params, c.configuration
from configurations c
join trial t on t.sweep = c.sweep and t.number = c.number
where not exists (
  select 1
  from configurations o
  where o.sweep = c.sweep and o.loss1 <= c.loss1 and o.loss2 <= c.loss2 and o.loss3 <= c.loss3 and o.loss4 <= c.loss4
    and (o.loss1 < c.loss1 or o.loss2 < c.loss2 or o.loss3 < c.loss3 or o.loss4 < c.loss4)
)
order by c.sweep, c.loss1, c.number;

create view audit as
select key as entry, time, who, role, address, action, target, outcome
from audit_entry
order by key;
