-- Configurations that ran again under seeds that the search did not use: they rank first, by these runs alone.
alter table standing add column confirmed integer not null default 0; -- 1 where every fresh seed has completed: value, loss, seeds and
                                                                      -- test_accuracy are of those then
alter table standing add column low real;                             -- of the interval of the mean, of a confirmed one
alter table standing add column high real;
alter table standing add column compared integer;                     -- configurations for which the interval is made
alter table standing add column searched real;                        -- what the search saw of a confirmed one

drop index standing_by_rank;
create index standing_by_rank on standing (sweep, confirmed desc, partial, loss, number);

drop index trial_completed;
create index trial_completed on trial (sweep, configuration, value, number, test_accuracy, purpose, state) where state = 'completed';
create index trial_confirming on trial (sweep, configuration, seed) where purpose = 'confirmation';

drop trigger sweep_seeds;
create trigger sweep_seeds after update of seeds on sweep when new.seeds <> old.seeds
begin
  update standing set partial = seeds < new.seeds where sweep = new.id and not confirmed;
end;
