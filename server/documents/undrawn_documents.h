// Which finalised invoices wait for their document, without reading history: numbers are committed in their
// order, so below a mark in each series everything has its document or is set aside, and only what lies above
// it is looked at. Marks live in memory: a new process looks through all numbers once, in slices. Any thread.
#pragma once

#include "server/storage/documents.h"

#include <map>
#include <mutex>
#include <utility>

namespace billing {

class UndrawnDocuments
{
public:
    struct Waiting
    {
        std::vector<storage::InvoiceKey> invoices; ///< lowest number of each series first
        bool more = false;                         ///< not all numbers were looked at yet
    };

    /// Up to so many that wait. Looks at no more than 100,000 numbers in one call. Refuses as storage.
    Result<Waiting> find(Storage& storage, std::int64_t limit);

private:
    using Marks = std::map<std::pair<std::string, std::string>, std::int64_t>;

    static Result<Waiting> look(Work& work, Marks& marks, std::int64_t limit);

    std::mutex m_mutex;
    Marks m_marks; ///< guarded
};

} // namespace billing
