namespace HealthGrains.Tidy.Tests;
public class Smoke { [Fact] public void A_b() { } [Fact(Skip = "because <x> & y")] public void C_d() { } }
