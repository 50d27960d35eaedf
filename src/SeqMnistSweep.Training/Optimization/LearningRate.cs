namespace SeqMnistSweep.Training.Optimization;

internal enum ScheduleKind
{
    Constant,
    Step,
    Cosine,
}

/// <summary>The learning rate as a function of the epoch, so that a resumed trial needs no state of it.</summary>
/// <param name="StepSize">Epochs between two drops of the step schedule.</param>
/// <param name="Gamma">Factor of each drop.</param>
/// <param name="WarmupEpochs">Epochs of linear warm-up before the cosine falls.</param>
internal sealed record LearningRate(ScheduleKind Kind, double Base, int Epochs, int StepSize, double Gamma, int WarmupEpochs)
{
    /// <param name="epoch">Counted from 1; the rate holds for all its steps.</param>
    public double At(int epoch) => Kind switch
    {
        // torch.optim.lr_scheduler.StepLR, stepped once an epoch.
        ScheduleKind.Step => Base * ExactMath.Power(Gamma, (epoch - 1) / StepSize),

        // Warm-up epoch e of w uses e / (w + 1) of the rate; then CosineAnnealingLR with T_max = the epochs left and eta_min = 0,
        // stepped once an epoch: the first has the full rate, and 0 would be reached one epoch after the last.
        ScheduleKind.Cosine when epoch <= WarmupEpochs => Base * epoch / (WarmupEpochs + 1),
        ScheduleKind.Cosine => Base * 0.5 * (1 + ExactMath.CosPi((double)(epoch - 1 - WarmupEpochs) / (Epochs - WarmupEpochs))),
        _ => Base,
    };
}
