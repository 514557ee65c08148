#include "server/api/error_status.h"

#include "shared/wire/problem.h"

#include <algorithm>
#include <vector>

namespace billing::api {

namespace {

// Where a failure is ours, the client learns that it is, not what: names of files and what the engine said
// stay in the log.
Error shownOf(const Error& error, int status)
{
    if (status == 500)
        return Error{ErrorCode::Internal};
    if (status < 500)
        return error; // about what was asked, whatever its number
    return static_cast<int>(error.code) < 600 ? error : Error{error.code};
}

/// Of the codes without a status of their own: what is left of requests, usage, customers and money is well
/// formed but cannot be done; the rest is our fault.
bool isOurs(ErrorCode code)
{
    switch (code) {
    case ErrorCode::CorruptJournalRow:
    case ErrorCode::UnbalancedPosting:
    case ErrorCode::DivisionByZero:
        return true;
    default:
        return static_cast<int>(code) >= 600;
    }
}

struct Status
{
    int status;
    std::vector<ErrorCode> codes;
};

/// The codes with a status of their own.
const std::vector<Status>& statuses()
{
    using enum ErrorCode;
    static const std::vector<Status> table{
        {400,
         {MalformedBody, MalformedJson, DuplicateKey, UnknownField, MissingField, WrongType, EmptyBatch,
          TooManyItems, InvalidUtf8, TooDeep, InvalidCursor, UnknownParameter, InvalidIdempotencyKey,
          MalformedRequest, RangeTooLarge}},
        {401,
         {MissingToken, InvalidToken, ExpiredToken, TokenNotBoundToCertificate, UnknownSigningKey,
          CertificateExpired}},
        {403, {InsufficientScope, TenantMismatch}},
        {404, {NotFound, RouteNotFound}},
        {405, {MethodNotAllowed}},
        {408, {RequestTimeout}},
        {409,
         {AlreadyExists, PayloadConflict, PeriodAlreadyInvoiced, InvoiceNotDraft, SubscriptionOverlaps,
          IdempotencyKeyInFlight, GracePeriodRunning, PeriodNotOver, DocumentSetAside, DraftHasNoDocument,
          InvoiceNumberTaken}},
        {412, {PreconditionFailed}},
        {413, {BodyTooLarge}},
        {415, {UnsupportedMediaType, ContentEncodingRefused}},
        {428, {PreconditionRequired}},
        {429, {TooManyRequests}},
        {431, {HeaderTooLarge}},
        {503,
         {BacklogFull, ShuttingDown, UsageNotSettled, DocumentNotReady, StorageUnavailable, StorageBusy}},
        {507, {StorageFull}},
    };
    return table;
}

} // namespace

int statusOf(ErrorCode code)
{
    for (const Status& row : statuses())
        if (std::find(row.codes.begin(), row.codes.end(), code) != row.codes.end())
            return row.status;
    return isOurs(code) ? 500 : 422;
}

http::Response problem(const Error& error, int status)
{
    http::Response response{status,
                            {},
                            std::string(wire::problemMediaType),
                            wire::toJson(wire::problemOf(shownOf(error, status), status))};
    if (status == 503 || status == 429)
        response.headers.emplace_back("Retry-After", "1");
    if (status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

http::Response problem(const Error& error)
{
    return problem(error, statusOf(error.code));
}

http::Response json(int status, std::string body)
{
    return {status, {}, "application/json", std::move(body)};
}

} // namespace billing::api
