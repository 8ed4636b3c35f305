namespace HealthGrains.Simulation;

/// <summary>A customer success manager of the simulated company.</summary>
/// <param name="Name">Name for people to read.</param>
/// <param name="Email">E-mail address.</param>
public sealed record Csm(string Name, string Email);

/// <summary>Names of people.</summary>
internal static class PersonNames
{
    private static readonly string[] First =
    [
        "Adaeze", "Aiko", "Alejandra", "Amir", "Anneli", "Arjun", "Beatriz", "Bengt", "Camille", "Chidi", "Clara", "Daniel", "Deepa",
        "Elena", "Emeka", "Fatima", "Felix", "Giulia", "Hana", "Hugo", "Ines", "Ivan", "Jonas", "Julia", "Kaito", "Karin", "Leila",
        "Lukas", "Magda", "Marcus", "Mei", "Nadia", "Noah", "Olga", "Omar", "Paula", "Priya", "Rafael", "Rosa", "Samuel", "Sanna",
        "Tariq", "Tomas", "Uma", "Viktor", "Wanda", "Yusuf", "Zoe",
    ];

    private static readonly string[] Last =
    [
        "Abara", "Almeida", "Andersson", "Baker", "Becker", "Bianchi", "Castro", "Chen", "Costa", "Dahl", "Dubois", "Eriksen", "Fischer",
        "Garcia", "Gupta", "Haddad", "Hansen", "Hoffmann", "Ibrahim", "Ito", "Jansen", "Kaur", "Keller", "Kim", "Kowalska", "Laurent",
        "Lind", "Lopez", "Martin", "Mensah", "Moreau", "Murphy", "Nakamura", "Novak", "Okafor", "Olsen", "Patel", "Pereira", "Petrov",
        "Quinn", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Torres", "Virtanen", "Walker", "Weber", "Zhang",
    ];

    private static readonly string[] Csms =
    [
        "Maya Lindqvist", "Tom Okonkwo", "Sara Benali", "Jack Whitfield", "Ana Ribeiro", "Kenji Mori", "Freya Nilsen", "Leon Brandt",
        "Nora Walsh", "Dev Rao",
    ];

    /// <summary>A first and a last name.</summary>
    public static string Draw(Rng rng) => $"{rng.Pick(First)} {rng.Pick(Last)}";

    /// <summary>The company's customer success managers; the same first ones whatever their number.</summary>
    public static Csm Manager(int index)
    {
        var round = index / Csms.Length;
        var name = round == 0 ? Csms[index] : $"{Csms[index % Csms.Length].Split(' ')[0]} {Last[(index * 7) % Last.Length]}";
        return new Csm(name, Address(name, "grainworks.example"));
    }

    /// <summary>first.last@domain.</summary>
    public static string Address(string name, string domain) => $"{CompanyNames.Slug(name).Replace('-', '.')}@{domain}";
}
