using System.Globalization;
using HealthGrains.Accounts;
using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api.Http;

/// <summary>Reads a query, collects all that is wrong with it, and refuses once.</summary>
internal sealed class QueryReader
{
    private const int MaxText = 256;

    private readonly IQueryCollection _query;
    private readonly QueryParameters _parameters;
    private readonly List<FieldError> _errors = [];

    public QueryReader(HttpContext http)
    {
        _query = http.Request.Query;
        _parameters = http.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>() ?? QueryParameters.None;
        foreach (var (name, values) in _query)
        {
            if (!_parameters.All.Any(parameter => parameter.Name == name)) Fault(name, $"there is no such parameter; {_parameters.Known}");
            else if (values.Count > 1) Fault(name, "given more than once");
        }
    }

    /// <summary>The value; null when absent or empty.</summary>
    public string? Text(string name)
    {
        var value = _query[_parameters.Find(name).Name];
        if (value.Count == 0 || string.IsNullOrWhiteSpace(value[0])) return null;
        if (value[0]!.Length <= MaxText) return value[0];
        Fault(name, $"longer than {MaxText} characters");
        return null;
    }

    public string? Account(string name)
    {
        var text = Text(name);
        if (text is null || AccountId.IsValid(text)) return text;
        Fault(name, AccountId.Rule);
        return null;
    }

    public T? OneOf<T>(string name) where T : struct, Enum
    {
        if (Text(name) is not { } text) return null;
        var names = QueryParameter.Names<T>();
        var at = Array.FindIndex(names, candidate => candidate.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (at >= 0) return Enum.GetValues<T>()[at];
        Fault(name, $"'{text}' is not one of {string.Join(", ", names)}");
        return null;
    }

    public bool Flag(string name)
    {
        if (Text(name) is not { } text) return false;
        if (bool.TryParse(text, out var value)) return value;
        Fault(name, $"'{text}' is not one of true, false");
        return false;
    }

    public int Number(string name, int whenAbsent) => Number(name) ?? whenAbsent;

    public int? Number(string name)
    {
        if (Text(name) is not { } text) return null;
        var parameter = _parameters.Find(name);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= parameter.Min && number <= parameter.Max) return number;
        Fault(name, $"'{text}' is not a whole number from {parameter.Min} to {parameter.Max}");
        return null;
    }

    public DateTimeOffset? Moment(string name, DateTimeOffset now)
    {
        if (Text(name) is not { } text) return null;
        if (!Moments.TryParse(text, now, out var moment)) Fault(name, $"'{text}' is not {Moments.RelativeRule}");
        else if (moment.Year is < 2000 or > 2200) Fault(name, $"'{text}' is not between the years 2000 and 2200");
        else return moment;
        return null;
    }

    public void Fault(string name, string reason) => _errors.Add(new FieldError(name, reason));

    /// <summary>Refuses if anything was wrong.</summary>
    public void Check()
    {
        if (_errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidQuery, _errors);
    }
}
