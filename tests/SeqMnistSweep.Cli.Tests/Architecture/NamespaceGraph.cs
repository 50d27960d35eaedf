using System.Reflection;
using System.Reflection.Emit;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>Which namespaces of an assembly use which others of it: by base types, signatures, attributes and the code of every method.</summary>
internal sealed class NamespaceGraph
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly Assembly _assembly;
    private readonly Dictionary<string, Dictionary<string, string>> _uses = new(StringComparer.Ordinal);

    public NamespaceGraph(Assembly assembly)
    {
        _assembly = assembly;
        foreach (var type in assembly.GetTypes().Where(type => NamespaceOf(type) is not null))
        {
            foreach (var used in TypesIn(type).SelectMany(Parts))
            {
                Add(type, used);
            }
        }
    }

    /// <summary>Every use of one namespace by another, with an example.</summary>
    public IEnumerable<(string From, string To, string Example)> Arrows =>
        from name in _uses from use in name.Value select (name.Key, use.Key, use.Value);

    /// <summary>The namespaces that use each other in a circle, in groups, and for each arrow within a group one example.</summary>
    public IReadOnlyList<(IReadOnlyList<string> Namespaces, IReadOnlyList<string> Arrows)> Cycles()
    {
        var reach = _uses.Keys.ToDictionary(name => name, Reachable, StringComparer.Ordinal);
        var groups = _uses.Keys.Where(name => reach[name].Contains(name))
            .GroupBy(name => string.Join(' ', reach[name].Where(other => reach.GetValueOrDefault(other)?.Contains(name) == true).Order(StringComparer.Ordinal)));
        return [.. groups.Select(group => ((IReadOnlyList<string>)[.. group.Order(StringComparer.Ordinal)], (IReadOnlyList<string>)[.. ArrowsWithin([.. group])]))];
    }

    private IEnumerable<string> ArrowsWithin(HashSet<string> circle) =>
        from name in circle.Order(StringComparer.Ordinal)
        from use in _uses[name].OrderBy(use => use.Key, StringComparer.Ordinal)
        where circle.Contains(use.Key)
        select $"{name} -> {use.Key}: {use.Value}";

    private HashSet<string> Reachable(string from)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([from]);
        while (open.TryPop(out var name))
        {
            foreach (var next in _uses.GetValueOrDefault(name)?.Keys ?? Enumerable.Empty<string>())
            {
                if (reached.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return reached;
    }

    private void Add(Type user, Type used)
    {
        var (from, to) = (NamespaceOf(user)!, NamespaceOf(used));
        if (to is null || to == from)
        {
            return;
        }

        if (!_uses.TryGetValue(from, out var uses))
        {
            _uses[from] = uses = new Dictionary<string, string>(StringComparer.Ordinal);
        }

        uses.TryAdd(to, $"{Outermost(user).Name} uses {Outermost(used).Name}");
    }

    /// <summary>Null for types of other assemblies, and for code that Orleans generates beside the project's own.</summary>
    private string? NamespaceOf(Type type) =>
        type.Assembly == _assembly && Outermost(type).Namespace is { } name && name.StartsWith("SeqMnistSweep", StringComparison.Ordinal) ? name : null;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<Type?> TypesIn(Type type)
    {
        IEnumerable<Type?> own =
        [
            type.BaseType, .. type.GetInterfaces(), .. type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()),
            .. type.GetFields(Declared).Select(field => field.FieldType), .. AttributeTypes(type),
        ];
        var methods = type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared));
        return own.Concat(type.GetMembers(Declared).SelectMany(AttributeTypes)).Concat(methods.SelectMany(TypesIn));
    }

    private static IEnumerable<Type?> TypesIn(MethodBase method)
    {
        IEnumerable<Type?> signature =
        [
            (method as MethodInfo)?.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. method.IsGenericMethod ? method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()) : [],
        ];
        return method.GetMethodBody() is not { } body ? signature : signature
            .Concat(body.LocalVariables.Select(local => (Type?)local.LocalType))
            .Concat(body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType))
            .Concat(Tokens(body.GetILAsByteArray()!).SelectMany(token => TypesBehind(method, token)));
    }

    private static IEnumerable<Type> AttributeTypes(MemberInfo member) =>
        member.GetCustomAttributesData().SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>()
            .Append(attribute.AttributeType));

    /// <summary>The metadata tokens of types, fields and methods in a method's code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var first = code[at++];
            var operation = OpCodesByValue[first == 0xFE ? (short)(0xFE00 | code[at++]) : first];
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type?> TypesBehind(MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType, field.FieldType],
            MethodInfo { IsGenericMethod: true } called => [called.DeclaringType, called.ReturnType, .. called.GetGenericArguments()],
            MethodInfo called => [called.DeclaringType, called.ReturnType],
            MethodBase called => [called.DeclaringType],
            _ => [],
        };
    }

    /// <summary>A type with those that it is made of: of <c>List&lt;X[]&gt;</c> the list and X.</summary>
    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsGenericParameter: true } => [],
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
