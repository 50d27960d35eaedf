using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>A worker's silo that says what no worker of ours would say.</summary>
public sealed class ForgedIdsTests
{
    [Fact]
    public async Task No_digest_of_a_worker_leads_to_a_file_that_is_no_checkpoint()
    {
        await using var rig = await HeadRig.StartAsync();
        await rig.SubmitAsync("{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2]}}}");
        using var silo = await rig.StartSiloAsync();
        var dispatch = await DispatchOfAsync(silo.Services.GetRequiredService<IGrainFactory>());
        var holder = rig.WorkerOn(silo, "w").Holder;
        var precious = Path.Combine(Directory.CreateDirectory(Path.Combine(rig.CheckpointFolder, "..", "precious")).FullName, "model");
        await File.WriteAllTextAsync($"{precious}.safetensors", "weights");
        var grant = (await ExchangeAsync()).Grants.Single();
        for (var n = 1; n <= 4; n++)
        {
            var digest = n == 1 ? precious : new string((char)('0' + n), 64);
            var told = new NumberedEvent(n, grant.Trial, grant.Lease, new AttemptEvent.Checkpointed(new CheckpointFile(0, n, digest, 5)));
            if (n == 1)
            {
                await Assert.ThrowsAnyAsync<Exception>(() => ExchangeAsync(told));
            }
            else
            {
                await ExchangeAsync(told);
            }
        }

        var forged = (SweepId)Activator.CreateInstance(typeof(SweepId), BindingFlags.NonPublic | BindingFlags.Instance, null, ["../precious"], null)!;
        await Assert.ThrowsAnyAsync<Exception>(() => ExchangeAsync(new NumberedEvent(9, new TrialId(forged, 1), 1, new AttemptEvent.Stopped())));
        Assert.True(File.Exists($"{precious}.safetensors"));
        await silo.StopAsync();

        // The silo learns in a moment what grains the head has.
        static async Task<IDispatchGrain> DispatchOfAsync(IGrainFactory grains)
        {
            IDispatchGrain? found = null;
            await Until.True(
                () =>
                {
                    try
                    {
                        found = grains.GetGrain<IDispatchGrain>(0);
                    }
                    catch (ArgumentException)
                    {
                        // Not yet.
                    }

                    return Task.FromResult(found is not null);
                },
                () => "the head's grains are not known");
            return found!;
        }

        Task<ExchangeReply> ExchangeAsync(params NumberedEvent[] events) => dispatch.Exchange(
            new ExchangeRequest
            {
                Holder = holder,
                Slots = 1,
                FreeSlots = events.Length == 0 ? 1 : 0,
                Running = [.. events.Where(told => told.Trial.Sweep.Value[0] != '.').Select(told => new RunningAttempt(told.Trial, told.Lease, null))],
                Events = [.. events],
            },
            CancellationToken.None);
    }
}
