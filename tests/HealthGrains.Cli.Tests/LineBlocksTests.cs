using System.Text;
using HealthGrains.Cli.Replay;

namespace HealthGrains.Cli.Tests;

public sealed class LineBlocksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_hold_whole_lines_and_lose_nothing(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < 3 * LineBlocks.TargetBytes + 17)
        {
            // Now and then a line longer than a block.
            var length = random.Next(400) == 0 ? LineBlocks.TargetBytes + random.Next(1000) : random.Next(3000);
            text.Append('x', length).Append(random.Next(10) == 0 ? "\r\n" : "\n");
        }
        if (seed != 2) text.Append("the last line has no end");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());

        using var blocks = LineBlocks.Open("-", new Trickle(bytes, random));
        var whole = new MemoryStream();
        var buffer = Array.Empty<byte>();
        var line = 1L;
        while (blocks.Next(ref buffer, out var count, out var firstLine, out var isArray))
        {
            Assert.False(isArray);
            Assert.Equal(line, firstLine);
            line += buffer.AsSpan(0, count).Count((byte)'\n');
            whole.Write(buffer, 0, count);
            Assert.True(buffer[count - 1] == '\n' || whole.Length == bytes.Length, "a block ends within a line");
        }
        Assert.Equal(bytes, whole.ToArray());
    }

    /// <summary>A stream that gives as little at a time as a pipe does.</summary>
    private sealed class Trickle(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1 + random.Next(70_000))]);
    }
}
