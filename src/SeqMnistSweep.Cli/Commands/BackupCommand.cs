namespace SeqMnistSweep.Cli.Commands;

internal sealed class BackupCommand : Verb
{
    private readonly Option<string?> _to = Value<string?>("--to", "FILE", "where to; a name with the time, in this folder, when absent");

    public BackupCommand(CommonOptions options)
        : base("backup", "a verified copy of the database, while it is written", "Setup",
            ("seqsweep backup", "prints the file's name"),
            ("seqsweep backup --to /mnt/backup/sweeps.db", "never overwrites"),
            ("seqsweep backup --head http://gpu-head:8080", "of a head elsewhere"))
    {
        this.Takes(options.Database, options.Head, _to);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var now = options.Context.Time.GetUtcNow();
            var target = Path.GetFullPath(
                parsed.GetValue(_to) ?? string.Create(CultureInfo.InvariantCulture, $"sweeps-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.db"),
                options.Context.Folder);
            if (!Directory.Exists(Path.GetDirectoryName(target)))
            {
                throw new CommandError(
                    ExitCodes.NotFound, $"there is no folder {Path.GetDirectoryName(target)}", "make it, or name another file with --to");
            }

            var bytes = await results.BackUpAsync(target, stop);
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonObject { ["file"] = target, ["bytes"] = bytes });
                return;
            }

            options.Context.Out.WriteLine(target);
            options.Context.Say(string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes, read back and found whole"));
        });
    }
}
