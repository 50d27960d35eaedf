-- Why things happened, in columns: until now it stood in the texts, which are for people alone.
alter table event add column cause text; -- of a trial's transition: a TransitionCause, or the FailureCause
alter table event add column known text; -- of a proposal: what the sampler knew, a SearchMark as JSON

alter table trial add column state_cause text;                       -- a TransitionCause
alter table trial add column alone integer not null default 0;       -- ran out of a GPU's memory beside others
alter table trial add column attempt_started text;                   -- when the runner of the present attempt started
alter table trial add column lease_life real;                        -- seconds, where an external client holds the lease
alter table trial add column run_seconds real not null default 0.0;  -- of attempts that have ended

update event set known = json_object(
  'configurations', cast(reason as integer),
  'open', json((
    select json_group_array(json_object(
      'configuration', cast(value as integer),
      'epochs', iif(value like '%@%', cast(substr(value, instr(value, '@') + 1) as integer), 0),
      'is_paused', json(iif(value like '%p', 'true', 'false'))))
    from json_each('["' || replace(substr(reason, instr(reason, ', open ') + 7), ' ', '","') || '"]')
    where reason like '%, open %')))
where kind = 'proposed';

update event set cause = case
    when kind = 'action' then 'retried'
    when to_state = 'leased' then 'granted'
    when to_state = 'running' then 'started'
    when to_state = 'completed' then 'finished'
    when to_state = 'cancelled' then iif(
      (select t.message from trial t where t.sweep = event.sweep and t.number = event.trial) like 'ended with the sweep: %', 'sweep_ended', 'cancelled')
    when to_state in ('queued', 'failed') and substr(reason, 1, instr(reason, ':') - 1) in ('out_of_memory', 'diverged', 'crashed', 'timeout', 'invalid')
      then substr(reason, 1, instr(reason, ':') - 1)
    when to_state = 'failed' then 'poison'
    when from_state = 'paused' and to_state = 'pruned' then iif(reason like 'others went on from epoch %', 'outranked', 'replaced')
    when to_state = 'pruned' then case
      when reason like 'the sweep was stopping when %' then 'sweep_ended'
      when reason like '% stopped it after epoch %' then 'pruned'
      else 'not_finite'
    end
    when reason like 'preempted by %' then 'preempted'
    when to_state = 'paused' then iif(reason like 'waits after epoch %', 'at_rung', 'released')
    when reason = 'ready to go on from its last checkpoint' then 'released'
    when from_state = 'paused' then 'promoted'
    when reason like 'lost with %' then 'worker_lost'
    when reason like '% went down together with the head' then 'head_restarted'
    when reason like 'the checkpoint of epoch % is lost' then 'checkpoint_lost'
    when from_state = 'running' then 'killed'
    else 'released'
  end
where trial is not null and from_state is not null;

update trial set
  lease_life = cast(substr(incarnation, 5) as integer) / 1000.0,
  incarnation = 'ask:' || substr(incarnation, 5 + instr(substr(incarnation, 5), ':'))
where incarnation like 'ask:%:%';

update trial set
  state_cause = case
    when state = 'failed' then 'failed'
    when state = 'cancelled' then iif(message like 'ended with the sweep: %', 'sweep_ended', 'cancelled')
    else (
      select iif(e.cause in ('out_of_memory', 'diverged', 'crashed', 'timeout', 'invalid', 'poison'), 'failed', e.cause)
      from event e
      where e.sweep = trial.sweep and e.trial = trial.number and e.cause is not null
      order by e.key desc limit 1)
  end,
  alone = state not in ('completed', 'pruned', 'cancelled') and exists (
    select 1 from event e
    where e.sweep = trial.sweep and e.trial = trial.number and e.cause = 'out_of_memory' and e.reason like '%; it is tried again alone on its device'),
  attempt_started = iif(state <> 'running', null, (
    select max(e.time) from event e where e.sweep = trial.sweep and e.trial = trial.number and e.to_state = 'running')),
  started = iif(
    exists (select 1 from event e where e.sweep = trial.sweep and e.trial = trial.number and e.to_state = 'leased'),
    (select min(e.time) from event e where e.sweep = trial.sweep and e.trial = trial.number and e.to_state = 'running'),
    started),
  run_seconds = coalesce((
    select round(sum(max(0.0, julianday(e.time) - julianday((
      select b.time from event b
      where b.sweep = e.sweep and b.trial = e.trial and b.to_state = 'running' and b.key < e.key
      order by b.key desc limit 1)))) * 86400.0, 3)
    from event e
    where e.sweep = trial.sweep and e.trial = trial.number and e.from_state = 'running'),
    iif(exists (select 1 from event e where e.sweep = trial.sweep and e.trial = trial.number and e.to_state = 'leased'),
      0.0, round((julianday(finished) - julianday(started)) * 86400.0, 3)),
    0.0);
