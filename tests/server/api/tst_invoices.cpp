// The invoice endpoints: draft, dry run, finalise, get, list, PDF; each refusal with its status, and nothing
// kept by a dry run.
#include "tests/server/api/api_fixture.h"

#include "shared/wire/invoice_json.h"
#include "shared/wire/invoice_warnings_json.h"

#include <QJsonArray>

using namespace billing;

class TestInvoices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesDrafting_data();
    void refusesDrafting();
    void aDryRunKeepsNothing();
    void fromDraftToPdf();
    void refusesFinalising();
    void whatATokenMayNotSeeLooksAbsent();
    void refusesListing_data();
    void refusesListing();
    void listsByTenantAndStatus();
    void listsWhatFinanceLooksFor();
    void pagesThroughAll();
};

namespace {

/// acme and other on lite since July, 12,000,000 requests of acme in August.
struct August
{
    August()
    {
        for (const char* tenant : {"acme", "other"}) {
            rooms.addTenant(tenant);
            rooms.subscribe(tenant, "lite", "2026-07-01");
        }
        rooms.sendAndSettle("acme", "12000000", "2026-08-20T10:00:00Z");
    }
    Result<http::Response> draft(const std::string& tenant, const std::string& start, const std::string& end,
                                 const std::string& more = {})
    {
        return api::postInvoice(rooms.services,
                                rooms.post(R"({"tenant_id":")" + tenant + R"(","period_start":")" + start +
                                           R"(","period_end":")" + end + "\"" + more + "}"));
    }
    std::string draftOf(const std::string& tenant, const std::string& start, const std::string& end)
    {
        return test::bodyOf(draft(tenant, start, end))
            .value(QLatin1String("invoice_id"))
            .toString()
            .toStdString();
    }
    QJsonArray list(const test::Query& query = {})
    {
        return test::bodyOf(api::getInvoices(rooms.services, rooms.get({}, query)))
            .value(QLatin1String("invoices"))
            .toArray();
    }
    Result<http::Response> finalise(const std::string& id)
    {
        api::Call call = rooms.get({id});
        call.request.method = "POST";
        return api::postFinalise(rooms.services, call);
    }

    test::ApiFixture rooms;
};

} // namespace

void TestInvoices::refusesDrafting_data()
{
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("start");
    QTest::addColumn<QString>("end");
    QTest::addColumn<QString>("answer");
    QTest::newRow("unknown tenant") << "nobody"
                                    << "2026-08-01"
                                    << "2026-09-01"
                                    << "404 not_found tenant_id";
    QTest::newRow("before the subscription") << "acme"
                                             << "2026-06-01"
                                             << "2026-07-01"
                                             << "422 no_subscription";
    QTest::newRow("no period") << "acme"
                               << "2026-08-01"
                               << "2026-08-15"
                               << "422 not_a_billing_period";
    QTest::newRow("two periods") << "acme"
                                 << "2026-07-01"
                                 << "2026-09-01"
                                 << "422 not_a_billing_period";
    QTest::newRow("not over") << "acme"
                              << "2026-09-01"
                              << "2026-10-01"
                              << "409 period_not_over";
    QTest::newRow("backwards") << "acme"
                               << "2026-09-01"
                               << "2026-08-01"
                               << "422 invalid_value period_end";
    QTest::newRow("no date") << "acme"
                             << "August"
                             << "2026-09-01"
                             << "422 invalid_date period_start";
}

void TestInvoices::refusesDrafting()
{
    QFETCH(QString, tenant);
    QFETCH(QString, start);
    QFETCH(QString, end);
    QFETCH(QString, answer);
    August august;
    const std::string told =
        test::outcome(august.draft(tenant.toStdString(), start.toStdString(), end.toStdString()));
    QVERIFY2(told.starts_with(answer.toStdString()), told.c_str());
    QVERIFY(august.list().isEmpty());
}

void TestInvoices::aDryRunKeepsNothing()
{
    August august;
    const std::string dry = R"(,"dry_run":true)";
    const auto told = august.draft("acme", "2026-08-01", "2026-09-01", dry);
    QCOMPARE(test::outcome(told), std::string("200"));
    // The fee of 185 and 2,000,000 requests above what is included at 0.0000465, and 19 % on both.
    const auto invoice = wire::decodePreparedInvoice(test::bodyText(*told)).value().invoice;
    QCOMPARE(invoice.net.toText() + " " + invoice.tax.toText() + " " + invoice.total.toText(),
             std::string("278.00 52.82 330.82"));
    QVERIFY(august.list().isEmpty());
    // Also of a period that is not over, and twice.
    QCOMPARE(test::outcome(august.draft("acme", "2026-09-01", "2026-10-01", dry)), std::string("200"));
    QCOMPARE(test::outcome(august.draft("acme", "2026-08-01", "2026-09-01")), std::string("201"));
    QCOMPARE(test::outcome(august.draft("acme", "2026-08-01", "2026-09-01", dry)), std::string("200"));
}

