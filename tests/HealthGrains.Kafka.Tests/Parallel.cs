// These tests wait for brokers, for sessions to end and for partitions to move: more of them than there are cores can wait at once.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 6)]
