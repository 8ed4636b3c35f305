using System.Globalization;
using System.Text.RegularExpressions;

namespace HealthGrains.Tidy.Tests;

/// <summary>
/// What can be known of the files of deploy/ and docker-compose.yml without running them: they parse, and everything they name is there.
/// </summary>
public sealed class DeployRules
{
    private const string OwnImage = "healthgrains-silo";
    private const string Http = "8080";

    private static readonly Regex Setting = new(@"HealthGrains__(\w+)");
    private static readonly Regex Mentioned = new(@"(?<![\w/.-])(?:deploy|docs|src)/[\w./-]*\w");

    private static readonly SourceFile ComposeFile = SourceTree.File("docker-compose.yml");

    private static Node Compose => DeployFiles.Documents(ComposeFile)[0];

    private static IEnumerable<(string Name, Node Value)> OwnServices =>
        Compose["services"].Entries.Where(service => service.Value["image"].Text == OwnImage);

    private static IEnumerable<Node> Kubernetes => DeployFiles.Yaml.Where(file => file.IsUnder("deploy/kubernetes")).SelectMany(DeployFiles.Documents);

    private static IEnumerable<Node> OwnContainers => Kubernetes.SelectMany(document => document["spec"]["template"]["spec"]["containers"].Items)
        .Where(container => container["image"].Text == OwnImage);

    private static Node Settings => Kubernetes.First(document => document["kind"].Text == "ConfigMap")["data"];

    [Fact]
    public void Every_setting_that_is_named_is_one_that_the_code_reads()
    {
        var findings = new Findings();
        foreach (var (path, text) in DeployFiles.NamingSettings)
            foreach (Match match in Setting.Matches(text))
                if (!IsSetting(match.Groups[1].Value))
                    findings.Add(path, text.AsSpan(0, match.Index).Count('\n') + 1, $"{match.Value} is read by nothing: correct its name");
        findings.AssertNone();
    }

    [Theory]
    [InlineData("Database", true)]
    [InlineData("Kafka__BootstrapServers", true)]
    [InlineData("Kafka__Topics__Usage", true)]
    [InlineData("Kafka__Settings__security_protocol", true)]
    [InlineData("Kafka__", true)]
    [InlineData("Api__TrustedNetwork", true)]
    [InlineData("Retention__WorkDays", true)]
    [InlineData("Retention__Days", false)]
    [InlineData("Databse", false)]
    [InlineData("Delivery__Receivers__email__Host", true)]
    [InlineData("Delivery__Folders", false)]
    [InlineData("Kafka__Brokers", false)]
    [InlineData("Tenant__Name", false)]
    public void The_rule_knows_a_setting_when_it_sees_one(string name, bool known) => Assert.Equal(known, IsSetting(name));

    [Fact]
    public void Every_kubernetes_document_says_what_it_is_and_every_yaml_file_parses()
    {
        Assert.True(DeployFiles.Yaml.Count() >= 12);
        Assert.All(DeployFiles.Yaml,
            file => Assert.All(DeployFiles.Documents(file), document => Assert.False(document.IsEmpty, file.Path)));
        Assert.All(Kubernetes, document => Assert.False(document["apiVersion"].IsEmpty || document["kind"].IsEmpty));
    }

