-- A sweep keeps the defaults of early_terminate under which it was submitted: 1 are those before asha promoted by default.
alter table sweep add column defaults integer not null default 1;
