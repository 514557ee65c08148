#include "server/storage/postgres/postgres_error.h"

#include "shared/kernel/assert.h"

#include <string_view>

namespace billing::postgres {

namespace {

std::string field(const PGresult* result, int code)
{
    const char* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
    return text == nullptr ? std::string() : std::string(text);
}

bool isLost(std::string_view state)
{
    // 57P: the server shuts down, crashed or starts. 25P03: it ended a transaction that stood idle. 25006: it
    // became a standby. 0A000: a kept statement's table has other columns by now.
    return state.starts_with("08") || state.starts_with("57P") || state == "25P03" || state == "25006" ||
           state == "0A000";
}

bool isBusy(std::string_view state)
{
    return state == "55P03" || state == "57014" || state == "53300" || state == "55006";
}

bool isOurMistake(std::string_view state)
{
    return state.starts_with("42") || state.starts_with("26") || state == "21000" || state == "25P02" ||
           state == "08P01";
}

ErrorCode codeOf(std::string_view state)
{
    if (state == "22003")
        return ErrorCode::AmountOverflow;
    if (state.starts_with("22") || state.starts_with("23") || state == "42501" || state == "P0001")
        return ErrorCode::ConstraintViolated;
    if (state == "53100")
        return ErrorCode::StorageFull;
    if (state.starts_with("40") || isBusy(state))
        return ErrorCode::StorageBusy;
    if (state == "XX001" || state == "XX002")
        return ErrorCode::StorageCorrupt;
    return ErrorCode::StorageUnavailable;
}

std::string subjectOf(ErrorCode code, const PGresult* result, const std::string& message)
{
    if (code != ErrorCode::ConstraintViolated)
        return {};
    const std::string constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    return constraint.empty() ? message : constraint;
}

} // namespace

Refusal toRefusal(const PGconn* connection, const PGresult* result)
{
    const std::string state = field(result, PG_DIAG_SQLSTATE);
    if (state.empty() || PQstatus(connection) == CONNECTION_BAD)
        return {{ErrorCode::StorageUnavailable, {}, PQerrorMessage(connection)}, Recovery::Reconnect};
    // The primary message only: DETAIL quotes the values of rows.
    const std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    const ErrorCode code = codeOf(state);
    if (code == ErrorCode::StorageUnavailable && isOurMistake(state))
        assertionFailed((state + " " + message).c_str(), __FILE__, __LINE__);
    const Recovery recovery = isLost(state)                          ? Recovery::Reconnect
                              : state == "40001" || state == "40P01" ? Recovery::RunAgain
                                                                     : Recovery::None;
    return {{code, subjectOf(code, result, message), code == ErrorCode::ConstraintViolated ? state : message},
            recovery};
}

} // namespace billing::postgres
