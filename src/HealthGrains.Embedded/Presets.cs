using HealthGrains.Health;
using HealthGrains.Policy;

namespace HealthGrains.Embedded;

internal static class Presets
{
    public static readonly IReadOnlyList<HealthModel> Models = [new HealthModel { Version = "prior-1" }];
    public static readonly IReadOnlyList<HealthPolicy> Policies = [new HealthPolicy { Version = "policy-1" }];
}
