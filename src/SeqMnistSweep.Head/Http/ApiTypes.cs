using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Head.Http;

/// <summary>The shapes of answers beside those of <see cref="Live.ResultTypes"/>: a head reads all of them when it starts. Not of requests:
/// generated code gives a member that a request leaves out the default of its type, not the property's own.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AskAnswer))]
[JsonSerializable(typeof(CallerInfo))]
[JsonSerializable(typeof(CertificateAnswer))]
[JsonSerializable(typeof(Contour))]
[JsonSerializable(typeof(CurveDensity))]
[JsonSerializable(typeof(DeleteReply))]
[JsonSerializable(typeof(EditReply))]
[JsonSerializable(typeof(EnqueuedTrials))]
[JsonSerializable(typeof(FileFindings))]
[JsonSerializable(typeof(FolderUse))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ImportanceAnswer))]
[JsonSerializable(typeof(ImportReply))]
[JsonSerializable(typeof(InfeasiblePairs))]
[JsonSerializable(typeof(JoinAnswer))]
[JsonSerializable(typeof(JoinLineAnswer))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(LogChunk))]
[JsonSerializable(typeof(LoginCode))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(RetriedTrials))]
[JsonSerializable(typeof(RevokedTokens))]
[JsonSerializable(typeof(SweepComparison))]
[JsonSerializable(typeof(SweepStatus))]
[JsonSerializable(typeof(TellAnswer))]
[JsonSerializable(typeof(TrialCurves))]
[JsonSerializable(typeof(ImmutableArray<WorkerInfo>))]
[JsonSerializable(typeof(IEnumerable<TokenInfo>))]
[JsonSerializable(typeof(IReadOnlyList<BestSoFar>))]
[JsonSerializable(typeof(IReadOnlyList<Curve>))]
[JsonSerializable(typeof(IReadOnlyList<MetricCurve>))]
[JsonSerializable(typeof(IReadOnlyList<ParetoRow>))]
[JsonSerializable(typeof(IReadOnlyList<SamplePrediction>))]
[JsonSerializable(typeof(IReadOnlyList<StepRow>))]
[JsonSerializable(typeof(RungValues))]
internal sealed partial class ApiTypes : JsonSerializerContext;
