#include "server/storage/sqlite/sqlite_error.h"

#include "shared/kernel/assert.h"

#include <sqlite3.h>

namespace billing::sqlite {

Error toError(sqlite3* handle, int code)
{
    const std::string message = sqlite3_errmsg(handle);
    switch (code & 0xff) {
    case SQLITE_FULL:
        return {ErrorCode::StorageFull, {}, message};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::StorageBusy, {}, message};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorCode::StorageCorrupt, {}, message};
    case SQLITE_CONSTRAINT:
        return {ErrorCode::ConstraintViolated, message, sqlite3_errstr(code)};
    case SQLITE_TOOBIG:
        return {ErrorCode::AmountOverflow, {}, message};
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        assertionFailed(message.c_str(), __FILE__, __LINE__);
    default:
        return {ErrorCode::StorageUnavailable, sqlite3_errstr(code), message};
    }
}

} // namespace billing::sqlite
