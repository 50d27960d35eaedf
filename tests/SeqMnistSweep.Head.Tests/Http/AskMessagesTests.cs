using System.Text.Json;
using System.Text.Json.Serialization;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class AskMessagesTests
{
    private static readonly Type[] Messages = [typeof(AskRequest), typeof(AskAnswer), typeof(ReportRequest), typeof(ReportAnswer), typeof(TellRequest), typeof(TellAnswer), typeof(ErrorAnswer)];

    private static readonly JsonSerializerOptions Strict = new(ResultJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [Fact]
    public void The_README_has_one_sample_of_each_message_read_and_written_back_as_it_stands()
    {
        var samples = RepositoryFiles.Read("src", "SeqMnistSweep.Head", "README.md").Split('\n').Where(line => line.StartsWith('{')).ToList();
        Assert.Equal(Messages.Length, samples.Count);
        foreach (var (type, sample) in Messages.Zip(samples))
        {
            Assert.Equal(sample, JsonSerializer.Serialize(JsonSerializer.Deserialize(sample, type, Strict), type, ResultJson.Options));
        }
    }
}
