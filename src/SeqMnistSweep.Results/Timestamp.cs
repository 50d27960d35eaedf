using System.Globalization;

namespace SeqMnistSweep.Results;

/// <summary>The database's form of a time: ISO-8601 in UTC with milliseconds, <c>2026-11-23T10:00:00.000Z</c>. Finer parts are cut off; the text sorts as the time does.</summary>
public static class Timestamp
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) => DateTimeOffset.ParseExact(
        text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
