#include "server/api/error_status.h"

#include "shared/wire/problem.h"

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
    case ErrorCode::InvoiceNumberTaken:
    case ErrorCode::UnbalancedPosting:
    case ErrorCode::DivisionByZero:
        return true;
    default:
        return static_cast<int>(code) >= 600;
    }
}

} // namespace

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MalformedBody:
    case ErrorCode::MalformedJson:
    case ErrorCode::DuplicateKey:
    case ErrorCode::UnknownField:
    case ErrorCode::MissingField:
    case ErrorCode::WrongType:
    case ErrorCode::EmptyBatch:
    case ErrorCode::TooManyItems:
    case ErrorCode::InvalidUtf8:
    case ErrorCode::TooDeep:
    case ErrorCode::InvalidCursor:
    case ErrorCode::UnknownParameter:
    case ErrorCode::InvalidIdempotencyKey:
    case ErrorCode::MalformedRequest:
    case ErrorCode::RangeTooLarge:
        return 400;
    case ErrorCode::MissingToken:
    case ErrorCode::InvalidToken:
    case ErrorCode::ExpiredToken:
    case ErrorCode::TokenNotBoundToCertificate:
    case ErrorCode::UnknownSigningKey:
    case ErrorCode::CertificateExpired:
        return 401;
    case ErrorCode::InsufficientScope:
    case ErrorCode::TenantMismatch:
        return 403;
    case ErrorCode::NotFound:
    case ErrorCode::RouteNotFound:
        return 404;
    case ErrorCode::MethodNotAllowed:
        return 405;
    case ErrorCode::RequestTimeout:
        return 408;
    case ErrorCode::AlreadyExists:
    case ErrorCode::PayloadConflict:
    case ErrorCode::PeriodAlreadyInvoiced:
    case ErrorCode::InvoiceNotDraft:
    case ErrorCode::SubscriptionOverlaps:
    case ErrorCode::IdempotencyKeyInFlight:
    case ErrorCode::GracePeriodRunning:
    case ErrorCode::PeriodNotOver:
    case ErrorCode::DocumentSetAside:
    case ErrorCode::DraftHasNoDocument:
        return 409;
    case ErrorCode::PreconditionFailed:
        return 412;
    case ErrorCode::BodyTooLarge:
        return 413;
    case ErrorCode::UnsupportedMediaType:
    case ErrorCode::ContentEncodingRefused:
        return 415;
    case ErrorCode::PreconditionRequired:
        return 428;
    case ErrorCode::TooManyRequests:
        return 429;
    case ErrorCode::HeaderTooLarge:
        return 431;
    case ErrorCode::BacklogFull:
    case ErrorCode::ShuttingDown:
    case ErrorCode::UsageNotSettled:
    case ErrorCode::DocumentNotReady:
    case ErrorCode::StorageUnavailable:
    case ErrorCode::StorageBusy:
        return 503;
    case ErrorCode::StorageFull:
        return 507;
    default:
        break;
    }
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
