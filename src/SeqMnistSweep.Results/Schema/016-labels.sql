-- What people keep of sweeps, and sweeps that are being deleted: they are gone for every reader, whatever is left of their rows and files.
alter table sweep add column title text;                       -- null until somebody renames it
alter table sweep add column description text;                 -- as the file had it
alter table sweep add column tags text not null default '[]';  -- at first the file's
alter table sweep add column note text;
alter table sweep add column archived text;                    -- since when lists leave it out
alter table sweep add column deleted text;                     -- since when it is being deleted
create index sweep_deleted on sweep (id) where deleted is not null;

update sweep set description = file_description(source), tags = file_tags(source);
