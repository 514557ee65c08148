// Every refusal's status, in one table against the one in the code: what a client programs against does not
// change by accident. What is our fault is told without its details.
#include "server/api/error_status.h"

#include "tests/server/api/api_fixture.h"

#include <map>

using namespace billing;

class TestErrorStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void status_data();
    void status();
    void aProblemSaysWhatItIsAbout();
    void ourFaultsTellNothing_data();
    void ourFaultsTellNothing();
    void whatPassesSaysWhenToComeBack();
    void aMissingTokenNamesTheScheme();
    void theDoorMayChooseTheStatus();
};

namespace {

std::vector<ErrorCode> ours()
{
    using enum ErrorCode;
    return {CorruptJournalRow,
            UnbalancedPosting,
            DivisionByZero,
            StorageCorrupt,
            ConstraintViolated,
            MigrationFailed,
            DataDirectoryInUse,
            InvalidConfiguration,
            FileUnreadable,
            FileUnwritable,
            ListenFailed,
            NetworkFailed,
            Cancelled,
            Internal,
            RenderFailed,
            MissingGlyph,
            UnknownTemplate,
            UnknownKeyVersion,
            SealBroken,
            InvalidKey,
            ChainBroken,
            CheckpointBroken,
            Offline,
            DeadlineExceeded,
            TlsFailed,
            AnswerTooLarge,
            UnusableAnswer,
            KeyringUnavailable};
}

const std::map<int, std::vector<ErrorCode>>& expected()
{
    using enum ErrorCode;
    static const std::map<int, std::vector<ErrorCode>> table{
        {400,
         {MalformedBody, MalformedJson, DuplicateKey, UnknownField, MissingField, WrongType, TooManyItems,
          EmptyBatch, MalformedRequest, InvalidUtf8, TooDeep, InvalidCursor, UnknownParameter,
          InvalidIdempotencyKey, RangeTooLarge}},
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
        {422, {InvalidValue,          TooLong,
               IdempotencyKeyReused,  CardDataRefused,
               InvalidDecimal,        NegativeQuantity,
               InvalidTimestamp,      TimestampInFuture,
               TimestampTooOld,       UnknownMetric,
               UnknownTenant,         MissingDimension,
               BeyondRetention,       InvalidTenantId,
               ReservedTenantId,      UnknownPlan,
               InactivePlan,          UnknownTimeZone,
               InvalidDate,           InvalidCountry,
               InvalidCatalog,        PriceNotInCurrency,
               InvalidLocale,         UnknownCurrency,
               CurrencyMismatch,      AmountOverflow,
               NotABillingPeriod,     NoTaxRate,
               NoSubscription,        BeforeBillFrom,
               PositionNotAccepted,   InvalidCharacter,
               UnknownDimensionValue, InvalidTaxId,
               InvalidBankAccount,    TaxCategoryNotAllowed,
               TaxCategoryRequired,   PeriodsNotConfirmed}},
        {428, {PreconditionRequired}},
        {429, {TooManyRequests}},
        {431, {HeaderTooLarge}},
        {500, ours()},
        {503,
         {ShuttingDown, BacklogFull, UsageNotSettled, DocumentNotReady, StorageUnavailable, StorageBusy}},
        {507, {StorageFull}},
    };
    return table;
}

} // namespace

void TestErrorStatus::status_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<int>("status");
    const auto expectedOf = [](ErrorCode code) {
        for (const auto& [status, codes] : expected())
            if (std::find(codes.begin(), codes.end(), code) != codes.end())
                return status;
        return 0; // a new code: decide here what a client gets
    };
#define X(name, number, wire) QTest::newRow(wire) << ErrorCode::name << expectedOf(ErrorCode::name);
    BILLING_ERROR_CODES(X)
#undef X
}

void TestErrorStatus::status()
{
    QFETCH(ErrorCode, code);
    QFETCH(int, status);
    QCOMPARE(api::statusOf(code), status);
    QCOMPARE(api::problem(Error{code}).status, status);
}

void TestErrorStatus::aProblemSaysWhatItIsAbout()
{
    const http::Response response = api::problem({ErrorCode::UnknownField, "colour", "not part of an event"});
    QCOMPARE(response.contentType, std::string("application/problem+json"));
    QCOMPARE(test::bodyText(response),
             std::string(
                 R"({"type":"urn:enis-billing:problem:unknown_field","title":"Unknown field","status":400,)"
                 R"("code":"unknown_field","detail":"not part of an event","subject":"colour"})"));
}

void TestErrorStatus::ourFaultsTellNothing_data()
{
    QTest::addColumn<ErrorCode>("code");
    for (const ErrorCode code : expected().at(500))
        QTest::newRow(std::string(wireName(code)).c_str()) << code;
    // Transient or not, where the store lies and what its engine said is nobody's business either.
    for (const ErrorCode code :
         {ErrorCode::StorageUnavailable, ErrorCode::StorageBusy, ErrorCode::StorageFull})
        QTest::newRow(std::string(wireName(code)).c_str()) << code;
}

void TestErrorStatus::ourFaultsTellNothing()
{
    QFETCH(ErrorCode, code);
    const std::string body = test::bodyText(api::problem({code, "/srv/billing.sqlite", "disk I/O error"}));
    QVERIFY2(body.find("srv") == std::string::npos && body.find("I/O") == std::string::npos, body.c_str());
    if (api::statusOf(code) == 500)
        QCOMPARE(test::outcome(api::problem({code, "x", "y"})), std::string("500 internal"));
}

void TestErrorStatus::whatPassesSaysWhenToComeBack()
{
    for (const auto& [status, codes] : expected())
        for (const ErrorCode code : codes)
            QCOMPARE(test::headerOf(api::problem(Error{code}), "Retry-After").has_value(),
                     status == 503 || status == 429);
}

void TestErrorStatus::aMissingTokenNamesTheScheme()
{
    QCOMPARE(test::headerOf(api::problem(Error{ErrorCode::MissingToken}), "WWW-Authenticate"),
             std::optional<std::string>("Bearer"));
    QVERIFY(!test::headerOf(api::problem(Error{ErrorCode::InsufficientScope}), "WWW-Authenticate"));
}

void TestErrorStatus::theDoorMayChooseTheStatus()
{
    QCOMPARE(test::outcome(api::problem(Error{ErrorCode::MalformedRequest, "Transfer-Encoding"}, 501)),
             std::string("501 malformed_request Transfer-Encoding"));
}

QTEST_APPLESS_MAIN(TestErrorStatus)
#include "tst_error_status.moc"
