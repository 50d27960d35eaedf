namespace SeqMnistSweep.Head.Tests.Membership;

/// <summary>A case of <see cref="MembershipTableContract"/>. Where tables need servers, another one of this name skips those that cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;
