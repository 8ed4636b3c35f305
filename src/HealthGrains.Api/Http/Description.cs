using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HealthGrains.Api.Http;

/// <summary>Completes the OpenAPI description from what routes say about the queries and bodies that they read themselves.</summary>
internal static class Description
{
    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?
            .Replace("Json", "", StringComparison.Ordinal).Replace("View", "", StringComparison.Ordinal);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "HealthGrains";
            document.Info.Version = "v1";
            document.Info.Description =
                "Real-time customer health. camelCase JSON, UTC RFC 3339 times, application/problem+json for every refusal. "
                + "Lists answer items, next, total and asOf.";
            document.Servers = []; // wherever it is read from
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            foreach (var metadata in context.Description.ActionDescriptor.EndpointMetadata)
            {
                if (metadata is QueryParameters parameters) Add(operation, parameters);
                if (metadata is BodyShapes body)
                {
                    var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken);
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = body.Required,
                        Content = body.ContentTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }),
                    };
                }
                if (metadata is IdempotentWrite)
                    Add(operation, ParameterLocation.Header, IdempotencyFilter.Header,
                        "A write repeated with the same key within 24 hours is answered as the first time.",
                        new OpenApiSchema { Type = JsonSchemaType.String });
            }
        });
    }

    private static void Add(OpenApiOperation operation, QueryParameters parameters)
    {
        foreach (var parameter in parameters.All)
        {
            var number = parameter.Min is not null;
            Add(operation, ParameterLocation.Query, parameter.Name, parameter.Summary, new OpenApiSchema
            {
                Type = number ? JsonSchemaType.Integer : JsonSchemaType.String,
                Minimum = parameter.Min?.ToString(CultureInfo.InvariantCulture),
                Maximum = parameter.Max?.ToString(CultureInfo.InvariantCulture),
                Enum = parameter.Allowed?.Select(value => (System.Text.Json.Nodes.JsonNode)value).ToList(),
            });
        }
    }

    private static void Add(OpenApiOperation operation, ParameterLocation place, string name, string summary, OpenApiSchema schema)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = name, In = place, Description = summary, Schema = schema });
    }
}
