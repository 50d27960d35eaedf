using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SeqMnistSweep.Files;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Head.Live;

/// <summary>The shapes of answers, described when this is compiled: nothing of them is reflected while a command starts. What is missing
/// here is reflected, and works as well.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HeadInfo))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(SweepSummary))]
[JsonSerializable(typeof(SpaceAnswer))]
[JsonSerializable(typeof(SubmitReply))]
[JsonSerializable(typeof(TrialRow))]
[JsonSerializable(typeof(TrialTable))]
[JsonSerializable(typeof(TrialProgress))]
[JsonSerializable(typeof(QueryResult))]
[JsonSerializable(typeof(IReadOnlyList<SweepRow>))]
[JsonSerializable(typeof(IReadOnlyList<LeaderboardRow>))]
[JsonSerializable(typeof(IReadOnlyList<EventRow>))]
[JsonSerializable(typeof(IReadOnlyList<FailureCount>))]
[JsonSerializable(typeof(IReadOnlyList<RungWorth>))]
[JsonSerializable(typeof(IReadOnlyList<AttemptRow>))]
[JsonSerializable(typeof(IReadOnlyList<ReportRow>))]
[JsonSerializable(typeof(IReadOnlyList<SupersededReportRow>))]
[JsonSerializable(typeof(IReadOnlyList<CheckpointRow>))]
[JsonSerializable(typeof(IReadOnlyList<OutputFile>))]
[JsonSerializable(typeof(IReadOnlyList<WorkerInfo>))]
[JsonSerializable(typeof(IReadOnlyList<AuditRow>))]
internal sealed partial class ResultTypes : JsonSerializerContext;
