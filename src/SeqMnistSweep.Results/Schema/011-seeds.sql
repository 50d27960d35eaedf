-- A configuration some of whose seeds have not completed ranks behind all that have every seed.
alter table sweep add column seeds integer not null default 1; -- trials of each configuration
update sweep set seeds = c.seeds
from (select sweep, max(trials) as seeds from (select sweep, count(*) as trials from trial group by sweep, configuration) group by sweep) c
where c.sweep = sweep.id;

alter table standing add column partial integer not null default 0; -- 1 where a seed is missing
update standing set partial = 1 where seeds < (select s.seeds from sweep s where s.id = standing.sweep);
drop index standing_by_rank;
create index standing_by_rank on standing (sweep, partial, loss, number);

create trigger sweep_seeds after update of seeds on sweep when new.seeds <> old.seeds
begin
  update standing set partial = seeds < new.seeds where sweep = new.id;
end;
