namespace SeqMnistSweep.SweepFiles;

/// <summary>YAML text to <see cref="SweepDefinition"/>; the only file that knows YAML.</summary>
public static class SweepFile
{
}
