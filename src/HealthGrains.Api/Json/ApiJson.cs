using System.Text.Json.Serialization;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Json;

/// <summary>Serializers, generated at compile time, of all that the API answers.</summary>
[JsonSerializable(typeof(AccountJson))]
[JsonSerializable(typeof(AccountSummary))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(ClockJson))]
[JsonSerializable(typeof(EraseReceipt))]
[JsonSerializable(typeof(ErasedAccount))]
[JsonSerializable(typeof(HealthModel))]
[JsonSerializable(typeof(Ledger))]
[JsonSerializable(typeof(LinkJson))]
[JsonSerializable(typeof(Page<AccountSummary>))]
[JsonSerializable(typeof(Page<AlertView>))]
[JsonSerializable(typeof(Page<AuditView>))]
[JsonSerializable(typeof(Page<HeldView>))]
[JsonSerializable(typeof(Page<HistoryPoint>))]
[JsonSerializable(typeof(Page<TimelineItem>))]
[JsonSerializable(typeof(Page<VersionView>))]
[JsonSerializable(typeof(PortfolioFacets))]
[JsonSerializable(typeof(PortfolioView))]
[JsonSerializable(typeof(ProblemJson))]
[JsonSerializable(typeof(ProfileJson))]
[JsonSerializable(typeof(ReceiptJson))]
[JsonSerializable(typeof(ResolveJson))]
[JsonSerializable(typeof(SignalJson))]
[JsonSerializable(typeof(SignalJson[]))]
[JsonSerializable(typeof(SignalsFound))]
[JsonSerializable(typeof(StatusJson))]
[JsonSerializable(typeof(VersionView))]
[JsonSerializable(typeof(WhatIfJson))]
internal sealed partial class ApiJson : JsonSerializerContext;
