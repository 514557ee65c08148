// A storage that counts what is asked of the one behind it: how many questions a request costs.
#pragma once

#include "server/storage/storage.h"

#include <atomic>

namespace billing::test {

class CountingStorage final : public Storage
{
public:
    explicit CountingStorage(Storage& storage)
        : m_storage(storage)
    {
    }

    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId, const Body& body) override
    {
        ++writes;
        return m_storage.write(scope, priority, workId, body);
    }
    Result<void> read(const Scope& scope, const Body& body) override
    {
        ++reads;
        return m_storage.read(scope, body);
    }

    std::atomic<int> reads = 0;
    std::atomic<int> writes = 0;

private:
    Storage& m_storage;
};

} // namespace billing::test
