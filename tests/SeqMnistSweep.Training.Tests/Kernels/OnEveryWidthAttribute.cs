using System.Reflection;
using SeqMnistSweep.Training.Kernels;
using Xunit.Sdk;

namespace SeqMnistSweep.Training.Tests.Kernels;

/// <summary>
/// Data of a theory, once for each width of vectors that this CPU has: its name comes first. Widths that it lacks are no cases at all, and
/// <c>plain</c> is always one.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnEveryWidthAttribute(params object[] data) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => LaneKernels.Available.Select(kernels => (object[])[kernels.Width.Name, .. data]);

    internal static LaneKernels Kernels(string width) => LaneKernels.Available.Single(kernels => kernels.Width.Name == width);
}
