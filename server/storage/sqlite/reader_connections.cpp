#include "server/storage/sqlite/reader_connections.h"

#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace billing::sqlite {

using ThreadId = decltype(std::this_thread::get_id());

/// Shared with the threads' own clean-up, which may come after the object that made it.
class ReaderConnections::Shelf
{
public:
    Connection* find(ThreadId thread) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_connections.find(thread);
        return found == m_connections.end() ? nullptr : found->second.get();
    }
    Connection* put(ThreadId thread, std::unique_ptr<Connection> connection)
    {
        const std::lock_guard lock(m_mutex);
        return (m_connections[thread] = std::move(connection)).get();
    }
    void drop(ThreadId thread)
    {
        const std::lock_guard lock(m_mutex);
        m_connections.erase(thread);
    }
    std::size_t size() const
    {
        const std::lock_guard lock(m_mutex);
        return m_connections.size();
    }
    void clear()
    {
        const std::lock_guard lock(m_mutex);
        m_connections.clear();
    }

private:
    mutable std::mutex m_mutex;
    std::unordered_map<ThreadId, std::unique_ptr<Connection>> m_connections;
};

namespace {

/// The shelves on which the ending thread has left a connection.
struct ThreadEnd
{
    std::vector<std::weak_ptr<ReaderConnections::Shelf>> shelves = {};

    ~ThreadEnd()
    {
        for (const auto& weak : shelves) {
            if (const auto shelf = weak.lock())
                shelf->drop(std::this_thread::get_id());
        }
    }
};

thread_local ThreadEnd threadEnd;

} // namespace

ReaderConnections::ReaderConnections(std::filesystem::path file)
    : m_file(std::move(file))
    , m_shelf(std::make_shared<Shelf>())
{
}

ReaderConnections::~ReaderConnections()
{
    m_shelf->clear();
}

Result<Connection*> ReaderConnections::ofThisThread()
{
    const auto thread = std::this_thread::get_id();
    if (Connection* connection = m_shelf->find(thread))
        return connection;
    auto opened = Connection::open(m_file, Access::Read);
    if (!opened)
        return opened.error();
    std::erase_if(threadEnd.shelves, [](const auto& shelf) { return shelf.expired(); });
    threadEnd.shelves.push_back(m_shelf);
    return m_shelf->put(thread, std::move(*opened));
}

std::size_t ReaderConnections::count() const
{
    return m_shelf->size();
}

} // namespace billing::sqlite
