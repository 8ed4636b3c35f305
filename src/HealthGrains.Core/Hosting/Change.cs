namespace HealthGrains.Hosting;

/// <summary>A change as it is kept for watchers.</summary>
/// <param name="Sequence">Its number; 0 for none.</param>
/// <param name="Type">What happened.</param>
/// <param name="Account">To which account.</param>
/// <param name="Owner">Its CSM.</param>
/// <param name="Data">What is told; null for the account's row when it is read.</param>
internal readonly record struct Change(long Sequence, string Type, string Account, string? Owner, object? Data);
