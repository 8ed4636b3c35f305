using HealthGrains.Plays.Files;

namespace HealthGrains.Assistant.Tests;

public sealed class PracticeFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("healthgrains-practice-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back_and_what_is_there_stays()
    {
        var (written, kept) = PracticeFolder.Write(_folder, DefaultPractice.Files);
        Assert.Equal((DefaultPractice.Files.Count + PracticeSchema.All.Count, 0), (written, kept));
        Assert.Equal(DefaultPractice.Files, PracticeFolder.Read(_folder));
        File.WriteAllText(Path.Combine(_folder, "playbooks", "onboarding.json"), "mine");
        Assert.Equal((0, written), PracticeFolder.Write(_folder, DefaultPractice.Files));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "playbooks", "onboarding.json")));
    }

    [Theory]
    [InlineData("playbooks/x.json", true)]
    [InlineData("templates/x.hbs", true)]
    [InlineData("playboks/x.json", true)]
    [InlineData("playbooks/x.txt", true)]
    [InlineData("README.md", false)]
    [InlineData("schemas/playbook.schema.json", false)]
    [InlineData(".git/config.json", false)]
    [InlineData("playbooks/.x.json.swp", false)]
    [InlineData("playbooks/x.json~", false)]
    public void A_file_that_is_meant_to_be_part_is_read_even_where_its_place_is_wrong(string path, bool part) =>
        Assert.Equal(part, PracticeFolder.IsPart(path));
}
