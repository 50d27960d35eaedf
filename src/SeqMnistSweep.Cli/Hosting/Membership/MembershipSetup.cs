using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SeqMnistSweep.Head.Membership;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Worker.Membership;
using StackExchange.Redis;

namespace SeqMnistSweep.Cli.Hosting.Membership;

/// <summary>Lets silos and clients find each other where a <see cref="MembershipChoice"/> says.</summary>
internal static class MembershipSetup
{
    /// <summary>The provider's name within ADO.NET.</summary>
    private const string Npgsql = "Npgsql";

    /// <summary>For the head.</summary>
    /// <param name="store">Keeps the table where the choice is the head.</param>
    public static ISiloBuilder UseMembership(this ISiloBuilder silo, MembershipChoice choice, HeadStore store) =>
        choice is MembershipChoice.InHead ? silo.UseHeadMembership(store) : silo.UseServer(choice);

    /// <summary>For a worker.</summary>
    /// <param name="head">The head's HTTP address, asked where the choice is the head.</param>
    /// <param name="token">What is shown to it.</param>
    /// <param name="tls">How it is known; null for what this machine trusts.</param>
    public static ISiloBuilder UseMembership(
        this ISiloBuilder silo, MembershipChoice choice, Uri head, Func<Uri, string?>? token = null,
        SslClientAuthenticationOptions? tls = null) =>
        choice is MembershipChoice.InHead ? silo.UseHeadMembership(head, token, tls) : silo.UseServer(choice);

    /// <summary>For a client that finds the gateway by the membership. With a head's own table the head says where it is.</summary>
    public static IClientBuilder UseMembership(this IClientBuilder client, MembershipChoice choice, IPEndPoint gateway) => choice switch
    {
        MembershipChoice.Redis redis => client.UseRedisClustering(options => options.ConfigurationOptions = Options(redis)),
        MembershipChoice.Postgres postgres => client.UseAdoNetClustering(
            options => (options.Invariant, options.ConnectionString) = (Npgsql, ConnectionString(postgres))),
        _ => client.UseStaticClustering(gateway),
    };

    /// <summary>Creates what the place needs, tables in PostgreSQL, before the silo of a head or worker starts.</summary>
    /// <exception cref="Console.CommandError">The server cannot be used.</exception>
    public static Task PrepareAsync(this MembershipChoice choice, CancellationToken cancellation) =>
        choice is MembershipChoice.Postgres postgres
            ? PostgresTables.CreateAsync(postgres, ConnectionString(postgres), cancellation)
            : Task.CompletedTask;

    private static ISiloBuilder UseServer(this ISiloBuilder silo, MembershipChoice choice) => choice switch
    {
        MembershipChoice.Redis redis => silo.UseRedisClustering(options => options.ConfigurationOptions = Options(redis)),
        MembershipChoice.Postgres postgres => silo.UseAdoNetClustering(
            options => (options.Invariant, options.ConnectionString) = (Npgsql, ConnectionString(postgres))),
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "no such place is known"),
    };

    private static ConfigurationOptions Options(MembershipChoice.Redis redis)
    {
        var options = new ConfigurationOptions
        {
            User = redis.User,
            Password = redis.Password,
            DefaultDatabase = redis.Number,
            Ssl = redis.Tls,
            ConnectTimeout = 3000,
            ClientName = "seqsweep",
        };
        options.EndPoints.Add(redis.Server, redis.Port);
        return options;
    }

    private static string ConnectionString(MembershipChoice.Postgres postgres) => new NpgsqlConnectionStringBuilder
    {
        Host = postgres.Server,
        Port = postgres.Port,
        Database = postgres.Database,
        Username = postgres.User,
        Password = postgres.Password,
        Timeout = 3,
        CommandTimeout = 5,
        ApplicationName = "seqsweep",
    }.ConnectionString;
}
