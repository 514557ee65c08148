// The small requests and answers: what each refuses and names, and that each is read back as it was written.
// Tests: form.cpp tenant_json.cpp subscription_json.cpp invoice_request_json.cpp usage_report_json.cpp
// Tests: standing_json.cpp
#include "shared/wire/form.h"
#include "shared/wire/invoice_request_json.h"
#include "shared/wire/standing_json.h"
#include "shared/wire/subscription_json.h"
#include "shared/wire/tenant_json.h"
#include "shared/wire/usage_report_json.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

namespace {

/// The text with the first occurrence of one part replaced.
std::string changed(std::string text, std::string_view part, const std::string& by)
{
    const std::size_t at = text.find(part);
    return at == std::string::npos ? std::string() : text.replace(at, part.size(), by);
}

const std::string tenantText =
    R"({"tenant_id":"acme","legal_name":"Acme GmbH","country":"DE","currency":"EUR","time_zone":"Europe/Berlin",)"
    R"("locale":"de-DE","address":{"line1":"Weg 1","line2":"","city":"Berlin","region":"","postal_code":"10115"},)"
    R"("tax_ids":["DE136695976"],"tax_category":"S","email":"a@example.com"})";
const std::string subscriptionText =
    R"({"tenant_id":"acme","plan":"lite","starts_on":"2023-11-01","bill_from":"2023-12-01","confirm_periods":7})";
const std::string invoiceText =
    R"({"tenant_id":"acme","period_start":"2023-11-01","period_end":"2023-12-01","dry_run":true})";

void row(const char* name, const std::string& text, ErrorCode code, const char* subject)
{
    QVERIFY2(!text.empty(), name);
    QTest::newRow(name) << QByteArray::fromStdString(text) << int(code) << QByteArray(subject);
}

void columns()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("subject");
}

template <class Value>
void compareRefusal(const Result<Value>& decoded)
{
    QFETCH(int, code);
    QFETCH(QByteArray, subject);
    QVERIFY(!decoded);
    QCOMPARE(int(decoded.error().code), code);
    QCOMPARE(decoded.error().subject, subject.toStdString());
}

std::string fetched()
{
    QFETCH(QByteArray, text);
    return text.toStdString();
}

Instant at(const char* text)
{
    return Instant::parse(text).value();
}

} // namespace

class TestRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesTenant_data();
    void refusesTenant() { compareRefusal(decodeTenantRequest(fetched())); }
    void refusesSubscription_data();
    void refusesSubscription() { compareRefusal(decodeSubscriptionRequest(fetched())); }
    void refusesInvoice_data();
    void refusesInvoice() { compareRefusal(decodeInvoiceRequest(fetched())); }
    void refusesReport_data();
    void refusesReport() { compareRefusal(decodeUsageReport(fetched())); }
    void refusesStanding_data();
    void refusesStanding() { compareRefusal(decodeStanding(fetched())); }
    void readsTenants();
    void readsSubscriptions();
    void readsInvoiceRequests();
    void readsReports();
    void readsStandings();
};

void TestRequests::refusesTenant_data()
{
    columns();
    using enum ErrorCode;
    const auto with = [](std::string_view part, const std::string& by) {
        return changed(tenantText, part, by);
    };
    row("no JSON", "{", MalformedJson, "body");
    row("no object", "[]", WrongType, "body");
    row("nothing", "{}", MissingField, "tenant_id");
    row("bad id", with("\"acme\"", "\"Acme\""), InvalidTenantId, "tenant_id");
    row("reserved id", with("\"acme\"", "\"batch\""), ReservedTenantId, "tenant_id");
    row("empty name", with("Acme GmbH", ""), InvalidValue, "legal_name");
    row("long name", with("Acme GmbH", std::string(257, 'x')), TooLong, "legal_name");
    row("line feed in the name", with("Acme", "Ac\\nme"), InvalidCharacter, "legal_name");
    row("escape sequence in the name", with("Acme", "\\u001b[31m"), InvalidCharacter, "legal_name");
    row("DEL in the name", with("Acme", "\\u007f"), InvalidCharacter, "legal_name");
    row("C1 in the name", with("Acme", "\\u0085"), InvalidCharacter, "legal_name");
    row("small country", with("\"DE\"", "\"de\""), InvalidCountry, "country");
    row("long country", with("\"DE\"", "\"DEU\""), InvalidCountry, "country");
    row("small currency", with("EUR", "eur"), UnknownCurrency, "currency");
    row("test currency", with("EUR", "XXX"), UnknownCurrency, "currency");
    row("no zone", with("\"time_zone\":\"Europe/Berlin\",", ""), MissingField, "time_zone");
    row("unknown in the address", with("\"line1\"", "\"street\""), UnknownField, "address.street");
    row("number in the address", with("\"Weg 1\"", "1"), WrongType, "address.line1");
    row("one tax id as text", with("[\"DE136695976\"]", "\"DE136695976\""), WrongType, "tax_ids");
    row("empty tax id", with("DE136695976", ""), InvalidValue, "tax_ids[0]");
    row("unknown category", with("\"S\"", "\"X\""), InvalidValue, "tax_category");
    row("mass assignment", with("\"email\"", "\"created_at\":\"2023-01-01T00:00:00Z\",\"email\""),
        UnknownField, "created_at");
    std::string many = "[\"1\"";
    for (int index = 0; index < 20; ++index)
        many += ",\"1\"";
    row("21 tax ids", with("[\"DE136695976\"]", many + "]"), TooManyItems, "tax_ids");
}

