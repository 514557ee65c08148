#include "shared/usage_client/local_zone.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace billing::client {

namespace {

constexpr std::size_t largestFile = 1 << 20;
constexpr std::size_t headerBytes = 44;
/// More than any two offsets differ by.
constexpr std::int64_t dayAndMore = 30 * 3'600;

Error unknown(std::string detail)
{
    return {ErrorCode::UnknownTimeZone, "time zone", std::move(detail)};
}

/// Big-endian, signed, as TZif writes all its numbers.
std::int64_t bigEndian(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = static_cast<unsigned char>(bytes[at]) & 0x80 ? ~std::uint64_t{0} : 0;
    for (std::size_t index = 0; index < size; ++index)
        value = value << 8 | static_cast<unsigned char>(bytes[at + index]);
    return static_cast<std::int64_t>(value);
}

/// The counts of one of a file's two parts.
struct Header
{
    std::size_t utcMarks, standardMarks, leaps, changes, types, letters;
    char version;

    std::size_t bodyBytes(std::size_t timeBytes) const
    {
        return changes * timeBytes + changes + types * 6 + letters + leaps * (timeBytes + 4) + standardMarks +
               utcMarks;
    }
};

std::optional<Header> readHeader(std::string_view bytes)
{
    if (bytes.size() < headerBytes || !bytes.starts_with("TZif"))
        return std::nullopt;
    std::array<std::size_t, 6> counts;
    for (std::size_t index = 0; index < counts.size(); ++index) {
        const std::int64_t count = bigEndian(bytes, 20 + index * 4, 4);
        if (count < 0 || count > static_cast<std::int64_t>(largestFile))
            return std::nullopt;
        counts[index] = static_cast<std::size_t>(count);
    }
    return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], bytes[4]};
}

bool isSafeName(std::string_view name)
{
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '_' || c == '-' || c == '+';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '/' && name.back() != '/' &&
           std::all_of(name.begin(), name.end(), isPlain);
}

/// "+02:00" and the like.
std::optional<std::int64_t> fixedOffset(std::string_view name)
{
    const auto isDigit = [&](std::size_t at) { return name[at] >= '0' && name[at] <= '9'; };
    if (name.size() != 6 || (name[0] != '+' && name[0] != '-') || name[3] != ':' || !isDigit(1) ||
        !isDigit(2) || !isDigit(4) || !isDigit(5))
        return std::nullopt;
    const int hours = (name[1] - '0') * 10 + (name[2] - '0');
    const int minutes = (name[4] - '0') * 10 + (name[5] - '0');
    if (hours > 23 || minutes > 59)
        return std::nullopt;
    return (hours * 60 + minutes) * 60 * (name[0] == '-' ? -1 : 1);
}

} // namespace

LocalZone::LocalZone(std::shared_ptr<const Table> table)
    : m_table(std::move(table))
{
}

LocalZone LocalZone::fixed(std::int64_t offsetSeconds)
{
    return LocalZone(std::make_shared<Table>(Table{{}, {offsetSeconds}, {}}));
}

Result<LocalZone> LocalZone::find(std::string_view name, std::string_view directory)
{
    if (name == "UTC" || name == "Z")
        return fixed(0);
    if (const auto offset = fixedOffset(name))
        return fixed(*offset);
    const std::string quoted = "\"" + std::string(name) + "\"";
    if (!isSafeName(name))
        return unknown(quoted + ": expected UTC, an offset like +02:00 or a name like Europe/Berlin");
    std::ifstream file(std::string(directory) + "/" + std::string(name), std::ios::binary);
    std::string bytes(largestFile, '\0');
    if (file)
        file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (bytes.empty())
        return unknown(quoted + " is not in " + std::string(directory));
    auto zone = fromTzif(bytes);
    return zone ? zone : unknown(quoted + ": " + zone.error().detail);
}

Result<LocalZone> LocalZone::fromTzif(std::string_view bytes)
{
    std::size_t timeBytes = 4;
    auto header = readHeader(bytes);
    if (header && header->version >= '2') { // the first part is for readers of version 1
        const std::size_t first = headerBytes + header->bodyBytes(timeBytes);
        bytes.remove_prefix(std::min(first, bytes.size()));
        header = readHeader(bytes);
        timeBytes = 8;
    }
    if (!header || header->types == 0 || bytes.size() < headerBytes + header->bodyBytes(timeBytes))
        return unknown("no zone file");
    if (header->leaps > 0)
        return unknown("counts leap seconds, which usage does not");

    auto table = std::make_shared<Table>();
    const std::size_t indexes = headerBytes + header->changes * timeBytes;
    const std::size_t types = indexes + header->changes;
    table->offsets.push_back(bigEndian(bytes, types, 4));
    for (std::size_t at = 0; at < header->changes; ++at) {
        const auto type = static_cast<unsigned char>(bytes[indexes + at]);
        const std::int64_t change = bigEndian(bytes, headerBytes + at * timeBytes, timeBytes);
        if (type >= header->types || (at > 0 && change <= table->changes.back()))
            return unknown("no zone file");
        table->changes.push_back(change);
        table->offsets.push_back(bigEndian(bytes, types + type * std::size_t{6}, 4));
    }
    for (const std::int64_t offset : table->offsets)
        if (offset <= -dayAndMore || offset >= dayAndMore)
            return unknown("no zone file");
    std::string_view footer = bytes.substr(headerBytes + header->bodyBytes(timeBytes));
    if (timeBytes == 8 && footer.size() > 2 && footer.front() == '\n') {
        auto rule = ZoneRule::parse(footer.substr(1, footer.find('\n', 1) - 1));
        if (!rule)
            return unknown(rule.error().detail);
        table->rule = *rule;
    }
    return LocalZone(std::move(table));
}

std::int64_t LocalZone::offsetAt(std::int64_t utcSeconds) const
{
    const Table& table = *m_table;
    const auto behind = std::upper_bound(table.changes.begin(), table.changes.end(), utcSeconds);
    if (behind == table.changes.end() && table.rule)
        return table.rule->offsetAt(utcSeconds);
    return table.offsets[static_cast<std::size_t>(behind - table.changes.begin())];
}

Result<std::int64_t> LocalZone::toUtc(std::int64_t wallSeconds, Ambiguous ambiguous) const
{
    const Table& table = *m_table;
    // Every offset that was in force within a day of it may be the wall's.
    std::vector<std::int64_t> offsets{offsetAt(wallSeconds - dayAndMore), offsetAt(wallSeconds + dayAndMore)};
    auto change = std::lower_bound(table.changes.begin(), table.changes.end(), wallSeconds - dayAndMore);
    for (; change != table.changes.end() && *change <= wallSeconds + dayAndMore; ++change)
        offsets.push_back(table.offsets[static_cast<std::size_t>(change - table.changes.begin()) + 1]);
    std::vector<std::int64_t> instants;
    for (const std::int64_t offset : offsets)
        if (offsetAt(wallSeconds - offset) == offset)
            instants.push_back(wallSeconds - offset);
    if (instants.empty())
        return Error{ErrorCode::InvalidTimestamp, "timestamp",
                     "the clock was put forward over this local time: it never was"};
    const auto [first, last] = std::minmax_element(instants.begin(), instants.end());
    if (*first != *last && ambiguous == Ambiguous::Refuse)
        return Error{ErrorCode::InvalidTimestamp, "timestamp",
                     "the clock was put back: this local time was there twice; --ambiguous first or second"};
    return ambiguous == Ambiguous::Second ? *last : *first;
}

} // namespace billing::client
