-- Why a sweep is in its state: a SweepCause. What was stored before says it in its reason alone.
alter table sweep add column cause text;

alter table trial add column kills_in_a_row integer not null default 0; -- attempts that a signal ended without a new epoch
alter table trial add column furthest_epoch integer not null default 0; -- that any attempt has reported
update trial set furthest_epoch = epoch where epoch > 0;
