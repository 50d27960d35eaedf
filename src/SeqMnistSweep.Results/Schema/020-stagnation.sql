-- How many configurations were settled when one of them last brought a better value, of a sweep with limits.stagnation.
alter table sweep add column settled_at_best integer;
