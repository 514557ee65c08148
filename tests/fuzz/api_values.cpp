#include "tests/fuzz/api_values.h"

#include <array>
#include <cstdio>

namespace billing::fuzz {

namespace {

using Words = std::string_view;

/// Days on which something ends: years that can be written, calendars, clocks of 32 and 64 bits, zones'
/// oddities.
constexpr Words days[] = {
    "2026-08-01", "2026-09-01", "2026-08-31",  "2026-09-15", "2026-07-01", "2026-01-01",  "2027-01-01",
    "2026-12-31", "0001-01-01", "0001-01-02",  "0001-12-31", "0002-01-01", "9999-12-31",  "9999-12-30",
    "9999-12-01", "9999-01-01", "9998-12-31",  "9995-06-15", "1582-10-15", "1899-12-31",  "1900-01-01",
    "1900-02-28", "1924-01-01", "1970-01-01",  "1969-12-31", "1972-01-07", "2011-12-30",  "2011-12-29",
    "2011-12-31", "2024-02-29", "2026-03-29",  "2026-10-25", "2038-01-19", "2100-02-28",  "2262-04-11",
    "2999-12-31", "2999-12-01", "3000-01-01",  "2026-02-29", "0000-01-01", "10000-01-01", "2026-13-01",
    "2026-1-1",   "",           "+2026-01-01", "2026-08-15", "2026-08-20"};

constexpr Words clocks[] = {"00:00:00", "12:00:00", "23:59:59", "23:59:59.999999", "00:00:00.000001",
                            "10:30:00", "24:00:00", "23:59:60", "00:30:00",        "11:59:59.9999999"};
constexpr Words offsets[] = {"Z",      "Z",      "Z",      "+14:00", "-12:00", "+00:00",
                             "-00:00", "+23:59", "-23:59", "+05:45", "+24:00", ""};

constexpr Words zones[] = {"Europe/Berlin",      "UTC",
                           "Pacific/Kiritimati", "Pacific/Apia",
                           "Etc/GMT+12",         "Asia/Kolkata",
                           "America/St_Johns",   "Africa/Monrovia",
                           "Asia/Kathmandu",     "America/Mexico_City",
                           "Africa/Cairo",       "Australia/Lord_Howe",
                           "Antarctica/Troll",   "America/Sao_Paulo",
                           "Asia/Tehran",        "Etc/GMT-14",
                           "Asia/Manila",        "America/Juneau",
                           "Europe/Dublin",      "CET",
                           "Europe/Nowhere",     "../etc/passwd",
                           "right/UTC",          "+14:00",
                           "Europe/Berlin "};

constexpr Words decimals[] = {"1",
                              "0",
                              "7.5",
                              "0.000000000001",
                              "999999999999999999.999999999999",
                              "999999999999999999",
                              "1000000000000000000",
                              "-1",
                              "-0",
                              "+1",
                              "1e3",
                              "1E+18",
                              "1e-12",
                              "0.0000000000001",
                              "00",
                              ".5",
                              "5.",
                              "NaN",
                              "",
                              "0x10",
                              "1,5",
                              "123456789.123456789"};

constexpr Words texts[] = {"gpt4",
                           "input",
                           "output",
                           "m10",
                           "claude",
                           "cpu",
                           "gpu_t4",
                           "hot",
                           "GPT4",
                           "a",
                           "Fjordlicht Energie GmbH",
                           "\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE",
                           "\xD8\xB4\xD8\xB1\xD9\x83\xD8\xA9",
                           "\xF0\x9F\x92\xB8",
                           "\xE2\x80\xAE"
                           "abc",
                           "\xC2\x85",
                           "\x01",
                           "%",
                           "_",
                           "\\",
                           "'",
                           "\"",
                           "4111111111111111",
                           " ",
                           "\xC3\x28",
                           "\xED\xA0\x80",
                           "\xF4\x90\x80\x80",
                           "e\xCC\x81",
                           "\xEF\xBB\xBF",
                           "a/b",
                           "a;b=c",
                           "a,b",
                           "null",
                           "{}"};

constexpr Words metrics[] = {
    "api_request", "llm_tokens", "api_request", "agent_execution", "compute_time", "llm_tokens", "storage_gb",
    "unknown",     "",           "API_REQUEST"};

constexpr Words tenants[] = {"t-berlin",  "t-kiritimati", "t-apia",   "t-gmt12", "t-kolkata",
                             "t-stjohns", "t-monrovia",   "t-mexico", "t-later", "t-none",
                             "t-new",     "t-nobody",     "abc",      "ab",      "current",
                             "batch",     "T-BERLIN",     "t_berlin", ""};

constexpr Words numbers[] = {"1",
                             "50",
                             "200",
                             "2",
                             "201",
                             "0",
                             "-1",
                             "10",
                             "11",
                             "9223372036854775807",
                             "9223372036854775808",
                             "-9223372036854775808",
                             "1e2",
                             "",
                             "00",
                             " 1",
                             "4294967296"};

constexpr std::pair<Words, Words> periods[] = {
    {"2026-08-01", "2026-09-01"}, {"2026-07-01", "2026-08-01"}, {"2026-06-01", "2026-07-01"},
    {"2026-07-31", "2026-08-31"}, {"2026-06-30", "2026-07-31"}, {"2026-07-30", "2026-08-30"},
    {"2026-07-28", "2026-08-28"}, {"2026-07-15", "2026-08-15"}, {"2026-06-15", "2026-07-15"},
    {"2026-07-29", "2026-08-29"}, {"2020-01-31", "2020-02-29"}, {"2022-01-31", "2022-02-15"},
    {"2026-09-01", "2026-10-01"}, {"2027-01-31", "2027-02-28"}, {"1970-01-01", "1970-02-01"}};

} // namespace

std::string anInstant(Choices& choices)
{
    std::string text(choices.of(days));
    text.append(choices.once(16) ? " " : "T").append(choices.of(clocks)).append(choices.of(offsets));
    return text;
}

std::string aDate(Choices& choices)
{
    if (!choices.once(8))
        return std::string(choices.of(days));
    char text[40];
    std::snprintf(text, sizeof text, "%04zu-%02zu-%02zu", choices.below(10'000), choices.below(14),
                  choices.below(33));
    return text;
}

std::string aMoment(Choices& choices)
{
    return choices.byte() % 2 == 0 ? aDate(choices) : anInstant(choices);
}

std::pair<std::string, std::string> aSpan(Choices& choices)
{
    constexpr Words oddDays[] = {"9999-12-31", "0001-01-01", "2999-12-31", "1900-01-01",
                                 "2011-12-30", "9999-12-01", "2026-03-29", "1970-01-01"};
    switch (choices.byte() % 4) {
    case 0:
        return {"2026-08-01", "2026-09-01"};
    case 1: {
        const std::string day(choices.of(oddDays));
        const bool isDay = choices.once(4);
        return {isDay ? day : day + "T00:00:00Z", day + 'T' + std::string(choices.of(clocks)) + 'Z'};
    }
    default:
        std::string from = aMoment(choices);
        std::string to = aMoment(choices);
        if (from > to && !choices.once(8)) // as texts they are in order of time, nearly
            std::swap(from, to);
        return {from, to};
    }
}

std::string aZone(Choices& choices)
{
    return std::string(choices.of(zones));
}

std::string aDecimal(Choices& choices)
{
    return std::string(choices.of(decimals));
}

std::string aText(Choices& choices)
{
    if (choices.once(16))
        return choices.raw(64);
    if (choices.once(32))
        return std::string(choices.below(9'000), 'x');
    return std::string(choices.of(texts));
}

std::string aMetric(Choices& choices)
{
    return choices.once(32) ? choices.raw(20) : std::string(choices.of(metrics));
}

std::string aTenant(Choices& choices, const Known& known)
{
    const std::size_t kind = choices.byte() % 16;
    if (kind == 15)
        return choices.raw(44);
    return kind < 10 ? choices.of(known.tenants) : std::string(choices.of(tenants));
}

std::string anInvoice(Choices& choices, const Known& known)
{
    if (choices.once(16))
        return aText(choices);
    return choices.of(known.invoices);
}

std::string aNumber(Choices& choices)
{
    return choices.once(4) ? std::to_string(choices.below(65'536)) : std::string(choices.of(numbers));
}

std::pair<std::string, std::string> aPeriod(Choices& choices)
{
    if (choices.once(8))
        return {aDate(choices), aDate(choices)};
    const auto& [start, end] = choices.of(periods);
    return {std::string(start), std::string(end)};
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == ':' || c == '+' || c == ',';
        if (plain) {
            encoded += c;
            continue;
        }
        const auto value = static_cast<unsigned char>(c);
        encoded.append(1, '%').append(1, digits[value >> 4U]).append(1, digits[value & 15U]);
    }
    return encoded;
}

std::string jsonText(std::string_view text)
{
    std::string json = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            json.append(1, '\\').append(1, c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            json += escaped;
        } else {
            json += c;
        }
    }
    return json + '"';
}

} // namespace billing::fuzz
