#include "server/storage/journal_body.h"

#include <zstd.h>

#include <cstring>

namespace billing::storage {

namespace {

constexpr char plainForm = 1;
constexpr char compressedForm = 2;
// zstd costs about 10 us and gains nothing on one small event; measured.
constexpr std::size_t compressFrom = 1024;
constexpr std::size_t sizeLimit = 64u << 20;
const Error corrupt{ErrorCode::CorruptJournalRow, "usage_journal"};

class Writer
{
public:
    void number(std::uint64_t value) // LEB128
    {
        while (value >= 0x80) {
            m_bytes += static_cast<char>(value | 0x80);
            value >>= 7;
        }
        m_bytes += static_cast<char>(value);
    }
    void text(std::string_view value)
    {
        number(value.size());
        m_bytes += value;
    }
    void fixed(const void* data, std::size_t size) { m_bytes.append(static_cast<const char*>(data), size); }
    std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

/// Reads with one sticky failure, so that a damaged row is noticed at the end, never read beyond.
class Reader
{
public:
    explicit Reader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (m_bytes.empty())
                break;
            const auto byte = static_cast<unsigned char>(m_bytes.front());
            m_bytes.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                return value;
        }
        m_failed = true;
        return 0;
    }
    std::string_view text() { return take(number()); }
    template <class T>
    T fixed()
    {
        T value{};
        const std::string_view bytes = take(sizeof(T));
        if (bytes.size() == sizeof(T))
            std::memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    void fail() { m_failed = true; }
    bool ok() const { return !m_failed; }
    bool atEnd() const { return m_bytes.empty(); }

private:
    std::string_view take(std::uint64_t size)
    {
        if (size > m_bytes.size()) {
            m_failed = true;
            return {};
        }
        const std::string_view taken = m_bytes.substr(0, size);
        m_bytes.remove_prefix(size);
        return taken;
    }

    std::string_view m_bytes;
    bool m_failed = false;
};

std::string compress(std::string_view plain)
{
    using Context = std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)>;
    thread_local const Context context(ZSTD_createCCtx(), ZSTD_freeCCtx);
    std::string packed(1 + ZSTD_compressBound(plain.size()), compressedForm);
    const std::size_t size =
        ZSTD_compressCCtx(context.get(), packed.data() + 1, packed.size() - 1, plain.data(), plain.size(), 1);
    BILLING_ASSERT(!ZSTD_isError(size));
    packed.resize(1 + size);
    return packed;
}

Result<std::string> decompress(std::string_view packed)
{
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > sizeLimit)
        return corrupt;
    std::string plain(size, '\0');
    const std::size_t written = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
    if (ZSTD_isError(written) || written != plain.size())
        return corrupt;
    return plain;
}

UsageEvent readEvent(Reader& reader)
{
    UsageEvent event{TenantId(std::string(reader.text())),
                     std::string(reader.text()),
                     std::string(reader.text()),
                     std::string(reader.text()),
                     Decimal(),
                     Instant::fromMicros(0),
                     {}};
    const auto value = reader.fixed<Int128>();
    if (value < 0) // usage is never negative
        reader.fail();
    else
        event.value = Decimal::fromScaled(value);
    event.at = Instant::fromMicros(reader.fixed<std::int64_t>());
    const std::uint64_t dimensions = reader.number();
    for (std::uint64_t i = 0; i < dimensions && reader.ok(); ++i) {
        std::string name(reader.text());
        event.dimensions.push_back({std::move(name), std::string(reader.text())});
    }
    return event;
}

} // namespace

std::string encodeJournalBody(std::span<const UsageEvent> events)
{
    Writer writer;
    writer.number(events.size());
    for (const UsageEvent& event : events) {
        writer.text(event.tenant.text());
        writer.text(event.source);
        writer.text(event.eventId);
        writer.text(event.metricType);
        const Int128 value = event.value.scaled();
        writer.fixed(&value, sizeof value);
        const std::int64_t at = event.at.micros();
        writer.fixed(&at, sizeof at);
        writer.number(event.dimensions.size());
        for (const Dimension& dimension : event.dimensions) {
            writer.text(dimension.name);
            writer.text(dimension.value);
        }
    }
    std::string plain = writer.take();
    return plain.size() < compressFrom ? plainForm + plain : compress(plain);
}

Result<std::vector<UsageEvent>> decodeJournalBody(std::string_view body)
{
    if (body.empty())
        return corrupt;
    std::string unpacked;
    std::string_view plain = body.substr(1);
    if (body.front() == compressedForm) {
        auto decompressed = decompress(plain);
        if (!decompressed)
            return decompressed.error();
        unpacked = std::move(*decompressed);
        plain = unpacked;
    } else if (body.front() != plainForm) {
        return corrupt;
    }

    Reader reader(plain);
    const std::uint64_t count = reader.number();
    std::vector<UsageEvent> events;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i)
        events.push_back(readEvent(reader));
    if (!reader.ok() || !reader.atEnd() || events.size() != count)
        return corrupt;
    return events;
}

} // namespace billing::storage
