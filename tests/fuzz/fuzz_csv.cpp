// Tables as files, read as billing-usage reads them; the first byte chooses how. Reading twice gives the same
// rows and ids; the bytes of all rows behind the header are the file; every id is there once; what a row
// gives is taken by the server's reader or refused by name. The zone files of the system are not believed
// blindly either.
#include "tests/fuzz/fuzz_input.h"

#include "shared/usage_client/csv_rows.h"
#include "shared/usage_client/event_check.h"
#include "shared/usage_client/ndjson_rows.h"
#include "shared/usage_client/row_ids.h"

#include <set>
#include <sys/mman.h>
#include <unistd.h>

using namespace billing;
using namespace billing::client;

namespace {

/// A file of memory, by a path that can be opened.
class MemoryFile
{
public:
    explicit MemoryFile(std::string_view bytes)
        : m_descriptor(memfd_create("fuzz", MFD_CLOEXEC))
    {
        BILLING_ASSERT(write(m_descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    ~MemoryFile() { close(m_descriptor); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    int m_descriptor;
};

CsvMapping mappingOf(unsigned char how)
{
    CsvMapping mapping{TenantId("acme"), "p", "t", MissingZone::AssumeUtc, {{"m", "v"}}};
    if (how & 1)
        mapping.tenantColumn = "c";
    if (how & 2)
        mapping.decimalMark = DecimalMark::Comma;
    if (how & 4)
        mapping.dimensionsFromRest = true;
    if (how & 8)
        mapping.time = {TimeFormat::DayFirst, LocalZone::fixed(0), Ambiguous::First};
    if (how & 16) {
        mapping.identity = CsvIdentity::Column;
        mapping.eventIdColumn = "i";
    }
    return mapping;
}

struct ReadOnce
{
    std::string bytes;
    std::vector<std::string> ids;
    bool whole = false;
};

ReadOnce readOnce(FileRows& rows, RowIds& ids, bool first)
{
    const EventRules rules{.now = Instant::parse("2026-03-01T12:00:00Z").value(), .backfill = true};
    ReadOnce read{rows.header(), {}};
    while (true) {
        const auto row = rows.next();
        if (!row)
            return read;
        if (!*row)
            break;
        read.bytes += rows.bytes();
        for (const UsageEvent& event : (*row)->events)
            if (const auto checked = checkEvent(event, rules); !checked)
                static_cast<void>(rows.columnOf(checked.error().subject, 0));
        if (first)
            ids.learn(**row);
        else
            ids.give(**row);
        for (const UsageEvent& event : (*row)->events)
            read.ids.push_back(event.eventId);
    }
    read.whole = true;
    return read;
}

void checkTable(std::string_view text, unsigned char how)
{
    const MemoryFile file(text);
    auto rows = CsvRows::open(file.path(), mappingOf(how));
    if (!rows)
        return;
    RowIds ids("p");
    const ReadOnce first = readOnce(*rows, ids, true);
    BILLING_ASSERT(rows->rewind().has_value());
    const ReadOnce second = readOnce(*rows, ids, false);
    BILLING_ASSERT(first.bytes == second.bytes && first.whole == second.whole);
    BILLING_ASSERT(first.ids.size() == second.ids.size());
    const bool packed = text.starts_with("\x1F\x8B");
    if (first.whole && !packed) // but for blank lines at the end
        BILLING_ASSERT(text.starts_with(first.bytes) &&
                       text.substr(first.bytes.size()).find_first_not_of("\r\n") == std::string_view::npos);
    if ((how & 16) == 0)
        BILLING_ASSERT(std::set<std::string>(second.ids.begin(), second.ids.end()).size() ==
                       second.ids.size());
}

void checkLines(std::string_view text)
{
    const MemoryFile file(text);
    auto rows = NdjsonRows::open(file.path());
    if (!rows)
        return;
    RowIds ids("p");
    static_cast<void>(readOnce(*rows, ids, true));
}

} // namespace

void fuzz(std::string_view text)
{
    if (text.empty())
        return;
    const auto how = static_cast<unsigned char>(text.front());
    const std::string_view rest = text.substr(1);
    if ((how & 0xC0) == 0xC0) {
        if (const auto zone = LocalZone::fromTzif(rest))
            static_cast<void>(zone->toUtc(1'772'366'400, Ambiguous::First));
        if (const auto rule = ZoneRule::parse(rest))
            static_cast<void>(rule->offsetAt(1'772'366'400));
    } else if (how & 0x80) {
        checkLines(rest);
    } else {
        checkTable(rest, how);
    }
}
