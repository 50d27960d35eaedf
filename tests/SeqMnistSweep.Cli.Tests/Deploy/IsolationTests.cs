using System.Globalization;
using System.Text.Json.Nodes;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>Nothing runs as root or can become it, what must last lies on a volume, and a worker has one GPU of its own.</summary>
public sealed class IsolationTests
{
    private static readonly string[] Units = ["systemd/seqsweep-head.service", "systemd/seqsweep-worker@.service"];
    private static readonly string[] Images = ["docker/Dockerfile.head", "docker/Dockerfile.worker"];

    private static JsonObject Services => DeployFiles.Yaml("compose.yaml").Single()["services"]!.AsObject();

    private static IEnumerable<JsonNode> Pods =>
        DeployFiles.All.Where(file => file.StartsWith("kubernetes/", StringComparison.Ordinal)).SelectMany(DeployFiles.Yaml)
            .Select(document => document["spec"]?["template"]?["spec"]).OfType<JsonNode>();

    [Fact]
    public void Images_end_as_a_user_with_a_number_that_is_not_root() => Assert.All(Images, image =>
    {
        var lines = DeployFiles.Dockerfile(image);
        var user = lines.Last(line => line.Instruction == "USER");
        Assert.True(int.Parse(user.Value.Split(':')[0], CultureInfo.InvariantCulture) > 0);
        Assert.True(lines.ToList().IndexOf(user) > lines.ToList().FindLastIndex(line => line.Instruction == "FROM"), "the stage that runs has no user of its own");
        Assert.True(lines.ToList().IndexOf(user) > lines.ToList().FindLastIndex(line => line.Instruction == "RUN"));
    });

    [Fact]
    public void Units_have_a_user_that_the_sysusers_file_makes_and_gain_nothing() => Assert.All(Units, file =>
    {
        var unit = DeployFiles.Unit(file);
        var user = unit["Service.User"].Single();
        Assert.NotEqual("root", user);
        Assert.Contains($"\nu {user} - ", DeployFiles.Read("systemd/seqsweep.sysusers.conf"), StringComparison.Ordinal);
        Assert.Equal("yes", unit["Service.NoNewPrivileges"].Single());
        Assert.Equal("strict", unit["Service.ProtectSystem"].Single());
        Assert.Empty(unit["Service.MemoryDenyWriteExecute"]);
    });

    [Fact]
    public void Units_are_started_again_for_ever_after_a_failure() => Assert.All(Units, file =>
    {
        var unit = DeployFiles.Unit(file);
        Assert.Equal(("on-failure", "0"), (unit["Service.Restart"].Single(), unit["Unit.StartLimitIntervalSec"].Single()));
    });

    [Fact]
    public void The_unit_of_a_worker_hides_no_GPU()
    {
        var unit = DeployFiles.Unit(Units[1]);
        Assert.Empty(unit["Service.PrivateDevices"].Concat(unit["Service.ProtectClock"]).Concat(unit["Service.DeviceAllow"]).Concat(unit["Service.PrivateTmp"]));
        Assert.StartsWith("SEQSWEEP_DEVICE=cuda:%i ", unit["Service.Environment"].Single(), StringComparison.Ordinal);
        Assert.Equal("SEQSWEEP_DEVICE=cpu", DeployFiles.Unit("systemd/seqsweep-worker@cpu.service.d/cpu.conf")["Service.Environment"].Single());
        Assert.Equal("${SEQSWEEP_DEVICE}", DeployedCommand.In(Units[1]).Single()["--device"]);
    }

