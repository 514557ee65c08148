// What makes two events the same fact: the canonical texts are equal exactly when the facts are.
#include "shared/model/usage_event.h"

#include <QTest>

#include <functional>

using namespace billing;

namespace {

UsageEvent sample()
{
    return {TenantId("acme"),
            "kernel",
            "e-1",
            "llm_tokens",
            Decimal::parse("1.50").value(),
            Instant::parse("2023-11-16T18:15:46Z").value(),
            {{"direction", "input"}, {"model", "gpt4"}}};
}

using Change = std::function<void(UsageEvent&)>;

} // namespace
Q_DECLARE_METATYPE(Change)

class TestUsageEvent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void differs_data();
    void differs();
    void isTheSame();
    void cannotBeForgedAcrossParts();
    void hasThePublishedBytes();
};

void TestUsageEvent::differs_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("otherIdentity");
    const auto row = [](const char* name, Change change, bool otherIdentity) {
        QTest::newRow(name) << change << otherIdentity;
    };
    row(
        "source", [](UsageEvent& event) { event.source = "Kernel"; }, true);
    row(
        "no source", [](UsageEvent& event) { event.source.clear(); }, true);
    row(
        "id in other case", [](UsageEvent& event) { event.eventId = "E-1"; }, true);
    row(
        "id with a space behind", [](UsageEvent& event) { event.eventId += ' '; }, true);
    row(
        "id with NUL behind", [](UsageEvent& event) { event.eventId += '\0'; }, true);
    row(
        "metric", [](UsageEvent& event) { event.metricType = "llm_token"; }, false);
    row(
        "value", [](UsageEvent& event) { event.value = Decimal::parse("1.500000000001").value(); }, false);
    row(
        "instant", [](UsageEvent& event) { event.at = event.at.plus(Duration(1)); }, false);
    row(
        "dimension value", [](UsageEvent& event) { event.dimensions[1].value = "gpt35"; }, false);
    row(
        "dimension name", [](UsageEvent& event) { event.dimensions[1].name = "models"; }, false);
    row(
        "dimension missing", [](UsageEvent& event) { event.dimensions.pop_back(); }, false);
}

void TestUsageEvent::differs()
{
    QFETCH(Change, change);
    UsageEvent other = sample();
    change(other);
    QVERIFY(canonicalPayload(other) != canonicalPayload(sample()));
    QTEST(canonicalIdentity(other) != canonicalIdentity(sample()), "otherIdentity");
}

void TestUsageEvent::isTheSame()
{
    UsageEvent other = sample();
    other.value = Decimal::parse("01.5").value();
    other.at = Instant::parse("2023-11-16T19:15:46.0000000+01:00").value();
    QCOMPARE(canonicalPayload(other), canonicalPayload(sample()));
}

void TestUsageEvent::cannotBeForgedAcrossParts()
{
    const auto identityOf = [](std::string source, std::string id) {
        UsageEvent event = sample();
        event.source = std::move(source);
        event.eventId = std::move(id);
        return canonicalIdentity(event);
    };
    QVERIFY(identityOf("a", "bc") != identityOf("ab", "c"));
    UsageEvent one = sample();
    UsageEvent other = sample();
    one.dimensions = {{"a", "bc"}};
    other.dimensions = {{"ab", "c"}};
    QVERIFY(canonicalPayload(one) != canonicalPayload(other));
}

/// Stored digests depend on these bytes: they never change.
void TestUsageEvent::hasThePublishedBytes()
{
    UsageEvent event = sample();
    event.source.clear();
    event.dimensions = {{"d", "v"}};
    const auto part = [](const std::string& text) {
        std::string bytes(3, '\0');
        bytes += static_cast<char>(text.size());
        return bytes.append(text);
    };
    QCOMPARE(canonicalIdentity(event), part("") + part("e-1"));
    QCOMPARE(canonicalPayload(event), part("") + part("e-1") + part("llm_tokens") + part("1.5") +
                                          part("1700158546000000") + part("d") + part("v"));
}

QTEST_APPLESS_MAIN(TestUsageEvent)
#include "tst_usage_event.moc"
