namespace HealthGrains.Delivery;

/// <summary>
/// A CRM that is written to. Each entry says what should stand there, under an id that stays the same; writing it twice leaves the same as
/// once.
/// </summary>
internal interface ICrm
{
    /// <summary>Which, for people.</summary>
    string Name { get; }

    /// <summary>Sets fields of an account that is there already. One that is not is refused: accounts are made by people.</summary>
    Task<DeliveryOutcome> SetAccountAsync(CrmEntry entry, CancellationToken cancellationToken);

    /// <summary>Makes a task of an account, or brings it up to date.</summary>
    Task<DeliveryOutcome> PutTaskAsync(CrmEntry entry, CancellationToken cancellationToken);

    /// <summary>Notes what something came to at an account, or brings the note up to date.</summary>
    Task<DeliveryOutcome> PutOutcomeAsync(CrmEntry entry, CancellationToken cancellationToken);
}

/// <summary>What is to stand in the CRM.</summary>
/// <param name="Body">Fields and account.</param>
/// <param name="Reference">The stable id of a task or an outcome.</param>
/// <param name="At">When it was decided.</param>
internal sealed record CrmEntry(CrmBody Body, string Reference, DateTimeOffset At);

/// <summary>Writes entries into a CRM.</summary>
internal sealed class CrmReceiver(ICrm crm, int? concurrency) : IReceiver
{
    /// <inheritdoc/>
    public string Name => crm.Name;

    /// <inheritdoc/>
    public int Concurrency => concurrency ?? 4;

    /// <inheritdoc/>
    public Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken)
    {
        if (dispatch.Body is not CrmBody body)
        {
            return Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Refused(
                $"a CRM takes entries, and this is {Wire.Kind(dispatch.Body)}; send it to another receiver"));
        }
        if (body.ExternalIds.Values.Append(body.AccountId).Append(body.Reference ?? dispatch.Id).Any(id => id is "." or ".."))
        {
            // In an address that would be another place.
            return Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Refused("'.' and '..' cannot be ids in a CRM; give the account another one"));
        }
        var entry = new CrmEntry(body, body.Reference ?? dispatch.Id, DateTimeOffset.FromUnixTimeMilliseconds(dispatch.At));
        return body.Kind switch
        {
            CrmKind.Task => crm.PutTaskAsync(entry, cancellationToken),
            CrmKind.Outcome => crm.PutOutcomeAsync(entry, cancellationToken),
            _ => crm.SetAccountAsync(entry, cancellationToken),
        };
    }
}
