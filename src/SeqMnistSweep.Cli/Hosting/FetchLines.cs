using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The progress of a download in lines: one per tenth of a file.</summary>
internal sealed class FetchLines(Action<string> say) : IProgress<DownloadProgress>
{
    private (string File, long Tenth) _last;

    public void Report(DownloadProgress value)
    {
        var tenth = value.Total is > 0 and var total ? value.Bytes * 10 / total : -1;
        if (_last != (value.File, tenth))
        {
            _last = (value.File, tenth);
            say(
                tenth >= 0
                    ? $"{value.File}: {tenth * 10} % of {value.Total:N0} bytes from {value.Source.Host}"
                    : $"{value.File} from {value.Source.Host}");
        }
    }
}
