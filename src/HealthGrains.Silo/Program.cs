using HealthGrains.Silo;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
