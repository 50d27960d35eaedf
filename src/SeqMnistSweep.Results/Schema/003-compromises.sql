-- Sweeps with several metrics, and what of them no other configuration beats.
alter table sweep add column metrics text not null default '[]'; -- all of several as [{"name":..., "maximize":...}], the first one ranked on

-- Losses are the metrics with the sign that makes smaller better; 0 where the sweep has no such metric, null where it was not told as a number.
create view pareto as
with told as (
  select t.sweep, t.configuration, t.number, s.metrics, json_array_length(s.metrics) as count,
    iif(s.metrics ->> '$[0].maximize', -1, 1) as sign1, r.metrics ->> ('$."' || (s.metrics ->> '$[0].name') || '"') as value1,
    iif(s.metrics ->> '$[1].maximize', -1, 1) as sign2, r.metrics ->> ('$."' || (s.metrics ->> '$[1].name') || '"') as value2,
    iif(s.metrics ->> '$[2].maximize', -1, 1) as sign3, r.metrics ->> ('$."' || (s.metrics ->> '$[2].name') || '"') as value3,
    iif(s.metrics ->> '$[3].maximize', -1, 1) as sign4, r.metrics ->> ('$."' || (s.metrics ->> '$[3].name') || '"') as value4
  from sweep s
  join trial t on t.sweep = s.id and t.state = 'completed'
  join report r on r.trial = t.key and r.epoch = t.value_epoch
  where s.metrics <> '[]'
),
configurations as materialized (
  select sweep, configuration, min(number) as number, count(*) as seeds, metrics,
    avg(value1) as value1, avg(value2) as value2, avg(value3) as value3, avg(value4) as value4,
    sign1 * avg(value1) as loss1,
    sign2 * avg(value2) as loss2,
    iif(count > 2, sign3 * avg(value3), 0) as loss3,
    iif(count > 3, sign4 * avg(value4), 0) as loss4
  from told
  where typeof(value1) in ('real', 'integer') and typeof(value2) in ('real', 'integer')
    and (count < 3 or typeof(value3) in ('real', 'integer')) and (count < 4 or typeof(value4) in ('real', 'integer'))
  group by sweep, configuration
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