    [Fact]
    public void Commands_are_verbs_and_options_that_exist()
    {
        string[][] commands =
        [
            .. OwnServices.Select(service => Words(service.Value["command"])).Where(words => words.Length > 0),
            .. OwnContainers.Select(container => Words(container["args"])),
            .. DeployFiles.Containerfiles.Where(path => path.Contains("silo", StringComparison.Ordinal)).SelectMany(Instructions),
        ];
        Assert.Contains(commands, words => words is ["db", "init"]);
        Assert.Contains(commands, words => words is ["db", "upgrade"]);
        Assert.Contains(commands, words => words is ["produce", ..]);
        Assert.Contains(commands, words => words is ["health", ..]);
        foreach (var words in commands)
        {
            Assert.All(words.TakeWhile(word => char.IsAsciiLetter(word[0]) && !word.Contains(':')),
                word => Assert.Contains(word, DeployFiles.Verbs));
            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), word => Assert.Contains(word, DeployFiles.Options));
        }
    }

    [Fact]
    public void Ports_agree_between_images_manifests_and_settings()
    {
        var (silo, gateway) = (DeployFiles.Default("SiloPort"), DeployFiles.Default("GatewayPort"));
        Assert.Equal((silo, gateway), (Settings["HealthGrains__SiloPort"].Text, Settings["HealthGrains__GatewayPort"].Text));
        Assert.Contains($"EXPOSE {Http} {silo} {gateway}\n", DeployFiles.Text("deploy/silo.Containerfile"), StringComparison.Ordinal);
        foreach (var path in DeployFiles.Containerfiles)
            Assert.All(Regex.Matches(DeployFiles.Text(path), @"http://[+\w.]+:(\d+)").Select(match => match.Groups[1].Value), port => Assert.Equal(Http, port));
        foreach (var container in OwnContainers.Where(container => container["args"].Items.Any(word => word.Text == "--urls")))
        {
            Assert.Contains($"http://+:{Http}", Words(container["args"]));
            Assert.Contains(container["ports"].Items, port => (port["name"].Text, port["containerPort"].Text) == ("http", Http));
            Assert.All(Probes(container), probe => Assert.Equal("http", probe["httpGet"]["port"].Text));
        }
        var inside = Kubernetes.Where(document => document["kind"].Text == "NetworkPolicy").SelectMany(policy => policy["spec"]["ingress"].Items)
            .SelectMany(rule => rule["ports"].Items).Select(port => port["port"].Text).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(new[] { silo, gateway, Http }.Order(StringComparer.Ordinal), inside);
    }

    [Fact]
    public void Probes_ask_what_the_api_answers_in_this_machines_name()
    {
        var answered = DeployFiles.Text("src/HealthGrains.Api/Resources/HealthResource.cs");
        var probes = OwnContainers.SelectMany(Probes).ToArray();
        Assert.Equal(["live", "ready", "startup"], probes.Select(probe => probe["httpGet"]["path"].Text["/health/".Length..]).Distinct().Order());
        Assert.All(probes, probe =>
        {
            var name = probe["httpGet"]["path"].Text.Split('/')[^1];
            Assert.True(answered.Contains($"\"{name}\"", StringComparison.Ordinal) || answered.Contains($"/health/{name}\"", StringComparison.Ordinal));
            Assert.Contains(probe["httpGet"]["httpHeaders"].Items, header => (header["name"].Text, header["value"].Text) == ("Host", "localhost"));
        });
    }

    [Fact]
    public void A_node_gets_more_time_to_stop_than_it_takes()
    {
        var stop = TimeSpan.FromSeconds(int.Parse(
            Regex.Match(DeployFiles.Default("ShutdownTimeout"), @"FromSeconds\((\d+)\)").Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.All(Compose["services"].Entries.Where(service => !service.Value["environment"]["HealthGrains__Roles"].IsEmpty), service =>
            Assert.True(TimeSpan.FromSeconds(int.Parse(service.Value["stop_grace_period"].Text.TrimEnd('s'), CultureInfo.InvariantCulture)) > stop, service.Name));
        var told = TimeSpan.Parse(Settings["HealthGrains__ShutdownTimeout"].Text, CultureInfo.InvariantCulture);
        var nodes = Kubernetes.Where(document => document["kind"].Text is "StatefulSet" or "Deployment").Select(node => node["spec"]["template"]["spec"]).ToArray();
        Assert.Equal(2, nodes.Length);
        Assert.All(nodes, node =>
            Assert.True(TimeSpan.FromSeconds(int.Parse(node["terminationGracePeriodSeconds"].Text, CultureInfo.InvariantCulture)) > told));
    }

    [Fact]
    public void Roles_cover_the_cluster_and_every_silo_has_a_name_of_its_own_in_the_group()
    {
        var nodes = OwnServices.Select(service => service.Value["environment"]).Where(one => !one["HealthGrains__Roles"].IsEmpty).ToArray();
        Assert.Equal(["api", "silo,intake", "silo,intake", "silo,intake"], nodes.Select(one => one["HealthGrains__Roles"].Text).Order(StringComparer.Ordinal));
        var members = nodes.Select(one => one["HealthGrains__Kafka__MemberId"].Text).Where(name => name.Length > 0).ToArray();
        Assert.Equal(3, members.Distinct(StringComparer.Ordinal).Count());
        Assert.All(nodes, one => Assert.False(one["HealthGrains__Database"].IsEmpty || one["HealthGrains__Kafka__BootstrapServers"].IsEmpty));
    }

    [Fact]
    public void Topics_are_made_that_the_code_reads_and_writes()
    {
        var made = Regex.Match(ComposeFile.Text, @"for topic in ([\w ]+); do").Groups[1].Value.Split(' ').Select(name => $"healthgrains.{name}");
        Assert.Equal(DeployFiles.Topics.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_open_to_other_machines()
    {
        Assert.All(Compose["services"].Entries.SelectMany(service => service.Value["ports"].Items),
            port => Assert.StartsWith("127.0.0.1:", port.Text, StringComparison.Ordinal));
        Assert.All(Kubernetes, document => Assert.NotEqual("Ingress", document["kind"].Text));
        Assert.All(Kubernetes.Where(document => document["kind"].Text == "Service"), service =>
            Assert.True(service["spec"]["clusterIP"].Text == "None" || service["spec"]["type"].Text == "ClusterIP"));
        var guarded = Kubernetes.Where(document => document["kind"].Text == "NetworkPolicy")
            .Select(policy => policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"].Text);
        Assert.Equal(Named("StatefulSet", "Deployment").Order(), guarded.Order());
    }

    [Fact]
    public void What_scales_and_what_is_spared_name_what_exists()
    {
        var nodes = Named("StatefulSet", "Deployment");
        Assert.All(Kubernetes.SelectMany(document => document.All).Select(node => node["scaleTargetRef"]["name"]).Where(name => !name.IsEmpty),
            name => Assert.Contains(name.Text, nodes));
        Assert.All(Kubernetes.Where(document => document["kind"].Text == "PodDisruptionBudget"), budget =>
            Assert.Contains(budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"].Text, nodes));
        // A group for each topic: KafkaOptions.GroupOf.
        var groups = ((string[])["usage", "tickets", "billing", "engagement", "crm"])
            .Select(source => $"{Settings["HealthGrains__Kafka__GroupId"].Text}.{source}").ToArray();
        var scaled = Kubernetes.Where(document => document["kind"].Text == "ScaledObject").ToArray();
        Assert.NotEmpty(scaled);
        Assert.All(scaled, document => Assert.Equal(groups,
            document.All.Select(node => node["consumerGroup"]).Where(group => !group.IsEmpty).Select(group => group.Text)));
        var secrets = Kubernetes.SelectMany(document => document.All).Select(node => node["secretKeyRef"]).Where(one => !one.IsEmpty).ToArray();
        var secret = Kubernetes.Single(document => document["kind"].Text == "Secret");
        Assert.All(secrets, one => Assert.Equal(secret["metadata"]["name"].Text, one["name"].Text));
        Assert.All(secrets, one => Assert.False(secret["stringData"][one["key"].Text].IsEmpty));
    }

    [Fact]
    public void Every_file_that_is_referred_to_exists()
    {
        var findings = new Findings();
        foreach (var file in DeployFiles.Yaml.Where(file => file.Name == "kustomization.yaml"))
        {
            var root = DeployFiles.Documents(file)[0];
            var named = root["resources"].Items.Concat(root["components"].Items).Concat(root["patches"].Items.Select(patch => patch["path"]));
            foreach (var path in named.Select(one => one.Text))
                if (!DeployFiles.Exists(Path.Combine(file.Folder, path))) findings.Add(file, $"{path} is not there");
        }
        foreach (var build in OwnServices.Select(service => service.Value["build"]))
            if (!DeployFiles.Exists(Path.Combine(build["context"].Text, build["dockerfile"].Text))) findings.Add(ComposeFile, $"{build["dockerfile"].Text} is not there");
        var texts = DeployFiles.NamingSettings.Append(("deploy/postgres/setup.sql", DeployFiles.Text("deploy/postgres/setup.sql")));
        foreach (var (path, text) in texts.Where(one => !one.Item1.StartsWith("docs/decisions", StringComparison.Ordinal)))
            foreach (Match match in Mentioned.Matches(text))
                // What a build makes is not in the tree.
                if (!match.Value.Contains("/bin/", StringComparison.Ordinal) && !DeployFiles.Exists(match.Value))
                    findings.Add(path, text.AsSpan(0, match.Index).Count('\n') + 1, $"{match.Value} is not there");
        foreach (var path in DeployFiles.Containerfiles)
        {
            var project = Regex.Match(DeployFiles.Text(path), @"dotnet publish (\S+)").Groups[1].Value;
            var assembly = Regex.Match(DeployFiles.Text(path), "ENTRYPOINT \\[\"dotnet\", \"(.+)\\.dll\"\\]").Groups[1].Value;
            if (!DeployFiles.Text($"{project}/{Path.GetFileName(project)}.csproj").Contains($"<AssemblyName>{assembly}<", StringComparison.Ordinal))
                findings.Add(path, 1, $"{project} makes no {assembly}.dll");
        }
        findings.AssertNone();
    }

    [Fact]
    public void Images_of_others_are_pinned_and_their_variables_cite_the_page_that_documents_them()
    {
        foreach (var (name, service) in Compose["services"].Entries.Where(service => service.Value["image"].Text != OwnImage))
        {
            Assert.Matches(@"^[\w./-]+:\d[\w.-]*$", service["image"].Text);
            var line = Array.IndexOf(ComposeFile.Lines, $"  {name}:");
            Assert.Contains(ComposeFile.Lines[..line].Reverse().TakeWhile(one => one.StartsWith("  #", StringComparison.Ordinal)),
                comment => comment.Contains("https://", StringComparison.Ordinal));
        }
        foreach (var path in DeployFiles.Containerfiles)
            Assert.All(Regex.Matches(DeployFiles.Text(path), @"^FROM (\S+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value),
                image => Assert.Matches(@"^(mcr\.microsoft\.com/dotnet/\w+:10\.0-|node:22-)", image));
    }

    [Fact]
    public void The_guide_for_operators_has_a_part_for_everything_that_can_be_down()
    {
        var guide = SourceTree.File("docs/operations.md");
        foreach (var part in (string[])["Kafka is down", "PostgreSQL is down", "A silo is down", "Lag grows", "Messages are rejected",
            "Accounts wake late", "Writes are refused"])
            Assert.Single(guide.Lines, line => line.TrimStart('#', ' ') == part && line.StartsWith('#'));
    }

    private static bool IsSetting(string name) => DeployFiles.Settings.Any(known => name == known
        // What is below a dictionary is for the operator to name; a prefix is how the guides speak of a section.
        || (known is "Kafka__Topics" or "Kafka__Formats" or "Kafka__Settings" or "Delivery__Receivers"
            && name.StartsWith(known + "__", StringComparison.Ordinal)))
        || name is "Kafka__" or "Kafka" or "Delivery__" or "Delivery";

    private static string[] Named(params string[] kinds) =>
        [.. Kubernetes.Where(document => kinds.Contains(document["kind"].Text)).Select(document => document["metadata"]["name"].Text)];

    private static string[] Words(Node list) => [.. list.Items.Select(word => word.Text)];

    private static IEnumerable<Node> Probes(Node container) =>
        new[] { container["startupProbe"], container["readinessProbe"], container["livenessProbe"] }.Where(probe => !probe.IsEmpty);

    /// <summary>The words after the program of an image's CMD instructions.</summary>
    private static IEnumerable<string[]> Instructions(string path) => Regex.Matches(DeployFiles.Text(path), @"CMD \[(.+)\]")
        .Select(match => match.Groups[1].Value.Split(", ").Select(word => word.Trim('"')))
        .Select(string[] (words) => [.. words.Where(word => word != "dotnet" && !word.EndsWith(".dll", StringComparison.Ordinal))]);
}
