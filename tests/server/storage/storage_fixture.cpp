#include "tests/server/storage/storage_fixture.h"

#include <atomic>
#include <cstdio>

namespace billing::test {

StorageFixture::StorageFixture(Writer writer)
    : m_writer(writer)
{
    reopen();
}

StorageFixture::~StorageFixture()
{
    close();
}

void StorageFixture::close()
{
    if (m_thread.joinable()) {
        m_storage->stopWriter();
        m_thread.join();
    }
    m_storage.reset();
}

void StorageFixture::reopen()
{
    BILLING_ASSERT(!m_storage);
    auto opened = SqliteStorage::open(file(), {});
    if (!opened)
        std::fprintf(stderr, "%s\n", toText(opened.error()).c_str());
    m_storage = std::move(opened.value());
    if (m_writer == Writer::Inline)
        return;
    m_thread = std::thread([storage = m_storage.get()] { storage->runWriter(); });
    while (!m_storage->hasWriter())
        std::this_thread::yield();
}

WorkId anyWork()
{
    static std::atomic<int> count{0};
    return WorkId("work-" + std::to_string(++count));
}

} // namespace billing::test
