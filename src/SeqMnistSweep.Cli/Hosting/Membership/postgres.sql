-- Membership in PostgreSQL as Orleans' provider for ADO.NET expects it (version 10.4).
-- Names and columns of the tables and the names and parameters of the queries are those of PostgreSQL-Main.sql and
-- PostgreSQL-Clustering.sql of https://github.com/dotnet/orleans (MIT licence, (c) .NET Foundation); the statements are our own, one each
-- instead of functions. Only what is missing is added, so that tables made by Orleans' scripts stay as they are.
begin;

-- Several silos may start at once.
select pg_advisory_xact_lock(7309453013);

create table if not exists OrleansQuery (
  QueryKey varchar(64) not null constraint OrleansQuery_Key primary key,
  QueryText varchar(8000) not null
);

create table if not exists OrleansMembershipVersionTable (
  DeploymentId varchar(150) not null constraint PK_OrleansMembershipVersionTable_DeploymentId primary key,
  Timestamp timestamptz(3) not null default now(),
  Version integer not null default 0
);

create table if not exists OrleansMembershipTable (
  DeploymentId varchar(150) not null
    constraint FK_MembershipTable_MembershipVersionTable_DeploymentId references OrleansMembershipVersionTable (DeploymentId),
  Address varchar(45) not null,
  Port integer not null,
  Generation integer not null,
  SiloName varchar(150) not null,
  HostName varchar(150) not null,
  Status integer not null, -- 3 is Active, 6 is Dead
  ProxyPort integer,
  SuspectTimes varchar(8000),
  StartTime timestamptz(3) not null,
  IAmAliveTime timestamptz(3) not null,
  constraint PK_MembershipTable_DeploymentId primary key (DeploymentId, Address, Port, Generation)
);

insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', $query$
  with created as (
    insert into OrleansMembershipVersionTable (DeploymentId) values (@DeploymentId)
    on conflict (DeploymentId) do nothing
    returning 1
  )
  select count(*) > 0 from created
$query$),

('InsertMembershipKey', $query$
  with advanced as (
    update OrleansMembershipVersionTable
    set Version = Version + 1, Timestamp = now()
    where DeploymentId = @DeploymentId and Version = @Version
      and not exists (
        select 1 from OrleansMembershipTable m
        where m.DeploymentId = @DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
      )
    returning DeploymentId
  ), added as (
    insert into OrleansMembershipTable
      (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    select DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    from advanced
    returning 1
  )
  select count(*) > 0 from added
$query$),

('UpdateMembershipKey', $query$
  with advanced as (
    update OrleansMembershipVersionTable
    set Version = Version + 1, Timestamp = now()
    where DeploymentId = @DeploymentId and Version = @Version
      and exists (
        select 1 from OrleansMembershipTable m
        where m.DeploymentId = @DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
      )
    returning DeploymentId
  ), changed as (
    update OrleansMembershipTable m
    set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = greatest(m.IAmAliveTime, @IAmAliveTime)
    from advanced
    where m.DeploymentId = advanced.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
    returning 1
  )
  select count(*) > 0 from changed
$query$),

('UpdateIAmAlivetimeKey', $query$
  update OrleansMembershipTable
  set IAmAliveTime = @IAmAliveTime
  where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
$query$),

('MembershipReadRowKey', $query$
  select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime,
    m.IAmAliveTime, v.Version
  from OrleansMembershipVersionTable v
  left join OrleansMembershipTable m
    on m.DeploymentId = v.DeploymentId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
  where v.DeploymentId = @DeploymentId
$query$),

('MembershipReadAllKey', $query$
  select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime,
    m.IAmAliveTime, v.Version
  from OrleansMembershipVersionTable v
  left join OrleansMembershipTable m on m.DeploymentId = v.DeploymentId
  where v.DeploymentId = @DeploymentId
$query$),

('DeleteMembershipTableEntriesKey', $query$
  delete from OrleansMembershipTable where DeploymentId = @DeploymentId;
  delete from OrleansMembershipVersionTable where DeploymentId = @DeploymentId
$query$),

('GatewaysQueryKey', $query$
  select Address, ProxyPort, Generation
  from OrleansMembershipTable
  where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0
$query$),

-- Installations made before Orleans 3.7 lack this one, those before 10.4 the next (dotnet/orleans 9125, 11307).
('CleanupDefunctSiloEntriesKey', $query$
  delete from OrleansMembershipTable
  where DeploymentId = @DeploymentId and Status = 6 and coalesce(SuspectTimes, '') = ''
    and IAmAliveTime < @IAmAliveTime and StartTime < @IAmAliveTime
$query$),

('CleanupDefunctSiloEntryKey', $query$
  delete from OrleansMembershipTable
  where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation and Status = 6
    and StartTime = @StartTime and IAmAliveTime = @IAmAliveTime and coalesce(SuspectTimes, '') = coalesce(@SuspectTimes, '')
$query$)
on conflict (QueryKey) do nothing;

commit;
