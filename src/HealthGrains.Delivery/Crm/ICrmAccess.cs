namespace HealthGrains.Delivery;

/// <summary>What lets requests into a CRM: a bearer token, and where the API is.</summary>
internal interface ICrmAccess
{
    /// <summary>The setting to correct when the CRM does not let us in, for a sentence.</summary>
    string Credentials { get; }

    /// <summary>A token to send with a request; asks for one where there is none that still holds.</summary>
    ValueTask<CrmAccess> GetAsync(CancellationToken cancellationToken);

    /// <summary>The CRM did not take this one: it is not given again.</summary>
    void Refused(CrmAccess access);
}

/// <summary>A token, or why there is none.</summary>
internal sealed class CrmAccess
{
    public string Token { get; init; } = "";

    /// <summary>Where the API is, when the token endpoint said so; null for where the settings say.</summary>
    public Uri? Api { get; init; }

    /// <summary>When it ends, Unix milliseconds; null when nobody said.</summary>
    public long? Until { get; init; }

    /// <summary>Why there is none.</summary>
    public DeliveryOutcome.Away? Failure { get; init; }

    /// <summary>Whether the CRM has let a request in with it. A fresh one that it refuses is no old one that ended.</summary>
    public bool WasTaken { get; set; }
}

/// <summary>A token that the settings hold, read anew each time.</summary>
internal sealed class FixedAccess(Func<string> token) : ICrmAccess
{
    /// <inheritdoc/>
    public string Credentials => nameof(ReceiverSettings.Token);

    /// <inheritdoc/>
    public ValueTask<CrmAccess> GetAsync(CancellationToken cancellationToken) => new(new CrmAccess { Token = token() });

    /// <inheritdoc/>
    public void Refused(CrmAccess access)
    {
        // There is no other; a person puts one into the settings.
    }
}
