// Usage events from a file with one JSON event per line. Every event needs its own event_id: one made here
// would be another one on the next run, and the usage would count twice. One thread.
#pragma once

#include "shared/usage_client/event_source.h"
#include "shared/usage_client/text_file.h"

namespace billing::client {

class NdjsonEvents final : public EventSource
{
public:
    static constexpr std::size_t lineLimit = 1 << 20; ///< bytes

    /// Refuses FileUnreadable.
    static Result<NdjsonEvents> open(std::string path);

    /// Blank lines are passed over. Refuses TooLong, FileUnreadable, and what decodeUsageEvent refuses; the
    /// subject is file:line:column, the field is named in the detail.
    Result<std::optional<UsageEvent>> next() override;
    std::int64_t bytesRead() const override { return m_file.bytesRead(); }

private:
    explicit NdjsonEvents(TextFile file);
    Result<bool> readLine();

    TextFile m_file;
    std::string m_line;
};

} // namespace billing::client
