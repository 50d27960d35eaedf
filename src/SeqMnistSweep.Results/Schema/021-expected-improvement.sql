-- Proposals in a row of which less was expected than limits.expected_improvement.
alter table sweep add column low_improvements integer not null default 0;
