#include "server/invoicing/numbering.h"

#include "server/storage/invoices.h"

#include <algorithm>
#include <charconv>

namespace billing {

namespace {

std::string padded(std::int64_t number, std::size_t width)
{
    const std::string digits = std::to_string(number);
    std::string text;
    while (text.size() + digits.size() < width)
        text += '0';
    return text.append(digits);
}

/// What a token between braces stands for; an unknown one stays as written.
std::string fill(std::string_view token, std::string_view series, LocalDate issueDate, std::int64_t number)
{
    if (token == "series")
        return std::string(series);
    if (token == "year")
        return padded(issueDate.year(), 4);
    if (token == "month")
        return padded(issueDate.month(), 2);
    if (token == "number")
        return std::to_string(number);
    if (token.starts_with("number:")) {
        std::size_t width = 0;
        const std::string_view digits = token.substr(7);
        std::from_chars(digits.data(), digits.data() + digits.size(), width);
        return padded(number, std::min<std::size_t>(width, 18));
    }
    std::string text = "{";
    return text.append(token).append("}");
}

} // namespace

std::string formatNumber(std::string_view pattern, std::string_view series, LocalDate issueDate,
                         std::int64_t number)
{
    std::string text;
    std::size_t at = 0;
    while (at < pattern.size()) {
        const std::size_t close = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
        if (close == std::string_view::npos) {
            text += pattern[at++];
            continue;
        }
        text += fill(pattern.substr(at + 1, close - at - 1), series, issueDate, number);
        at = close + 1;
    }
    return text;
}

Result<IssuedNumber> issueNumber(Work& work, const Issuer& issuer, LocalDate today)
{
    const auto position = storage::takeNumber(work, issuer.code, issuer.series);
    if (!position)
        return position.error();
    const LocalDate date = std::max(today, position->lastIssueDate.value_or(today));
    const auto recorded = storage::recordIssueDate(work, issuer.code, issuer.series, date);
    if (!recorded)
        return recorded.error();
    return IssuedNumber{position->number,
                        formatNumber(issuer.numberPattern, issuer.series, date, position->number), date};
}

} // namespace billing
