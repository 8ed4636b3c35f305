namespace HealthGrains.Simulation;

/// <summary>The shape in which an event leaves the system that it happened in.</summary>
public enum WireFormat
{
    /// <summary>HealthGrains' own signal.</summary>
    Native,
    /// <summary>A Segment track call.</summary>
    SegmentTrack,
    /// <summary>A Segment page call: no signal, only a page seen.</summary>
    SegmentPage,
    /// <summary>A Segment identify call: no signal, only who a user is.</summary>
    SegmentIdentify,
    /// <summary>A Segment group call: no signal, only which account a user belongs to.</summary>
    SegmentGroup,
    /// <summary>A Stripe event.</summary>
    Stripe,
}
