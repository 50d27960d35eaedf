using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests.Vectors;

/// <summary>A small trial and the digest of its last checkpoint: what the arithmetic contract gives on every CPU, for any number of threads.</summary>
/// <param name="Changes">To the parameters of <see cref="TrialRun"/>, as JSON.</param>
public sealed record TestVector(string Name, string Changes, string Digest)
{
    public static IReadOnlyList<TestVector> All { get; } =
    [
        new("adam", """{}""", "88c63ffe0c27cee25efa9b6bd96a6682551a5ae412d2c457d1c1190f61504a9a"),
        new("no-dropout", """{"levels":2,"kernel_size":8,"hidden":16,"dropout":0.0,"shuffle":false}""", "8945f4332b7cc10f41089a540f6e3150fc80cb963743723b552d113ba7298a00"),
        new("three-blocks-of-channels", """{"levels":2,"kernel_size":3,"hidden":33,"dropout":0.3,"input_dropout":0.2}""", "e71e0b7f31b35bc8d6cd4216760b08bdb4342deee86790878bb4fd88bb86dd56"),
        new("notebook", """{"levels":8,"kernel_size":7,"hidden":30,"input_channels":1,"dropout":0.05,"batch_size":5,"epochs":1,"train_limit":10,"eval_limit":3}""", "b19fd086348af29e838dd89f0bd91f0a2f37539730e70eb2341342ae23d3d3f0"),
        new("many-images", """{"batch_size":110,"hidden":5,"epochs":2}""", "0380910bb2e5c0a3f36c982806f11956454ef0005355d10453c7c92c055293bf"),
        new("adamw", """{"optimizer":"AdamW","weight_decay":0.1,"beta1":0.8,"beta2":0.95,"eps":1e-6}""", "4f919c8e08004ea01b1f17afe944958409fecd71d1fc17507e94236c8982ef1b"),
        new("sgd", """{"optimizer":"SGD","momentum":0.9,"weight_decay":0.01,"lr_schedule":"step","step_size":1,"gamma":0.7}""", "b4017d0d04437c0fd7a4520e1c836fdb102bb77745b4adfc75ebdf63680af9fa"),
        new("sgd-plain", """{"optimizer":"SGD","lr":0.05,"levels":1,"kernel_size":15,"hidden":10}""", "d16dfdcfae71aa95c0a9327218a981fc8d133d1e35346806ea022a08836bab9c"),
        new("rmsprop", """{"optimizer":"RMSprop","momentum":0.5,"lr":0.001}""", "bfc349ce64025c368fed6b63cfcc5bdb5844286ca8f1994565235942043bc4ea"),
        new("clip", """{"clip":0.1,"lr_schedule":"cosine","warmup_epochs":1}""", "6dce4b2e20fd51e44dff9dd4bd9de4ae02b50f4919c35c74b2661542e5dc8bbc"),
        new("recipe", """{"ema":0.9,"label_smoothing":0.1,"lr_schedule":"one_cycle","optimizer":"AdamW"}""", "1cd6eb476c779c6d03de4fc595f4d0e0c5491b922d61bb8a3b0d2f3cf7483a33"),
        new("bf16", """{"precision":"bf16","hidden":18,"input_dropout":0.1}""", "cda7f2006ec1c23c0d79c84396c6092379f176fd515ade5647c293897470974a"),
        new("permuted", """{"permute":true,"input_channels":4,"hidden":7,"kernel_size":6,"levels":5,"train_limit":30,"epochs":1}""", "62d3f2d2c0881040abf64746071ff87b707fb8f90ed7aad6cca6b2ec16ea3a57"),
        new("no-holdout", """{"holdout":0,"input_channels":16,"hidden":16,"levels":2,"kernel_size":9}""", "f3dc3989740062726c20f56eb7f9fbf239a31061cb620e7730ba6510d44c3fbd"),
        new("channels-agree", """{"input_channels":49,"hidden":49,"levels":2,"kernel_size":4,"batch_size":40}""", "eeb2fa2e94c053ab31d9ad628312f9dee28a153bd4cdb187b8544bb3e54abdd2"),
    ];

    /// <summary>A folder to train in, with the images of the vectors.</summary>
    internal static TrialRun NewRun() => new() { Dataset = SyntheticImages.Create(train: 120, test: 6) };

    internal TrialAssignment Assignment(TrialRun trial, int threads = 1)
    {
        var assignment = trial.Assignment(Changes) with { Threads = threads };
        return assignment with { Metric = Changes.Contains("\"holdout\":0", StringComparison.Ordinal) ? "test_accuracy" : "val_accuracy" };
    }

    public override string ToString() => Name;
}