void TestInvoices::fromDraftToPdf()
{
    August august;
    test::ApiFixture& rooms = august.rooms;
    const std::string id = august.draftOf("acme", "2026-08-01", "2026-09-01");
    QCOMPARE(test::outcome(august.draft("acme", "2026-08-01", "2026-09-01")),
             std::string("409 period_already_invoiced period_start"));
    QCOMPARE(test::outcome(api::getInvoicePdf(rooms.services, rooms.get({id}))),
             std::string("409 draft_has_no_document invoice_id"));

    const auto finalised = august.finalise(id);
    QCOMPARE(test::outcome(finalised), std::string("200"));
    const auto invoice = wire::decodeInvoice(test::bodyText(*finalised)).value();
    QCOMPARE(invoice.number, std::optional<std::string>("EB-2026-000001"));
    QCOMPARE(invoice.issueDate.value().toText(), std::string("2026-09-15"));
    const auto shown = api::getInvoice(rooms.services, rooms.get({id}));
    QCOMPARE(test::bodyText(*shown), test::bodyText(*finalised));

    QCOMPARE(test::outcome(api::getInvoicePdf(rooms.services, rooms.get({id}))),
             std::string("503 document_not_ready invoice_id"));
    QVERIFY(rooms.documents.keep(TenantId("acme"), InvoiceId(id), 1, "%PDF-1.4 the invoice"));
    const auto pdf = api::getInvoicePdf(rooms.services, rooms.get({id}));
    QCOMPARE(pdf->contentType, std::string("application/pdf"));
    QCOMPARE(test::headerOf(*pdf, "Content-Disposition"),
             std::optional<std::string>("attachment; filename=\"EB-2026-000001.pdf\""));
    QCOMPARE(test::bodyText(*pdf), std::string("%PDF-1.4 the invoice"));
}

void TestInvoices::refusesFinalising()
{
    August august;
    test::ApiFixture& rooms = august.rooms;
    QCOMPARE(test::outcome(august.finalise("inv_nothing")), std::string("404 not_found invoice_id"));
    const std::string id = august.draftOf("acme", "2026-08-01", "2026-09-01");

    rooms.clock.setNow(
        *Instant::parse("2026-09-01T09:59:59Z")); // 12 hours after the end in Berlin are at 10:00
    QVERIFY(test::outcome(august.finalise(id)).starts_with("409 grace_period_running"));
    rooms.clock.setNow(*Instant::parse("2026-09-01T10:00:00Z"));
    rooms.postUsage(rooms.post(test::eventJson("late", "acme", "1", "2026-08-31T10:00:00Z")));
    rooms.clock.advance(std::chrono::seconds(1));
    const auto early = august.finalise(id);
    QVERIFY2(test::outcome(early).starts_with("503 usage_not_settled"), test::outcome(early).c_str());
    rooms.settleAll();
    QCOMPARE(test::outcome(august.finalise(id)), std::string("200"));
    QVERIFY(test::outcome(august.finalise(id)).starts_with("409 invoice_not_draft"));
}

void TestInvoices::whatATokenMayNotSeeLooksAbsent()
{
    August august;
    test::ApiFixture& rooms = august.rooms;
    const std::string id = august.draftOf("acme", "2026-08-01", "2026-09-01");
    QCOMPARE(test::outcome(api::getInvoice(rooms.services, rooms.get({id}, {{"x", ""}}))),
             std::string("400 unknown_parameter x"));
    rooms.principal.tenant = TenantId("other");
    const std::string absent = "404 not_found invoice_id";
    QCOMPARE(test::outcome(api::getInvoice(rooms.services, rooms.get({id}))), absent);
    QCOMPARE(test::outcome(api::getInvoicePdf(rooms.services, rooms.get({id}))), absent);
    QCOMPARE(test::outcome(august.finalise(id)), absent);
    QCOMPARE(test::outcome(august.draft("acme", "2026-07-01", "2026-08-01")),
             std::string("404 not_found tenant_id"));
    QVERIFY(august.list().isEmpty());
    QCOMPARE(test::outcome(api::getInvoices(rooms.services, rooms.get({}, {{"tenant_id", "acme"}}))),
             std::string("404 not_found tenant_id"));
    rooms.principal.tenant = TenantId("acme");
    QCOMPARE(test::outcome(api::getInvoice(rooms.services, rooms.get({id}))), std::string("200"));
    QCOMPARE(august.list().size(), 1);
}

