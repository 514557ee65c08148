#include "shared/model/number_pattern.h"

#include "shared/model/text_rules.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace billing {

namespace {

constexpr std::size_t widest = 18;
constexpr std::size_t digitsCounted = 12;

/// Text as it stands, or what a pair of braces holds.
struct Piece
{
    std::string_view text;
    bool isPlaceholder;
};

/// What braces do not enclose is text, braces included.
std::vector<Piece> piecesOf(std::string_view pattern)
{
    std::vector<Piece> pieces;
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('{');
        const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
        if (close == std::string_view::npos) {
            pieces.push_back({pattern, false});
            break;
        }
        if (open > 0)
            pieces.push_back({pattern.substr(0, open), false});
        pieces.push_back({pattern.substr(open + 1, close - open - 1), true});
        pattern.remove_prefix(close + 1);
    }
    return pieces;
}

/// The width of "number" and "number:6", 0 for none; nothing for another placeholder or a width that is none.
std::optional<std::size_t> widthOf(const Piece& piece)
{
    if (!piece.isPlaceholder || !piece.text.starts_with("number"))
        return {};
    const std::string_view rest = piece.text.substr(6);
    if (rest.empty())
        return 0;
    std::size_t width = 0;
    const std::string_view digits = rest.substr(1);
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), width);
    if (rest[0] != ':' || problem != std::errc() || end != digits.data() + digits.size() || width < 1 ||
        width > widest || digits.starts_with('0'))
        return {};
    return width;
}

std::string padded(std::int64_t number, std::size_t width)
{
    const std::string digits = std::to_string(number);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// What a piece stands for, with a number of that many digits.
std::string sample(const Piece& piece, std::string_view series, std::size_t digits)
{
    if (!piece.isPlaceholder)
        return std::string(piece.text);
    if (piece.text == "series")
        return std::string(series);
    if (piece.text == "year")
        return "2026";
    if (piece.text == "month")
        return "12";
    return std::string(std::max(digits, widthOf(piece).value_or(0)), '7');
}

Error refusal(std::string why)
{
    return {ErrorCode::InvalidValue, "pattern", std::move(why)};
}

Result<void> checkPieces(const std::vector<Piece>& pieces)
{
    int numbers = 0;
    for (const Piece& piece : pieces) {
        if (!piece.isPlaceholder) {
            if (piece.text.find('{') != std::string_view::npos)
                return refusal("a { without its }");
            if (piece.text.find('}') != std::string_view::npos)
                return refusal("a } without its {");
            continue;
        }
        if (widthOf(piece))
            ++numbers;
        else if (piece.text.starts_with("number:"))
            return refusal("expected a width of 1 to 18, as in {number:6}");
        else if (piece.text != "series" && piece.text != "year" && piece.text != "month")
            return refusal("a placeholder other than {series}, {year}, {month}, {number} and {number:6}");
    }
    return numbers == 1 ? Result<void>() : refusal("must contain {number} once");
}

/// Whether a reader can tell where the number begins and ends.
Result<void> checkNeighbours(const std::vector<Piece>& pieces, std::string_view series)
{
    std::string before;
    std::string behind;
    bool isWide = false;
    bool isFound = false;
    for (const Piece& piece : pieces) {
        if (const auto width = widthOf(piece)) {
            isFound = true;
            isWide = *width > 1;
            continue;
        }
        (isFound ? behind : before) += sample(piece, series, 1);
    }
    const bool touches =
        (!before.empty() && isDigit(before.back())) || (!behind.empty() && isDigit(behind.front()));
    if (touches && !isWide)
        return refusal("{number} beside other digits needs a separator or a width, as in {number:6}");
    return {};
}

} // namespace

Result<void> checkNumberPattern(std::string_view pattern, std::string_view series)
{
    const std::vector<Piece> pieces = piecesOf(pattern);
    if (const auto checked = checkPieces(pieces); !checked)
        return checked;
    if (const auto checked = checkNeighbours(pieces, series); !checked)
        return checked;
    std::string whole;
    for (const Piece& piece : pieces)
        whole += sample(piece, series, digitsCounted);
    if (whole.size() > invoiceNumberLimit)
        return refusal("makes numbers of more than " + std::to_string(invoiceNumberLimit) + " bytes");
    if (withoutOuterSpaces(whole).size() != whole.size())
        return refusal("must not begin or end with a space");
    return checkText("pattern", whole);
}

std::string formatNumber(std::string_view pattern, std::string_view series, LocalDate issueDate,
                         std::int64_t number)
{
    std::string text;
    for (const Piece& piece : piecesOf(pattern)) {
        if (!piece.isPlaceholder)
            text += piece.text;
        else if (piece.text == "series")
            text += series;
        else if (piece.text == "year")
            text += padded(issueDate.year(), 4);
        else if (piece.text == "month")
            text += padded(issueDate.month(), 2);
        else
            text += padded(number, widthOf(piece).value_or(0));
    }
    return text;
}

} // namespace billing
