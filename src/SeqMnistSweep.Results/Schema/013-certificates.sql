-- Secrets by which workers get into the cluster; only their digests are kept.
create table join_secrets (
  digest text primary key,
  created text not null,
  ends text not null,
  actor text not null -- who asked for it
) strict, without rowid;

-- Certificates that the head has signed for workers.
create table certificates (
  serial text primary key,
  name text not null,
  issued text not null,
  ends text not null,
  key_digest text not null, -- of the worker key that goes with it, and with those before and after it of the same start
  join_secret text, -- digest of the secret by which it was got; null for a worker of the head's own account
  silo text, -- the one row of the membership table that its holder may write
  revoked text
) strict, without rowid;
