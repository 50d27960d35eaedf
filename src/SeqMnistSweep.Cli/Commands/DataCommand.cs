using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class DataCommand : Verb
{
    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "a folder with a folder per dataset, looked at first (SEQSWEEP_DATA after it)",
        Recursive = true,
    };

    public DataCommand(CommonOptions options)
        : base("data", "datasets: list, fetch, verify, path", "Setup",
            ("seqsweep data list", "which there are, and where they are"),
            ("seqsweep data fetch mnist", "download into the user's cache"),
            ("seqsweep data verify", "check every file against its digest"))
    {
        Add(_data);
        Add(List(options));
        Add(Fetch(options));
        Add(Verify(options));
        Add(FolderOf(options));
    }

    private Command List(CommonOptions options)
    {
        var command = new Command("list", "the datasets and where they are");
        command.SetAction(parsed =>
        {
            var store = new DatasetStore(parsed.GetValue(_data));
            options.Write(parsed, TableOutput.Of(["dataset", "place", "folder", "description"], DatasetCatalog.All, dataset =>
            {
                var location = store.Locate(dataset.Name);
                var missing = dataset.IsDrawn ? "drawn when needed" : "not here";
                return [dataset.Name, location?.Place ?? missing, location?.Folder, dataset.Summary];
            }));
        });
        return command;
    }

    private Command Fetch(CommonOptions options)
    {
        var names = Names(ArgumentArity.OneOrMore);
        var command = new Command("fetch", "download into the user's cache, unless it is here already") { names };
        command.SetAction(async (parsed, cancellation) =>
        {
            foreach (var name in Checked(parsed.GetValue(names)!))
            {
                using var client = DatasetDownload.CreateClient();
                var location = await new DatasetStore(parsed.GetValue(_data)).FetchAsync(
                    name, new DatasetDownload(client), new FetchLines(options.Context.Say), cancellation);
                WriteFolder(options, parsed, name, location.Folder);
            }
        });
        return command;
    }

    private Command Verify(CommonOptions options)
    {
        var names = Names(ArgumentArity.ZeroOrMore);
        var command = new Command("verify", "check every file against its published digest") { names };
        command.SetAction(parsed =>
        {
            var store = new DatasetStore(parsed.GetValue(_data));
            var asked = Checked(parsed.GetValue(names)!);
            var chosen = asked.Length > 0
                ? asked
                : [.. DatasetCatalog.All.Select(dataset => dataset.Name).Where(name => store.Locate(name) is not null)];
            var table = new TableOutput(["dataset", "file", "state", "expected", "found"]);
            var broken = new List<string>();
            foreach (var (name, check) in chosen.SelectMany(name => store.Verify(name).Select(check => (name, check))))
            {
                var state = check.Error is not null ? "unreadable" : check.Found == check.Expected ? "ok" : "other content";
                table.Add(name, check.Path, state, check.Expected, check.Found);
                if (state != "ok")
                {
                    broken.Add(
                        check.Error ?? $"{check.Path} is not the published file: its SHA-256 is {check.Found}, expected {check.Expected}; "
                            + $"remove it, then run `seqsweep data fetch {name}`");
                }
            }

            if (broken.Count > 0)
            {
                throw new CommandError(ExitCodes.NotFound, string.Join(Environment.NewLine, broken));
            }

            options.Write(parsed, table);
        });
        return command;
    }

    private Command FolderOf(CommonOptions options)
    {
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "a dataset" };
        var command = new Command("path", "the folder of a dataset") { name };
        command.SetAction(parsed =>
        {
            var chosen = Checked([parsed.GetValue(name)!])[0];
            var location = new DatasetStore(parsed.GetValue(_data)).Locate(chosen)
                ?? throw new CommandError(ExitCodes.NotFound, $"{chosen} is not on this machine", $"seqsweep data fetch {chosen}");
            WriteFolder(options, parsed, chosen, location.Folder);
        });
        return command;
    }

    private static void WriteFolder(CommonOptions options, ParseResult parsed, string dataset, string folder)
    {
        if (options.IsJson(parsed))
        {
            options.WriteJson(parsed, new JsonObject { ["dataset"] = dataset, ["folder"] = folder });
        }
        else
        {
            options.Context.Out.WriteLine(folder);
        }
    }

    private static Argument<string[]> Names(ArgumentArity arity) =>
        Positional<string[]>("names", "NAME...", string.Join(", ", DatasetCatalog.All.Select(dataset => dataset.Name)), arity);

    private static string[] Checked(string[] names) =>
        Array.Find(names, name => DatasetCatalog.All.All(dataset => dataset.Name != name)) is { } unknown
            ? throw new CommandError(
                ExitCodes.NotFound, $"there is no dataset '{unknown}'",
                $"there are {string.Join(", ", DatasetCatalog.All.Select(dataset => dataset.Name))}")
            : names;
}
