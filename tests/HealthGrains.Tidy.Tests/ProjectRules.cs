using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HealthGrains.Tidy.Tests;

public sealed class ProjectRules
{
    /// <summary>Who may know whom: a project of src, and the projects that it may reference.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Simulation"] = ["Core"],
        ["Modelling"] = ["Core"],
        ["Intake"] = ["Core"],
        ["Assistant"] = ["Core"],
        ["Assistant.SemanticKernel"] = ["Core", "Assistant"],
        ["Kafka"] = ["Core", "Intake"],
        ["Delivery"] = ["Core"],
        ["Api"] = ["Core", "Intake"],
        ["Embedded"] = ["Core", "Intake", "Api", "Modelling", "Assistant"],
        ["Grains"] = ["Core", "Intake", "Modelling", "Assistant"],
        ["Silo"] = ["Core", "Intake", "Api", "Modelling", "Assistant", "Assistant.SemanticKernel", "Kafka", "Grains", "Simulation",
            "Demo", "Delivery"],
        ["Demo"] = ["Core", "Intake", "Simulation"],
        ["Cli"] = ["Core", "Intake", "Api", "Modelling", "Assistant", "Embedded", "Simulation", "Demo", "Delivery"],
    };

    private static readonly string[] NoFolders = ["Helpers", "Managers", "Utils", "Models", "Common", "Misc"];

    private static readonly Regex ClusterPackage = new(@"^(Microsoft\.Orleans\.|Confluent\.|librdkafka|Microsoft\.SemanticKernel)");
    // Kafka's image keeps its programs in /opt/kafka, on whatever machine it runs.
    private static readonly Regex AbsolutePath = new(@"(?<![\w.:/~*$}])/(home|root|work|tmp|Users|opt(?!/kafka/)|mnt)/\w|(?<!\w)[A-Z]:\\\w");
    private static readonly Regex Registry = new(@"\b(nuget\.org|npmjs\.(org|com)|yarnpkg\.com|pypi\.org|pkgs\.dev\.azure\.com)\b");

    [Fact]
    public void Projects_know_only_whom_they_may_know()
    {
        var findings = new Findings();
        foreach (var project in SourceTree.Projects.Where(project => project.IsUnder("src")))
        {
            var name = ShortName(project);
            if (!MayKnow.TryGetValue(name, out var allowed))
            {
                findings.Add(project, $"{name} is not in the table of who may know whom: add it there, with what it may know");
                continue;
            }
            foreach (var known in References(project).Where(known => !allowed.Contains(known)))
                findings.Add(project.Path, LineOf(project, known), $"{name} may not know {known}: speak to it through Core's ports");
        }
        findings.AssertNone();
    }

    [Fact]
    public void Core_references_nothing()
    {
        var findings = new Findings();
        var core = SourceTree.File("src/HealthGrains.Core/HealthGrains.Core.csproj");
        foreach (var kind in (string[])["PackageReference", "ProjectReference", "FrameworkReference", "Reference"])
            if (Items(core, kind).Any()) findings.Add(core.Path, LineOf(core, kind), $"a {kind}: Core stands alone; put this in a host");
        findings.AssertNone();
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_file_only()
    {
        var findings = new Findings();
        var known = Items(SourceTree.File("Directory.Packages.props"), "PackageVersion").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var project in SourceTree.Projects)
            foreach (var element in XDocument.Parse(project.Text).Descendants("PackageReference"))
            {
                var package = element.Attribute("Include")?.Value ?? element.Attribute("Update")?.Value ?? "";
                var versions = element.Attributes("Version").Count() + element.Attributes("VersionOverride").Count();
                if (versions + element.Elements("Version").Count() > 0)
                    findings.Add(project.Path, LineOf(project, package), $"a version of {package}: write it in Directory.Packages.props");
                if (!known.Contains(package))
                    findings.Add(project.Path, LineOf(project, package), $"{package} has no version: add it to Directory.Packages.props");
            }
        findings.AssertNone();
    }

    [Fact]
    public void The_solution_lists_every_project_and_the_embedded_filter_every_one_that_can_be_embedded()
    {
        var findings = new Findings();
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "HealthGrains.sln")).Replace('\\', '/');
        var filter = SourceTree.File("HealthGrains.Embedded.slnf");
        var listed = JsonDocument.Parse(filter.Text).RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(path => path.GetString()!.Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        foreach (var project in SourceTree.Projects)
        {
            if (!solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
                findings.Add(project, "not in HealthGrains.sln: add it with 'dotnet sln HealthGrains.sln add'");
            var cluster = NeedsCluster(project, []);
            if (!cluster && !listed.Contains(project.Path)) findings.Add(filter, $"{project.Path} needs no cluster package: add it here");
            if (cluster && listed.Contains(project.Path)) findings.Add(filter, $"{project.Path} needs a cluster package: take it out here");
        }
        foreach (var path in listed.Where(path => SourceTree.Projects.All(project => project.Path != path)))
            findings.Add(filter, $"{path} does not exist: take it out here");
        findings.AssertNone();
    }

    [Fact]
    public void Every_project_of_src_has_tests_beside_it()
    {
        var findings = new Findings();
        foreach (var project in SourceTree.Projects.Where(project => project.IsUnder("src")))
        {
            var name = Path.GetFileNameWithoutExtension(project.Name);
            if (SourceTree.Projects.All(other => other.Path != $"tests/{name}.Tests/{name}.Tests.csproj"))
                findings.Add(project, $"no tests/{name}.Tests: add the project");
        }
        findings.AssertNone();
    }

    [Fact]
    public void Folders_are_named_after_things_of_the_domain()
    {
        var findings = new Findings();
        foreach (var folder in SourceTree.Folders)
            foreach (var part in folder.Split('/').Where(part => NoFolders.Contains(part, StringComparer.OrdinalIgnoreCase)))
                findings.Add(folder, 1, $"{part} is a kind of code: name the folder after a thing of the domain");
        findings.AssertNone();
    }

    [Fact]
    public void No_file_names_a_place_on_one_machine_or_a_package_registry()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Files.Where(file => !file.IsUnder("tests/HealthGrains.Tidy.Tests")))
            for (var i = 0; i < file.Lines.Length; i++)
            {
                if (AbsolutePath.Match(file.Lines[i]) is { Success: true } path)
                    findings.Add(file.Path, i + 1, $"'{path.Value}...': an absolute path; make it relative, or an option");
                if (Registry.Match(file.Lines[i]) is { Success: true } registry)
                    findings.Add(file.Path, i + 1, $"{registry.Value}: a machine knows where its packages come from; leave it out");
            }
        findings.AssertNone();
    }

    [Theory]
    [InlineData("cd /home/someone/x", true)]
    [InlineData("var x = \"/tmp/file\";", true)]
    [InlineData("/opt/kafka/bin/kafka-topics.sh", false)]
    [InlineData("/opt/something/else", true)]
    [InlineData("#!/usr/bin/env bash", false)]
    [InlineData("GET /v1/accounts", false)]
    [InlineData("src/work/file", false)]
    public void The_rule_knows_an_absolute_path_when_it_sees_one(string line, bool found) =>
        Assert.Equal(found, AbsolutePath.IsMatch(line));

    private static bool NeedsCluster(SourceFile project, HashSet<string> seen)
    {
        if (!seen.Add(project.Path)) return false;
        if (Items(project, "PackageReference").Any(package => ClusterPackage.IsMatch(package))) return true;
        return ReferencedProjects(project).Any(other => NeedsCluster(other, seen));
    }

    private static IEnumerable<SourceFile> ReferencedProjects(SourceFile project) =>
        Items(project, "ProjectReference")
            .Select(path => Path.GetFullPath(Path.Combine(SourceTree.Root, project.Folder, path.Replace('\\', '/'))))
            .Select(path => Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/'))
            .Select(SourceTree.File);

    private static IEnumerable<string> References(SourceFile project) => ReferencedProjects(project).Select(ShortName);

    private static IEnumerable<string> Items(SourceFile project, string kind) =>
        XDocument.Parse(project.Text).Descendants(kind).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    private static string ShortName(SourceFile project) =>
        Path.GetFileNameWithoutExtension(project.Name)["HealthGrains.".Length..];

    private static int LineOf(SourceFile file, string text)
    {
        var line = Array.FindIndex(file.Lines, candidate => candidate.Contains(text, StringComparison.Ordinal));
        return line < 0 ? 1 : line + 1;
    }
}
