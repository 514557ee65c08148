#include "server/audit/verify/checkpoints.h"

#include <charconv>
#include <fstream>
#include <vector>

namespace verify {

namespace {

struct Head
{
    std::string chain;
    std::int64_t seq = 0;
    std::string hash;
};

struct Line
{
    std::int64_t number = 0;
    std::int64_t at = 0;
    std::vector<Head> heads;
    std::string previous;
    std::string signature;
};

/// Takes a line apart from the left; once something is not as expected, everything after fails too.
class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_rest(text)
    {
    }

    bool isGood() const { return m_isGood; }
    bool isAtEnd() const { return m_isGood && m_rest.empty(); }

    bool skip(std::string_view expected)
    {
        if (!m_isGood || m_rest.substr(0, expected.size()) != expected)
            return false;
        m_rest.remove_prefix(expected.size());
        return true;
    }
    void need(std::string_view expected) { m_isGood = skip(expected); }

    std::int64_t number()
    {
        std::int64_t value = 0;
        const auto [end, problem] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
        m_isGood = m_isGood && problem == std::errc();
        m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
        return value;
    }
    /// Up to the closing quote. Chain names and hex digits need no escapes.
    std::string text()
    {
        const auto end = m_rest.find('"');
        if (!m_isGood || end == std::string_view::npos ||
            m_rest.substr(0, end).find('\\') != std::string_view::npos) {
            m_isGood = false;
            return {};
        }
        std::string value(m_rest.substr(0, end));
        m_rest.remove_prefix(end + 1);
        return value;
    }
    std::string hex(std::size_t size)
    {
        const std::string digits = text();
        std::string bytes;
        for (std::size_t index = 0; index + 1 < digits.size(); index += 2) {
            unsigned value = 0;
            const char* const first = digits.data() + index;
            const auto [end, problem] = std::from_chars(first, first + 2, value, 16);
            m_isGood = m_isGood && problem == std::errc() && end == first + 2;
            bytes.push_back(static_cast<char>(value));
        }
        m_isGood = m_isGood && bytes.size() == size && digits.size() == 2 * size;
        return bytes;
    }

private:
    std::string_view m_rest;
    bool m_isGood = true;
};

std::optional<Line> parse(std::string_view text)
{
    Scanner scanner(text);
    Line line;
    scanner.need(R"({"n":)");
    line.number = scanner.number();
    scanner.need(R"(,"at":)");
    line.at = scanner.number();
    scanner.need(R"(,"heads":[)");
    while (scanner.skip(line.heads.empty() ? R"({"chain":")" : R"(,{"chain":")")) {
        Head head;
        head.chain = scanner.text();
        scanner.need(R"(,"seq":)");
        head.seq = scanner.number();
        scanner.need(R"(,"hash":")");
        head.hash = scanner.hex(32);
        scanner.need("}");
        line.heads.push_back(std::move(head));
    }
    scanner.need(R"(],"previous":")");
    line.previous = scanner.hex(32);
    scanner.need(R"(,"signature":")");
    line.signature = scanner.hex(64);
    scanner.need("}");
    if (!scanner.isAtEnd())
        return std::nullopt;
    return line;
}

std::string signedEncoding(const Line& line)
{
    std::string encoding;
    appendField(encoding, "enis-billing audit checkpoint v1");
    appendNumber(encoding, line.number);
    appendNumber(encoding, line.at);
    appendNumber(encoding, static_cast<std::int64_t>(line.heads.size()));
    for (const Head& head : line.heads) {
        appendField(encoding, head.chain);
        appendNumber(encoding, head.seq);
        appendField(encoding, head.hash);
    }
    appendField(encoding, line.previous);
    return encoding;
}

/// Why a line is bad, or nothing.
std::string fault(const std::optional<Line>& line, std::int64_t number, const std::string& previous,
                  const PublicKey& key)
{
    if (!line)
        return "not a checkpoint";
    if (line->number != number || line->previous != previous)
        return "does not follow the line before";
    if (!key.verifies(signedEncoding(*line), line->signature))
        return "the signature does not hold";
    return {};
}

} // namespace

std::optional<CheckpointReport> readCheckpoints(const std::string& file, const PublicKey& key)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return std::nullopt;
    CheckpointReport report;
    std::string previous(32, '\0');
    std::string text;
    while (std::getline(stream, text) && !stream.eof()) {
        const auto line = parse(text);
        report.broken = fault(line, report.lines + 1, previous, key);
        if (!report.broken.empty())
            return report;
        for (const Head& head : line->heads)
            report.promises[head.chain][head.seq] = head.hash;
        previous = sha256(text);
        ++report.lines;
    }
    return report;
}

} // namespace verify
