-- What a trial is for: of the search, or the configuration of defaults with which the others are compared.
alter table trial add column purpose text not null default 'search';