    [Fact]
    public void Containers_cannot_gain_privileges_and_write_to_volumes_only()
    {
        Assert.All(Services, service =>
        {
            Assert.Equal("true", (string)service.Value!["read_only"]!);
            Assert.Equal(["ALL"], DeployFiles.List(service.Value["cap_drop"]));
            Assert.Equal(["no-new-privileges:true"], DeployFiles.List(service.Value["security_opt"]));
            Assert.Null(service.Value["user"]);
            Assert.Null(service.Value["privileged"]);
        });
        Assert.Equal(2, Pods.Count());
        Assert.All(Pods, pod =>
        {
            Assert.Equal("true", (string)pod["securityContext"]!["runAsNonRoot"]!);
            Assert.All(Images, image => Assert.Equal(
                $"{pod["securityContext"]!["runAsUser"]}:{pod["securityContext"]!["runAsGroup"]}", DeployFiles.Dockerfile(image).Last(line => line.Instruction == "USER").Value));
            var container = pod["containers"]!.AsArray().Single()!["securityContext"]!;
            Assert.Equal(("false", "true"), ((string)container["allowPrivilegeEscalation"]!, (string)container["readOnlyRootFilesystem"]!));
            Assert.Equal(["ALL"], DeployFiles.List(container["capabilities"]!["drop"]));
        });
    }

    [Fact]
    public void The_database_and_the_folder_of_a_worker_lie_on_a_volume()
    {
        foreach (var (_, service) in Services)
        {
            var mounted = DeployFiles.List(service!["volumes"]).Select(volume => volume.Split(':')).ToList();
            var named = DeployFiles.Yaml("compose.yaml").Single()["volumes"]!.AsObject();
            Assert.All(mounted, volume => Assert.True(named.ContainsKey(volume[0]), volume[0]));
            Assert.Contains(FolderOf(DeployFiles.List(service["command"])), mounted.Select(volume => volume[1]));
        }

        foreach (var pod in Pods)
        {
            var container = pod["containers"]!.AsArray().Single()!;
            Assert.Contains(FolderOf(DeployFiles.List(container["args"])), container["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!));
        }

        Assert.All(Units, file => Assert.Equal(
            FolderOf([.. DeployedCommand.In(file).Single().Arguments]), $"/var/lib/{DeployFiles.Unit(file)["Service.StateDirectory"].Single()}"));
        Assert.NotNull(DeployFiles.Yaml("kubernetes/head.yaml")[1]["spec"]!["volumeClaimTemplates"]);
    }

    [Fact]
    public void A_worker_of_a_GPU_is_given_one_and_asks_for_it_by_name()
    {
        var gpu = Services.Where(service => DeployFiles.List(service.Value!["profiles"]) is ["gpu"]).ToList();
        Assert.NotEmpty(gpu);
        Assert.All(gpu, service => Assert.Single(
            service.Value!["deploy"]!["resources"]!["reservations"]!["devices"]!.AsArray().Single()!["device_ids"]!.AsArray()));
        Assert.Equal("1", (string)Pods.Select(pod => pod["containers"]![0]!["resources"]!["limits"]!["nvidia.com/gpu"]).OfType<JsonNode>().Single()!);
        Assert.Contains("#SBATCH --gres=gpu:1\n", DeployFiles.Read("slurm/worker-array.sbatch"), StringComparison.Ordinal);

        // Not auto, which falls back to the CPU without a word where a driver is broken.
        Assert.All(DeployedCommand.All.Where(command => command.Verb == "worker" && command.Grace is not null), command => Assert.Contains(command["--device"], new[] { "cuda", "cpu", "${SEQSWEEP_DEVICE}" }));
    }

    [Fact]
    public void Compose_and_Kubernetes_run_the_images_that_are_built_here()
    {
        Assert.All(Services, service => Assert.Contains($"{service.Value!["build"]!["dockerfile"]}", Images.Select(image => $"deploy/{image}")));
        var kustomization = DeployFiles.Yaml("kubernetes/kustomization.yaml").Single();
        Assert.Equal(
            DeployFiles.All.Where(file => file.StartsWith("kubernetes/", StringComparison.Ordinal)).Select(Path.GetFileName).Where(file => file != "kustomization.yaml"),
            DeployFiles.List(kustomization["resources"]).Order(StringComparer.Ordinal));
        Assert.Equal(
            Pods.Select(pod => (string)pod["containers"]![0]!["image"]!).Order(),
            kustomization["images"]!.AsArray().Select(image => (string)image!["name"]!).Order());
    }

    private static string FolderOf(string[] arguments) => arguments[0] == "head"
        ? Path.GetDirectoryName(arguments[Array.IndexOf(arguments, "--db") + 1])!
        : arguments[Array.IndexOf(arguments, "--dir") + 1];
}
