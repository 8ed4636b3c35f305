using HealthGrains.Intake;

namespace HealthGrains.Kafka;

/// <summary>What a message's value is: a wire format of Intake, packed signals, or a profile.</summary>
internal readonly record struct MessageFormat
{
    /// <summary>The header that names a message's format.</summary>
    public const string Header = "format";

    /// <summary>The name of a profile's format.</summary>
    public const string ProfileName = "profile";

    private static readonly WireFormat[] WireFormatsKnown = Enum.GetValues<WireFormat>();

    private MessageFormat(string name, WireFormat? wire)
    {
        Name = name;
        Wire = wire;
    }

    /// <summary>What a topic may be set to, for messages.</summary>
    public static string ForTopics { get; } =
        string.Join(", ", [.. WireFormatsKnown.Select(format => format.WireName()), PackedSignals.FormatName]);

    /// <summary>What a header may say, for messages.</summary>
    public static string ForHeaders { get; } = $"{ForTopics}, {ProfileName}";

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Intake's format; null for packed signals and profiles.</summary>
    public WireFormat? Wire { get; }

    public bool IsProfile => Name == ProfileName;

    public bool IsPacked => Name == PackedSignals.FormatName;

    /// <summary>The format of that name, in any case of its letters; null when there is none.</summary>
    public static MessageFormat? Find(string name)
    {
        foreach (var wire in WireFormatsKnown)
            if (wire.WireName().Equals(name, StringComparison.OrdinalIgnoreCase)) return new MessageFormat(wire.WireName(), wire);
        if (PackedSignals.FormatName.Equals(name, StringComparison.OrdinalIgnoreCase))
            return new MessageFormat(PackedSignals.FormatName, null);
        return ProfileName.Equals(name, StringComparison.OrdinalIgnoreCase) ? new MessageFormat(ProfileName, null) : null;
    }
}
