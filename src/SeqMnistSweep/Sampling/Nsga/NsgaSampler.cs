using SeqMnistSweep.Fronts;
using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Nsga;

/// <summary>NSGA-II (Deb 2002) for several metrics: the parents are the best results, by rank of dominance and then by distance
/// to their neighbours; children come from simulated binary crossover and polynomial mutation. The parents are chosen anew after every few
/// configurations and not after a whole population, which serves budgets of some hundreds better. In a sweep with a pruner they are compared
/// after as many epochs as a population's worth of them has; see <see cref="ComparedBudget"/>.</summary>
internal sealed class NsgaSampler(SearchSpace space, long seed) : ISampler
{
    private const int Population = 50;
    private const int Renewal = 10;
    private const double CrossoverChance = 0.9;
    private const double CrossoverIndex = 15;
    private const double MutationIndex = 20;
    private const int Tries = 50;

    private readonly AxisSpace _space = new(space);
    private ((int, int) Of, List<Parent> Parents)? _parents;   // and what they were chosen of

    private sealed record Parent(int Number, double[] Units, int Rank, double Crowding);

    public Proposal? Propose(long cursor, SearchHistory history)
    {
        var random = new SplitMix64(RandomSeed.Derive(seed, "nsga2", cursor));
        var units = new double[_space.Axes.Length];
        var parents = Parents(history);
        if (history.Configurations.Count < Population || parents.Count < 2)
        {
            return _space.Random(ref random, cursor, $"nsga2: random draw, one of the first {Population}");
        }

        var made = _space.Made(history);
        for (var tries = 0; tries < Tries; tries++)
        {
            var mother = Tournament(parents, ref random);
            var father = Tournament(parents, ref random);
            Cross(mother.Units, father.Units, units, ref random);
            if (_space.Feasible(units) is { } candidate && made?.Contains(_space.KeyOf(units)) != true)
            {
                return new Proposal(
                    candidate.ToParameterSet(), cursor + 1, tries,
                    $"nsga2: child of configurations {mother.Number} and {father.Number}, {parents.Count(parent => parent.Rank == 0)} of "
                        + $"{parents.Count} parents undominated");
            }
        }

        return _space.Random(ref random, cursor, "nsga2: random draw, for the parents' children are made or infeasible");
    }

    /// <summary>The best of those with results, with numbers up to the last renewal.</summary>
    private List<Parent> Parents(SearchHistory history)
    {
        var of = history.Configurations.Count / Renewal * Renewal;
        var results = Results([.. history.Configurations.Take(of)]);
        var hash = default(HashCode);
        results.ForEach(result => hash.Add((result.Of.Configuration, result.Losses[0], result.Losses[^1])));
        var key = (of, hash.ToHashCode());
        if (_parents is { } known && known.Of == key) return known.Parents;

        var best = Pareto.Best([.. results.Select(result => Pareto.Comparable(result.Losses))], Population);
        var parents = best
            .Select(place => new Parent(
                results[place.Index].Of.Configuration, _space.UnitsOf(results[place.Index].Of.Parameters), place.Rank, place.Crowding))
            .ToList();
        _parents = (key, parents);
        return parents;
    }

    /// <summary>All at the same budget.</summary>
    private static List<(Observation Of, double[] Losses)> Results(List<Observation> configurations)
    {
        var budgets = new ComparedBudget(Population);
        foreach (var seen in configurations)
        {
            budgets.Count(Standing.Of(seen, int.MaxValue), 1);
        }

        var budget = budgets.Choose();
        return [.. from seen in configurations
                   where Standing.Of(seen, budget).Loss is not null
                   let losses = budget == int.MaxValue || seen.Curve.IsEmpty ? [.. seen.Losses] : seen.LossesWithin(budget)
                   where losses is { Length: > 0 }
                   select (seen, losses)];
    }

    private static Parent Tournament(List<Parent> parents, ref SplitMix64 random)
    {
        var one = parents[(int)(random.NextUnit() * parents.Count)];
        var other = parents[(int)(random.NextUnit() * parents.Count)];
        return one.Rank != other.Rank ? (one.Rank < other.Rank ? one : other) : one.Crowding >= other.Crowding ? one : other;
    }

    private void Cross(double[] mother, double[] father, double[] child, ref SplitMix64 random)
    {
        var crosses = random.NextUnit() < CrossoverChance;
        for (var i = 0; i < child.Length; i++)
        {
            var (a, b) = random.NextUnit() < 0.5 ? (mother[i], father[i]) : (father[i], mother[i]);
            a = double.IsNaN(a) ? random.NextUnit() : a;
            b = double.IsNaN(b) ? a : b;
            child[i] = !crosses || !_space.Axes[i].IsOrdered || random.NextUnit() < 0.5
                ? (crosses ? a : double.IsNaN(mother[i]) ? a : mother[i])
                : Between(a, b, random.NextUnit());
            if (random.NextUnit() < 1.0 / child.Length)
            {
                child[i] = _space.Axes[i].IsOrdered ? Mutate(child[i], random.NextUnit()) : random.NextUnit();
            }

            child[i] = Math.Clamp(child[i], 0, 1);
        }
    }

    /// <summary>Simulated binary crossover: as near to one parent as they are to each other.</summary>
    private static double Between(double a, double b, double chance)
    {
        var beta = chance <= 0.5
            ? Math.Pow(2 * chance, 1 / (CrossoverIndex + 1))
            : Math.Pow(1 / (2 * (1 - chance)), 1 / (CrossoverIndex + 1));
        return 0.5 * (((1 + beta) * a) + ((1 - beta) * b));
    }

    /// <summary>Polynomial mutation, which keeps to [0, 1].</summary>
    private static double Mutate(double unit, double chance) => chance < 0.5
        ? unit + Math.Pow((2 * chance) + ((1 - (2 * chance)) * Math.Pow(1 - unit, MutationIndex + 1)), 1 / (MutationIndex + 1)) - 1
        : unit + (1 - Math.Pow((2 * (1 - chance)) + ((2 * (chance - 0.5)) * Math.Pow(unit, MutationIndex + 1)), 1 / (MutationIndex + 1)));
}
