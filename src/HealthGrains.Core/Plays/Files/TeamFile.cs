namespace HealthGrains.Plays.Files;

/// <summary>A team as a file: <c>teams/north.json</c>.</summary>
internal static class TeamFile
{
    public static PracticePart Read(PracticeFile file, JsonPlace place, Report report)
    {
        var entry = Entry.Read(place, Shapes.Team, report);
        var team = new Team(entry.Text("manager"), entry.Texts("members"))
        {
            Unowned = entry.Flag("unowned", false), TimeZone = entry.TextOrNull("timeZone"),
        };
        if (entry.At("members") is { } members && team.Members.Count == 0) report.Add(members, "a team of nobody: name its members");
        team = team with { People = [.. People(entry, team, report)] };
        var part = PracticeReader.Part(file, PracticeKind.Team, file.Path, 0, team, PracticeWriter.Write(team), entry);
        var mentions = entry.Places("members").Select(member => new Mention(MentionOf.Member, member.Text, member));
        if (team.Unowned) mentions = mentions.Append(new Mention(MentionOf.Unowned, "", entry.At("unowned")!));
        return part with { Mentions = [.. mentions] };
    }

    private static IEnumerable<TeamPerson> People(Entry team, Team known, Report report)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string[] names = [known.Manager, .. known.Members];
        foreach (var entry in team.Objects("people", Shapes.Person))
        {
            var (name, mail) = (entry.Text("name"), entry.TextOrNull("by") == TeamPerson.Mail);
            if (entry.At("name") is { } place)
            {
                if (!names.Contains(name))
                    report.Add(place, $"'{name}' is neither the manager nor a member of this team{PracticeWords.DidYouMean(name, names)}");
                else if (!seen.Add(name)) report.Add(place, $"'{name}' stands in people twice: take one out");
            }
            if (entry.At("email") is { } address && !address.Text.Contains('@', StringComparison.Ordinal))
                report.Add(address, $"'{address.Text}' is no e-mail address: somebody@example.com");
            else if (mail && entry.At("email") is null) report.Add(entry.At("by")!, $"{name} is told by e-mail, but where? add email");
            yield return new TeamPerson(name)
            {
                By = mail ? TeamPerson.Mail : TeamPerson.Chat, Email = entry.TextOrNull("email"), TimeZone = entry.TextOrNull("timeZone"),
                Digest = entry.Flag("digest", true),
            };
        }
    }
}
