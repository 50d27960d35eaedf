using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class PageTypesTests
{
    private static readonly string File = RepositoryFiles.PathOf("src", "SeqMnistSweep.Head", "Web", "src", "api.generated.ts");

    [Fact]
    public async Task The_pages_know_the_types_that_the_head_answers()
    {
        await using var head = await HttpHead.StartAsync();
        var answers = head.Endpoints.SelectMany(endpoint => endpoint.Metadata.OfType<IProducesResponseTypeMetadata>())
            .Where(answer => answer.ContentTypes.Contains("application/json"))
            .Select(answer => answer.Type)
            .OfType<Type>()
            .Append(typeof(ErrorAnswer))
            .Append(typeof(EventRow));
        var expected = PageTypes.Of(answers);
        if (Environment.GetEnvironmentVariable("SEQSWEEP_GOLDEN") == "write")
        {
            await System.IO.File.WriteAllTextAsync(File, expected);
        }

        Assert.Equal(expected, await System.IO.File.ReadAllTextAsync(File));
    }
}