void TestInvoices::refusesListing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("answer");
    QTest::newRow("unknown parameter") << "number"
                                       << "EB-1"
                                       << "400 unknown_parameter number";
    QTest::newRow("tenant") << "tenant_id"
                            << "A"
                            << "422 invalid_tenant_id tenant_id";
    QTest::newRow("status") << "status"
                            << "lost"
                            << "422 invalid_value status";
    QTest::newRow("text with a line") << "text"
                                      << "a\nb"
                                      << "422 invalid_value text";
    QTest::newRow("long text") << "text" << QString(201, QLatin1Char('x')) << "422 invalid_value text";
    QTest::newRow("issued from") << "issued_from"
                                 << "2026-02-30"
                                 << "422 invalid_date issued_from";
    QTest::newRow("issued to") << "issued_to"
                               << "yesterday"
                               << "422 invalid_date issued_to";
    QTest::newRow("limit") << "limit"
                           << "0"
                           << "422 invalid_value limit";
    QTest::newRow("cursor") << "cursor"
                            << "00"
                            << "400 invalid_cursor cursor";
    QTest::newRow("cursor of another list")
        << "cursor" << QString::fromStdString(api::Cursors("key of the cursors").write("tenants", {"acme"}))
        << "400 invalid_cursor cursor";
}

void TestInvoices::refusesListing()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, answer);
    const test::ApiFixture rooms;
    const auto listed =
        api::getInvoices(rooms.services, rooms.get({}, {{name.toStdString(), value.toStdString()}}));
    QCOMPARE(test::outcome(listed), answer.toStdString());
}

void TestInvoices::listsByTenantAndStatus()
{
    August august;
    const std::string july = august.draftOf("acme", "2026-07-01", "2026-08-01");
    august.draftOf("acme", "2026-08-01", "2026-09-01");
    august.draftOf("other", "2026-08-01", "2026-09-01");
    QVERIFY(august.finalise(july));
    QCOMPARE(august.list().size(), 3);
    QCOMPARE(august.list({{"tenant_id", "acme"}}).size(), 2);
    QCOMPARE(august.list({{"status", "draft"}}).size(), 2);
    const QJsonArray one = august.list({{"tenant_id", "acme"}, {"status", "finalised"}});
    QCOMPARE(one.size(), 1);
    QCOMPARE(one[0].toObject().value(QLatin1String("invoice_id")).toString().toStdString(), july);
    QVERIFY(august.list({{"tenant_id", "nobody"}}).isEmpty());
}

void TestInvoices::listsWhatFinanceLooksFor()
{
    August august;
    const std::string july = august.draftOf("acme", "2026-07-01", "2026-08-01");
    august.rooms.clock.advance(std::chrono::seconds(1));
    const std::string late = august.draftOf("other", "2026-08-01", "2026-09-01");
    QVERIFY(august.finalise(july));
    const auto ids = [&](const test::Query& query) {
        std::vector<std::string> all;
        for (const auto& item : august.list(query))
            all.push_back(item.toObject().value(QLatin1String("invoice_id")).toString().toStdString());
        return all;
    };
    using Ids = std::vector<std::string>;
    QCOMPARE(ids({}), (Ids{late, july})); // newest first
    const QJsonObject row = august.list({{"tenant_id", "acme"}})[0].toObject();
    const QString number = row.value(QLatin1String("number")).toString();
    const std::string issued = row.value(QLatin1String("issue_date")).toString().toStdString();
    QCOMPARE(row.value(QLatin1String("tier")).toString(), QStringLiteral("lite"));
    QVERIFY(!row.value(QLatin1String("legal_name")).toString().isEmpty());
    QCOMPARE(ids({{"text", number.toStdString()}}), Ids{july});
    QCOMPARE(ids({{"text", "no such number"}}), Ids{});
    QCOMPARE(ids({{"issued_from", issued}, {"issued_to", issued}}), Ids{july});
    QCOMPARE(ids({{"issued_from", "2030-01-01"}}), Ids{});
    QCOMPARE(ids({{"issued_from", "2026-12-31"}, {"issued_to", "2026-01-01"}}), Ids{});
}

void TestInvoices::pagesThroughAll()
{
    August august;
    for (const char* tenant : {"acme", "other"}) {
        august.draftOf(tenant, "2026-07-01", "2026-08-01");
        august.draftOf(tenant, "2026-08-01", "2026-09-01");
    }
    const QJsonArray all = august.list();
    QCOMPARE(all.size(), 4);
    QJsonArray seen;
    test::Query query{{"limit", "3"}};
    for (int page = 0; page < 2; ++page) {
        const auto body = test::bodyOf(api::getInvoices(august.rooms.services, august.rooms.get({}, query)));
        for (const auto& item : body.value(QLatin1String("invoices")).toArray())
            seen.append(item);
        query = {{"limit", "3"},
                 {"cursor", body.value(QLatin1String("next_cursor")).toString().toStdString()}};
    }
    QCOMPARE(seen, all);
}

QTEST_GUILESS_MAIN(TestInvoices)
#include "tst_invoices.moc"
