namespace SeqMnistSweep.Datasets.Tests;

/// <summary>A test that needs a real dataset on this machine, outside the user's cache; it is skipped by naming what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DatasetFactAttribute : FactAttribute
{
    public DatasetFactAttribute(string name)
    {
        if (Store().Locate(name) is null)
        {
            Skip = name == DatasetCatalog.FashionMnist.Name
                ? "needs Debian's package dataset-fashion-mnist, or fashion-mnist in the folder named by SEQSWEEP_DATA"
                : $"needs {name} in the folder named by SEQSWEEP_DATA";
        }
    }

    public static DatasetStore Store() => new(DatasetPlaces.OfThisProcess(null) with { CacheFolder = null });
}
