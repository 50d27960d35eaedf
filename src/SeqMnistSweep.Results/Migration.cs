using System.Reflection;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results;

/// <summary>One numbered step of the schema: the embedded <c>001-initial.sql</c> and those after it.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const string Folder = "SeqMnistSweep.Results.Schema.";

    /// <summary>All steps, from the first; applying them in this order to an empty file gives today's schema.</summary>
    public static IReadOnlyList<Migration> All { get; } = Read();

    /// <summary>Makes the views on the tables of <see cref="All"/>.</summary>
    public static string Views { get; } = Text("views.sql").Replace("{trials}", TrialShape.OfView, StringComparison.Ordinal);

    private static Migration[] Read()
    {
        var migrations = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder + "0", StringComparison.Ordinal))
            .Select(name => name[Folder.Length..])
            .Order(StringComparer.Ordinal)
            .Select(file => new Migration(int.Parse(file[..3], CultureInfo.InvariantCulture), file[4..^4], Text(file)))
            .ToArray();
        if (!migrations.Select(m => m.Number).SequenceEqual(Enumerable.Range(1, migrations.Length)))
        {
            throw new InvalidOperationException("the files in Schema/ are not numbered 001, 002, ... without a gap");
        }

        return migrations;
    }

    private static string Text(string file)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + file)!);
        return reader.ReadToEnd();
    }
}
