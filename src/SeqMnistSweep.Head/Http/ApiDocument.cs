using Microsoft.AspNetCore.OpenApi;

namespace SeqMnistSweep.Head.Http;

/// <summary>What the OpenAPI document says beyond the paths.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "seqsweep head";
        document.Info.Version = HeadStore.Version;
        document.Info.Description =
            "What the dashboard and the command line use. Answers are JSON with names in snake case; "
            + "whatever is no success has {\"error\":{code, message, hint}}. "
            + "GET answers carry an ETag. Every request shows a token (Authorization: Bearer) or the cookie of a browser that was let in; "
            + "requests of pages of another origin are refused.";
        return Task.CompletedTask;
    });
}
