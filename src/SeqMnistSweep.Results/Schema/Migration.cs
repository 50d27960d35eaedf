using System.Globalization;
using System.Reflection;

namespace SeqMnistSweep.Results.Schema;

/// <summary>One numbered step of the schema: the embedded <c>001-initial.sql</c> and those after it.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>All steps, from the first; applying them in this order to an empty file gives today's schema.</summary>
    public static IReadOnlyList<Migration> All { get; } = Read();

    private static Migration[] Read()
    {
        const string folder = "SeqMnistSweep.Results.Schema.";
        var assembly = Assembly.GetExecutingAssembly();
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => name[folder.Length..])
            .Order(StringComparer.Ordinal)
            .Select(file =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(folder + file)!);
                return new Migration(int.Parse(file[..3], CultureInfo.InvariantCulture), file[4..^4], reader.ReadToEnd());
            })
            .ToArray();
        if (!migrations.Select(m => m.Number).SequenceEqual(Enumerable.Range(1, migrations.Length)))
        {
            throw new InvalidOperationException("the files in Schema/ are not numbered 001, 002, ... without a gap");
        }

        return migrations;
    }
}
