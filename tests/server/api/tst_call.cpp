// A request's query, media type and tenant, read strictly.
#include "server/api/call.h"

#include "tests/server/api/api_fixture.h"

using namespace billing;

class TestCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesUnknownAndRepeatedParameters();
    void findsAParameter();
    void mediaType_data();
    void mediaType();
    void aMissingMediaTypeIsRefused();
    void whatABoundTokenMayNotSeeLooksAbsent();
};

namespace {

api::Call callWith(test::Query query)
{
    api::Call call;
    call.request.query = std::move(query);
    return call;
}

} // namespace

void TestCall::refusesUnknownAndRepeatedParameters()
{
    QVERIFY(callWith({}).onlyParameters({}));
    QVERIFY(callWith({{"limit", "1"}, {"cursor", ""}}).onlyParameters({"cursor", "limit"}));

    const auto unknown = callWith({{"limit", "1"}, {"Limit", "1"}}).onlyParameters({"limit"});
    QCOMPARE(unknown.error().code, ErrorCode::UnknownParameter);
    QCOMPARE(unknown.error().subject, std::string("Limit"));
    const auto repeated = callWith({{"limit", "1"}, {"limit", "1"}}).onlyParameters({"limit"});
    QCOMPARE(toText(repeated.error()), std::string("unknown_parameter: limit (given twice)"));
}

void TestCall::findsAParameter()
{
    const api::Call call = callWith({{"a", "1"}, {"b", ""}, {"a", "2"}});
    QCOMPARE(call.parameter("a"), std::optional<std::string>("1"));
    QCOMPARE(call.parameter("b"), std::optional<std::string>(""));
    QVERIFY(!call.parameter("c"));
}

void TestCall::mediaType_data()
{
    QTest::addColumn<QString>("contentType");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("none said") << "" << false;
    QTest::newRow("form") << "application/x-www-form-urlencoded" << false;
    QTest::newRow("text") << "text/plain" << false;
    QTest::newRow("a longer name") << "application/jsonp" << false;
    QTest::newRow("another charset") << "application/json; charset=latin1" << false;
    QTest::newRow("two types") << "application/json, text/plain" << false;
    QTest::newRow("plain") << "application/json" << true;
    QTest::newRow("case") << "Application/JSON" << true;
    QTest::newRow("charset") << "application/json; charset=UTF-8" << true;
    QTest::newRow("another charset, quoted") << "application/json;charset=\"utf-16\"" << false;
    QTest::newRow("a parameter twice") << "application/json; charset=utf-8; charset=utf-8" << false;
    QTest::newRow("white space") << "application/json\t;  charset=utf-8 " << true;
    QTest::newRow("another parameter") << "application/json; profile=\"a;b\"; charset=utf-8" << true;
    QTest::newRow("quoted charset") << "application/json;charset=\"utf-8\"" << true;
}

void TestCall::mediaType()
{
    QFETCH(QString, contentType);
    QFETCH(bool, accepted);
    api::Call call;
    call.request.headers.add("content-type", contentType.toStdString());
    const auto allowed = call.requireJson();
    QCOMPARE(allowed.has_value(), accepted);
    if (!accepted)
        QCOMPARE(allowed.error().code, ErrorCode::UnsupportedMediaType);
}

void TestCall::aMissingMediaTypeIsRefused()
{
    QCOMPARE(api::Call{}.requireJson().error().code, ErrorCode::UnsupportedMediaType);
}

void TestCall::whatABoundTokenMayNotSeeLooksAbsent()
{
    api::Call call;
    QVERIFY(call.maySee(TenantId("acme")));
    call.principal.tenant = TenantId("acme");
    QVERIFY(call.maySee(TenantId("acme")));
    QCOMPARE(call.maySee(TenantId("acme2")).error(), (Error{ErrorCode::NotFound, "tenant_id"}));
}

QTEST_GUILESS_MAIN(TestCall)
#include "tst_call.moc"
