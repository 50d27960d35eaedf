-- Tokens that let people and scripts in; only their digests are kept.
create table tokens (
  id text primary key, -- the part of the token that is no secret
  name text not null, -- who shows it
  role text not null,
  digest text not null,
  created text not null,
  actor text not null, -- who gave it
  ends text,
  revoked text
) strict, without rowid;

-- Who came in, what was refused, and what was changed that is no event of a sweep.
create table audit_entry (
  key integer primary key, -- in the order of writing
  time text not null,
  who text, -- null where nobody is known
  role text,
  address text,
  action text not null,
  target text not null,
  outcome text not null
) strict;

-- What somebody says of themselves beside the name that their credential has.
alter table event add column said_by text;
