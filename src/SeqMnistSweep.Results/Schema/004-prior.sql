-- Searches that begin with what earlier sweeps found.
alter table sweep add column prior text not null default '[]';        -- where from: [{"sweep":..., "points":..., "outside":...}]
alter table sweep add column prior_points text not null default '[]'; -- [[rank, {parameters}], ...], the copy that the search goes by
