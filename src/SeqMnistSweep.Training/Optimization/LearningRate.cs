namespace SeqMnistSweep.Training.Optimization;

internal enum ScheduleKind
{
    Constant,
    Step,
    Cosine,
    OneCycle,
}

/// <summary>The learning rate as a function of the place in the training, so that a resumed trial needs no state of it.</summary>
/// <param name="StepSize">Epochs between two drops of the step schedule.</param>
/// <param name="Gamma">Factor of each drop.</param>
/// <param name="WarmupEpochs">Epochs of linear warm-up before the cosine falls.</param>
internal sealed record LearningRate(ScheduleKind Kind, double Base, int Epochs, int StepSize, double Gamma, int WarmupEpochs)
{
    private const double Rise = 0.3;
    private const double FirstOfBase = 1 / 25.0;
    private const double LastOfFirst = 1e-4;

    /// <param name="epoch">Counted from 1.</param>
    /// <param name="done">Share of the epoch's images that earlier steps took, 0 to below 1; for <see cref="ScheduleKind.OneCycle"/>.</param>
    public double At(int epoch, double done) => Kind switch
    {
        // torch.optim.lr_scheduler.StepLR, stepped once an epoch.
        ScheduleKind.Step => Base * ExactMath.Power(Gamma, (epoch - 1) / StepSize),

        // Warm-up epoch e of w uses e / (w + 1) of the rate; then CosineAnnealingLR with T_max = the epochs left and eta_min = 0,
        // stepped once an epoch: the first has the full rate, and 0 would be reached one epoch after the last.
        ScheduleKind.Cosine when epoch <= WarmupEpochs => Base * epoch / (WarmupEpochs + 1),
        ScheduleKind.Cosine => Base * 0.5 * (1 + ExactMath.CosPi((double)(epoch - 1 - WarmupEpochs) / (Epochs - WarmupEpochs))),

        // OneCycleLR with its defaults, of the share of the training: up for three tenths of it, then down.
        ScheduleKind.OneCycle => OneCycle((epoch - 1 + done) / Epochs),
        _ => Base,
    };

    private double OneCycle(double done)
    {
        var first = Base * FirstOfBase;
        return done < Rise
            ? Between(first, Base, done / Rise)
            : Between(Base, first * LastOfFirst, (done - Rise) / (1 - Rise));
    }

    /// <summary>Half a cosine.</summary>
    private static double Between(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + ExactMath.CosPi(share)));
}
