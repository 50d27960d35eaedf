using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Files;
using SeqMnistSweep.SweepFiles.Schema;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class InitCommand : Verb
{
    private readonly Argument<string?> _folder =
        Positional<string?>("folder", "DIR", "where to write; the current folder when absent", ArgumentArity.ZeroOrOne);
    private readonly Option<bool> _force = Flag("--force", "overwrite an existing sweep.yaml");

    public InitCommand(CommonOptions options)
        : base("init", "write a commented sweep.yaml to start from", "Sweeps",
            ("seqsweep init", "sweep.yaml here, with completion for editors"),
            ("seqsweep init my-sweeps", "in another folder"))
    {
        this.Takes(_folder, _force);
        SetAction(parsed =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(_folder) ?? ".", options.Context.Folder);
            var file = Path.Combine(folder, "sweep.yaml");
            if (File.Exists(file) && !parsed.GetValue(_force))
            {
                throw new CommandError(ExitCodes.Usage, $"{file} exists", "--force overwrites it");
            }

            try
            {
                var own = Path.Combine(folder, ".seqsweep");
                Directory.CreateDirectory(folder);
                PrivateFile.CreateMissingFolders(own);
                ProjectFolder.KeepOutOfGit(own);
                File.WriteAllText(Path.Combine(own, "sweep.schema.json"), SweepSchema.ToJson());
                using var source = typeof(InitCommand).Assembly.GetManifestResourceStream("init.yaml")!;
                using var target = File.Create(file);
                source.CopyTo(target);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CommandError(ExitCodes.NotFound, $"{folder} cannot be written: {error.Message}", "name another folder");
            }

            var name = Path.GetRelativePath(options.Context.Folder, file);
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonObject { ["file"] = name });
                return;
            }

            options.Context.Out.WriteLine(name);
            options.Context.Say($"next:  seqsweep plan {name}    what it would run");
            options.Context.Say($"       seqsweep run {name}     run it on this machine");
            options.Context.Say("       seqsweep leaderboard       the best trials");
        });
    }
}
