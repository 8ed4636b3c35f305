using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HealthGrains.Accounts;

/// <summary>
/// Says that memory will be read soon. Nothing waits for it, as a load would once the processor's window is full of loads, so that
/// twice as many waits overlap. Where the processor has no such instruction nothing happens.
/// </summary>
public static class Prefetch
{
    /// <summary>Asks for the cache line that a value begins in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line<T>(ref readonly T value)
    {
        // An address is enough: should the collector move the value in this moment, a line is fetched in vain.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in value)));
    }
}