void TestRequests::refusesSubscription_data()
{
    columns();
    using enum ErrorCode;
    const auto with = [](std::string_view part, const std::string& by) {
        return changed(subscriptionText, part, by);
    };
    row("no tenant", with("\"tenant_id\":\"acme\",", ""), MissingField, "tenant_id");
    row("no plan", with("\"plan\":\"lite\",", ""), MissingField, "plan");
    row("plan in capitals", with("lite", "Lite"), InvalidValue, "plan");
    row("empty plan", with("lite", ""), InvalidValue, "plan");
    row("long plan", with("lite", std::string(65, 'x')), TooLong, "plan");
    row("no such day", with("2023-11-01", "2023-11-31"), InvalidDate, "starts_on");
    row("a time", with("2023-12-01", "2023-12-01T00:00:00Z"), InvalidDate, "bill_from");
    row("price", with("\"plan\"", "\"price\":0,\"plan\""), UnknownField, "price");
}

void TestRequests::refusesInvoice_data()
{
    columns();
    using enum ErrorCode;
    const auto with = [](std::string_view part, const std::string& by) {
        return changed(invoiceText, part, by);
    };
    row("no start", with("\"period_start\":\"2023-11-01\",", ""), MissingField, "period_start");
    row("no day", with("2023-12-01", "2023-11-01"), InvalidValue, "period_end");
    row("backwards", with("2023-12-01", "2023-10-01"), InvalidValue, "period_end");
    row("dry run as text", with("true", "\"true\""), WrongType, "dry_run");
    row("unknown", with("dry_run", "dryRun"), UnknownField, "dryRun");
}

void TestRequests::refusesReport_data()
{
    columns();
    using enum ErrorCode;
    const std::string good =
        R"({"tenant_id":"acme","metric_type":"m","from":"2023-11-01T00:00:00Z","to":"2023-12-01T00:00:00Z",)"
        R"("granularity":"total","as_of":"2023-12-01T00:00:00Z","groups":[{"dimensions":{"d":"v"},"quantity":"1",)"
        R"("events":1,"buckets":[]}]})";
    QVERIFY(decodeUsageReport(good).has_value());
    row("granularity", changed(good, "total", "week"), InvalidValue, "granularity");
    row("quantity as number", changed(good, "\"1\"", "1"), WrongType, "groups[0].quantity");
    row("quantity", changed(good, "\"1\"", "\"1e3\""), InvalidDecimal, "groups[0].quantity");
    row("bucket", changed(good, "\"buckets\":[]", "\"buckets\":[{}]"), MissingField,
        "groups[0].buckets[0].from");
    row("dimension", changed(good, "\"v\"", "1"), WrongType, "groups[0].dimensions.d");
}

void TestRequests::refusesStanding_data()
{
    columns();
    using enum ErrorCode;
    const std::string good =
        R"({"tenant_id":"acme","as_of":"2023-12-01T00:00:00Z","limits":[{"metric_type":"m","charge":"c",)"
        R"("included":"1","used":"2","state":"ok","policy":"hard"}]})";
    QVERIFY(decodeStanding(good).has_value());
    row("state", changed(good, "\"ok\"", "\"fine\""), InvalidValue, "limits[0].state");
    row("policy", changed(good, "hard", "soft"), InvalidValue, "limits[0].policy");
    row("used", changed(good, "\"2\"", "2"), WrongType, "limits[0].used");
    row("unknown", changed(good, "\"charge\"", "\"x\":1,\"charge\""), UnknownField, "limits[0].x");
}

