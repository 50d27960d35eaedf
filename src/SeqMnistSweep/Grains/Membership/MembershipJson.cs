using System.Text.Json.Serialization;

namespace SeqMnistSweep.Grains.Membership;

/// <summary>The form of membership on the wire and in the database: typed, snake_case, unknown and missing members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MemberEntry))]
[JsonSerializable(typeof(MemberTable))]
[JsonSerializable(typeof(MemberInsert))]
[JsonSerializable(typeof(MemberUpdate))]
[JsonSerializable(typeof(MemberAlive))]
[JsonSerializable(typeof(MemberCleanup))]
[JsonSerializable(typeof(MemberOutcome))]
[JsonSerializable(typeof(MemberError))]
public sealed partial class MembershipJson : JsonSerializerContext;
