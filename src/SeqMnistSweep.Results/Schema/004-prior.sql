-- Searches that begin with what earlier sweeps found.
alter table sweep add column prior text not null default '[]';        -- where from: [{"sweep":..., "points":..., "outside":...}]
alter table sweep add column prior_points text not null default '[]'; -- [[rank, {parameters}], ...], the copy that the search goes by

drop view sweeps;
create view sweeps as
select id as sweep, name, state, method, metric, iif(maximize, 'maximize', 'minimize') as goal, infeasible, source as spec,
  created, started, finished, planned, priority, reason, digest, edits, submit_key, prior
from sweep
order by key;
