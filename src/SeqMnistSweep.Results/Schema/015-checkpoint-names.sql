-- What a program calls its checkpoint: a file, or a folder with a slash behind it.
alter table trial add column checkpoint_name text;
alter table checkpoint add column name text;
