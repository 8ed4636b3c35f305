using System.Text;

namespace HealthGrains.Tidy.Tests;

/// <summary>What a rule found. Each finding says where it is and what to do about it.</summary>
public sealed class Findings
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string path, int line, string whatToDo) => _lines.Add($"{path}:{line}: {whatToDo}");

    public void Add(SourceFile file, string whatToDo) => Add(file.Path, 1, whatToDo);

    public void AssertNone()
    {
        if (_lines.Count == 0) return;
        var message = new StringBuilder().Append(_lines.Count).AppendLine(" to tidy up:");
        foreach (var line in _lines.Take(200)) message.AppendLine(line);
        if (_lines.Count > 200) message.Append("... and ").Append(_lines.Count - 200).AppendLine(" more");
        Assert.Fail(message.ToString());
    }
}
