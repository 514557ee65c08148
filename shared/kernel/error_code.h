// The one list of refusals. A code's number and wire name are published: never renumbered, never reused; a
// retired code stays here, marked. Ranges: 1xx request, 2xx who is asking, 3xx usage, 4xx customers and
// plans, 5xx money and invoices, 6xx storage and machine, 7xx documents and secrets.
// server/api/error_status.h maps a code to its HTTP status.
#pragma once

#include <cstdint>
#include <string_view>

namespace billing {

// X(enumerator, number, wire name)
#define BILLING_ERROR_CODES(X)                                                                               \
    X(MalformedBody, 100, "malformed_body")                                                                  \
    X(MalformedJson, 101, "malformed_json")                                                                  \
    X(DuplicateKey, 102, "duplicate_key")                                                                    \
    X(UnknownField, 103, "unknown_field")                                                                    \
    X(MissingField, 104, "missing_field")                                                                    \
    X(WrongType, 105, "wrong_type")                                                                          \
    X(InvalidValue, 106, "invalid_value")                                                                    \
    X(TooLong, 107, "too_long")                                                                              \
    X(TooManyItems, 108, "too_many_items")                                                                   \
    X(EmptyBatch, 109, "empty_batch")                                                                        \
    X(UnsupportedMediaType, 110, "unsupported_media_type")                                                   \
    X(ContentEncodingRefused, 111, "content_encoding_refused")                                               \
    X(BodyTooLarge, 112, "body_too_large")                                                                   \
    X(HeaderTooLarge, 113, "header_too_large")                                                               \
    X(MethodNotAllowed, 114, "method_not_allowed")                                                           \
    X(RouteNotFound, 115, "route_not_found")                                                                 \
    X(RequestTimeout, 116, "request_timeout")                                                                \
    X(MalformedRequest, 117, "malformed_request")                                                            \
    X(InvalidUtf8, 118, "invalid_utf8")                                                                      \
    X(TooDeep, 119, "too_deep")                                                                              \
    X(InvalidCursor, 120, "invalid_cursor")                                                                  \
    X(UnknownParameter, 121, "unknown_parameter")                                                            \
    X(IdempotencyKeyReused, 122, "idempotency_key_reused")                                                   \
    X(IdempotencyKeyInFlight, 123, "idempotency_key_in_flight")                                              \
    X(PreconditionFailed, 124, "precondition_failed")                                                        \
    X(ShuttingDown, 125, "shutting_down")                                                                    \
    X(CardDataRefused, 126, "card_data_refused")                                                             \
    X(InvalidIdempotencyKey, 127, "invalid_idempotency_key")                                                 \
    X(PositionNotAccepted, 128, "position_not_accepted")                                                     \
    X(RangeTooLarge, 129, "range_too_large")                                                                 \
    X(PreconditionRequired, 130, "precondition_required")                                                    \
    X(InvalidCharacter, 131, "invalid_character")                                                            \
    X(TooManyRequests, 132, "too_many_requests")                                                             \
    X(MissingToken, 200, "missing_token")                                                                    \
    X(InvalidToken, 201, "invalid_token")                                                                    \
    X(ExpiredToken, 202, "expired_token")                                                                    \
    X(TokenNotBoundToCertificate, 203, "token_not_bound_to_certificate")                                     \
    X(InsufficientScope, 204, "insufficient_scope")                                                          \
    X(TenantMismatch, 205, "tenant_mismatch")                                                                \
    X(UnknownSigningKey, 206, "unknown_signing_key")                                                         \
    X(CertificateExpired, 207, "certificate_expired")                                                        \
    X(InvalidDecimal, 300, "invalid_decimal")                                                                \
    X(NegativeQuantity, 301, "negative_quantity")                                                            \
    X(InvalidTimestamp, 302, "invalid_timestamp")                                                            \
    X(TimestampInFuture, 303, "timestamp_in_future")                                                         \
    X(TimestampTooOld, 304, "timestamp_too_old")                                                             \
    X(UnknownMetric, 305, "unknown_metric")                                                                  \
    X(UnknownTenant, 306, "unknown_tenant")                                                                  \
    X(MissingDimension, 307, "missing_dimension")                                                            \
    X(BacklogFull, 308, "backlog_full")                                                                      \
    X(PayloadConflict, 309, "payload_conflict")                                                              \
    X(BeyondRetention, 310, "beyond_retention")                                                              \
    X(CorruptJournalRow, 311, "corrupt_journal_row")                                                         \
    X(UnknownDimensionValue, 312, "unknown_dimension_value")                                                 \
    X(NotFound, 400, "not_found")                                                                            \
    X(AlreadyExists, 401, "already_exists")                                                                  \
    X(InvalidTenantId, 402, "invalid_tenant_id")                                                             \
    X(ReservedTenantId, 403, "reserved_tenant_id")                                                           \
    X(UnknownPlan, 404, "unknown_plan")                                                                      \
    X(InactivePlan, 405, "inactive_plan")                                                                    \
    X(UnknownTimeZone, 406, "unknown_time_zone")                                                             \
    X(InvalidDate, 407, "invalid_date")                                                                      \
    X(InvalidCountry, 408, "invalid_country")                                                                \
    X(InvalidCatalog, 409, "invalid_catalog")                                                                \
    X(PriceNotInCurrency, 410, "price_not_in_currency")                                                      \
    X(SubscriptionOverlaps, 411, "subscription_overlaps")                                                    \
    X(InvalidLocale, 412, "invalid_locale")                                                                  \
    X(InvalidTaxId, 413, "invalid_tax_id")                                                                   \
    X(InvalidBankAccount, 414, "invalid_bank_account")                                                       \
    X(TaxCategoryNotAllowed, 415, "tax_category_not_allowed")                                                \
    X(TaxCategoryRequired, 416, "tax_category_required")                                                     \
    X(UnknownCurrency, 500, "unknown_currency")                                                              \
    X(CurrencyMismatch, 501, "currency_mismatch")                                                            \
    X(AmountOverflow, 502, "amount_overflow")                                                                \
    X(NotABillingPeriod, 503, "not_a_billing_period")                                                        \
    X(PeriodNotOver, 504, "period_not_over")                                                                 \
    X(PeriodAlreadyInvoiced, 505, "period_already_invoiced")                                                 \
    X(InvoiceNotDraft, 506, "invoice_not_draft")                                                             \
    X(UsageNotSettled, 507, "usage_not_settled")                                                             \
    X(UnbalancedPosting, 508, "unbalanced_posting")                                                          \
    X(NoTaxRate, 509, "no_tax_rate")                                                                         \
    X(NoSubscription, 510, "no_subscription")                                                                \
    X(DocumentNotReady, 511, "document_not_ready")                                                           \
    X(GracePeriodRunning, 512, "grace_period_running")                                                       \
    X(DivisionByZero, 513, "division_by_zero")                                                               \
    X(BeforeBillFrom, 514, "before_bill_from")                                                               \
    X(PeriodsNotConfirmed, 515, "periods_not_confirmed")                                                     \
    X(InvoiceNumberTaken, 516, "invoice_number_taken")                                                       \
    X(StorageUnavailable, 600, "storage_unavailable")                                                        \
    X(StorageFull, 601, "storage_full")                                                                      \
    X(StorageCorrupt, 602, "storage_corrupt")                                                                \
    X(StorageBusy, 603, "storage_busy")                                                                      \
    X(ConstraintViolated, 604, "constraint_violated")                                                        \
    X(MigrationFailed, 605, "migration_failed")                                                              \
    X(DataDirectoryInUse, 606, "data_directory_in_use")                                                      \
    X(InvalidConfiguration, 607, "invalid_configuration")                                                    \
    X(FileUnreadable, 608, "file_unreadable")                                                                \
    X(FileUnwritable, 609, "file_unwritable")                                                                \
    X(ListenFailed, 610, "listen_failed")                                                                    \
    X(NetworkFailed, 611, "network_failed")                                                                  \
    X(Cancelled, 612, "cancelled")                                                                           \
    X(Offline, 613, "offline")                                                                               \
    X(DeadlineExceeded, 614, "deadline_exceeded")                                                            \
    X(TlsFailed, 615, "tls_failed")                                                                          \
    X(AnswerTooLarge, 616, "answer_too_large")                                                               \
    X(UnusableAnswer, 617, "unusable_answer")                                                                \
    X(KeyringUnavailable, 618, "keyring_unavailable")                                                        \
    X(Internal, 699, "internal")                                                                             \
    X(RenderFailed, 700, "render_failed")                                                                    \
    X(MissingGlyph, 701, "missing_glyph")                                                                    \
    X(UnknownTemplate, 702, "unknown_template")                                                              \
    X(DocumentSetAside, 703, "document_set_aside")                                                           \
    X(DraftHasNoDocument, 704, "draft_has_no_document")                                                      \
    X(UnknownKeyVersion, 710, "unknown_key_version")                                                         \
    X(SealBroken, 711, "seal_broken")                                                                        \
    X(InvalidKey, 712, "invalid_key")                                                                        \
    X(ChainBroken, 713, "chain_broken")                                                                      \
    X(CheckpointBroken, 714, "checkpoint_broken")

enum class ErrorCode : std::uint16_t
{
#define X(name, number, wire) name = number,
    BILLING_ERROR_CODES(X)
#undef X
};

/// The published snake_case name, e.g. "unknown_field".
std::string_view wireName(ErrorCode code);

/// True when the same request may end otherwise later (a full backlog, a busy store); false when it never
/// will.
bool isTransient(ErrorCode code);

} // namespace billing