void TestRequests::readsTenants()
{
    auto tenant = decodeTenantRequest(tenantText);
    QVERIFY(tenant.has_value());
    QCOMPARE(tenant->legalName, "Acme GmbH");
    QCOMPARE(tenant->address.postalCode, "10115");
    QCOMPARE(encodeTenantRequest(*tenant), tenantText);
    tenant->createdAt = at("2023-11-16T18:15:46.5Z");
    QCOMPARE(*decodeTenant(encodeTenant(*tenant)), *tenant);

    ShownTenant shown{*tenant};
    QVERIFY(encodeShownTenant(shown).ends_with(R"("created_at":"2023-11-16T18:15:46.5Z","tier":null})"));
    QCOMPARE(*decodeShownTenant(encodeShownTenant(shown)), shown);
    shown.tier = Tier::AirGapped;
    QVERIFY(encodeShownTenant(shown).ends_with(R"(,"tier":"air_gapped"})"));
    QCOMPARE(*decodeShownTenant(encodeShownTenant(shown)), shown);
    QCOMPARE(*decodeShownTenant(changed(encodeShownTenant(shown), "\"tier\"", "\"newer\":1,\"tier\"")),
             shown);
    QCOMPARE(decodeShownTenant(encodeTenant(*tenant))->tier, std::nullopt); // an older server
    QCOMPARE(decodeShownTenant(changed(encodeShownTenant(shown), "air_gapped", "gold")).error().subject,
             "tier");

    const auto least =
        decodeTenantRequest(R"({"tenant_id":"acme","legal_name":"\u00d8 \u202e","country":"DE",)"
                            R"("currency":"EUR","time_zone":"UTC","locale":"en-US","address":null})");
    QVERIFY(least.has_value());
    QVERIFY(least->taxCategory == TaxCategory::Standard && least->taxIds.empty() && least->email.empty());
}

void TestRequests::readsSubscriptions()
{
    auto request = decodeSubscriptionRequest(subscriptionText);
    QVERIFY(request.has_value());
    QCOMPARE(encodeSubscriptionRequest(*request), subscriptionText);
    request->billFrom.reset();
    QCOMPARE(*decodeSubscriptionRequest(encodeSubscriptionRequest(*request)), *request);

    Subscription subscription{.id = SubscriptionId("sub_1"),
                              .tenant = TenantId("acme"),
                              .plan = PlanCode("lite"),
                              .planVersion = 3,
                              .currency = Currency::parse("MXN").value(),
                              .timeZone = "America/Mexico_City",
                              .startsOn = LocalDate::create(2023, 1, 31).value(),
                              .billFrom = LocalDate::create(2023, 2, 28).value(),
                              .endsOn = {},
                              .createdAt = at("2023-01-01T00:00:00Z")};
    QCOMPARE(*decodeSubscription(encodeSubscription(subscription)), subscription);
    subscription.endsOn = LocalDate::create(2024, 2, 29).value();
    QCOMPARE(*decodeSubscription(encodeSubscription(subscription)), subscription);
}

void TestRequests::readsInvoiceRequests()
{
    const auto request = decodeInvoiceRequest(invoiceText);
    QVERIFY(request.has_value() && request->dryRun);
    QCOMPARE(encodeInvoiceRequest(*request), invoiceText);
    QVERIFY(!decodeInvoiceRequest(changed(invoiceText, ",\"dry_run\":true", ""))->dryRun);
}

void TestRequests::readsReports()
{
    const InstantRange range{at("2023-11-01T00:00:00Z"), at("2023-12-01T00:00:00Z")};
    const Decimal large = Decimal::parseTotal("123456789012345678901234567.000000000001").value();
    const UsageReport report{
        TenantId("acme"),
        "llm_tokens",
        range,
        Granularity::Day,
        {{{{"direction", "input"}, {"model", "a\"b"}}, large, 2, {{range, large, 2}}}, {}},
        at("2023-12-02T00:00:00Z"),
        JournalPosition(9)};
    QCOMPARE(*decodeUsageReport(encodeUsageReport(report)), report);
    for (const char* name : {"hour", "day", "month", "total"})
        QCOMPARE(wireName(parseGranularity(name).value()), std::string_view(name));
}

void TestRequests::readsStandings()
{
    Standing standing{TenantId("acme"), at("2023-12-02T00:00:00Z"), {}};
    for (const LimitState state : {LimitState::Ok, LimitState::Near, LimitState::Exceeded})
        standing.limits.push_back({"api_request", "api", Decimal::fromInteger(10), Decimal::fromInteger(9),
                                   state, state == LimitState::Ok ? LimitPolicy::None : LimitPolicy::Hard});
    QCOMPARE(*decodeStanding(encodeStanding(standing)), standing);
}

QTEST_APPLESS_MAIN(TestRequests)
#include "tst_requests.moc"
