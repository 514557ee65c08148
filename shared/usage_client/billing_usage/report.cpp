#include "shared/usage_client/billing_usage/report.h"

namespace billing::client {

namespace {

std::string counted(std::int64_t count, const char* one, const char* many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace

std::string summaryOf(const SendReport& report)
{
    return "accepted " + std::to_string(report.accepted) + "\nduplicate " + std::to_string(report.duplicate) +
           "\nconflict " + std::to_string(report.conflict) + "\nrejected " + std::to_string(report.rejected) +
           "\n";
}

std::string listOf(const std::vector<ListedRow>& rows, std::int64_t all)
{
    std::string text;
    for (const ListedRow& row : rows) {
        const Error& error = row.problem.error;
        text += "  line " + std::to_string(row.line);
        if (!row.problem.column.empty())
            text += ", column \"" + shownText(row.problem.column) + "\"";
        else if (!row.problem.value.empty())
            text += ", " + shownText(error.subject); // of an option, or a field of JSON
        text += ": ";
        if (!row.problem.value.empty())
            text += "\"" + row.problem.value + "\": ";
        text += error.detail.empty() ? std::string() : error.detail + " ";
        text += "(" + std::string(wireName(error.code)) + ")\n";
    }
    if (all > std::ssize(rows))
        text += "  and " + std::to_string(all - std::ssize(rows)) + " more\n";
    return text;
}

std::string repeatedText(const SentFile& sent)
{
    return sent.repeatedRows == 0 ? std::string()
                                  : counted(sent.repeatedRows, "row is", "rows are") +
                                        " like an earlier one, the first in line " +
                                        std::to_string(sent.firstRepeatedLine) + "; each is counted\n";
}

std::string accountOf(const std::string& name, const CheckedFile& checked, const SentFile& sent)
{
    std::string text;
    if (sent.refusedRows > 0)
        text += name + ": the server did not take " + counted(sent.refusedRows, "row", "rows") + ":\n" +
                listOf(sent.refused, sent.refusedRows);
    const std::int64_t left = checked.rows - sent.rowsSent - sent.rowsSkipped;
    text += name + ": rows: " + std::to_string(checked.rows) + " read = " + std::to_string(sent.rowsSent) +
            " sent + " + std::to_string(sent.rowsSkipped) + " skipped";
    if (left > 0)
        text += " + " + std::to_string(left) + " not sent yet";
    const SendReport& events = sent.events;
    text += "\n" + name + ": events: " + std::to_string(events.total()) +
            " sent = " + std::to_string(events.accepted) + " accepted + " + std::to_string(events.duplicate) +
            " duplicate + " + std::to_string(events.conflict) + " conflict + " +
            std::to_string(events.rejected) + " rejected\n";
    if (sent.repeatedRows > 0)
        text += name + ": " + repeatedText(sent);
    return text;
}

} // namespace billing::client
