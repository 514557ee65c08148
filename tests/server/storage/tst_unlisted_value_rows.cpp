// Unlisted values are noted once, of one tenant and meter not too many, and listed oldest first.
//
// Tests: unlisted_values.cpp
#include "server/storage/tenants.h"
#include "server/storage/unlisted_values.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::storage;
using namespace billing::test;

namespace {

const TenantId nova("nova");
const TenantId beta("beta");
const Scope everybody = Scope::allTenants("test");

UnlistedKey key(const std::string& value, const TenantId& tenant = nova)
{
    return {tenant, MeterCode("llm_tokens"), "model", value};
}

} // namespace

class TestUnlistedValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void areNotedOnce();
    void areNotTooManyOfAMeter();
    void pageOldestFirst();

private:
    std::vector<UnlistedKey> note(const std::vector<UnlistedKey>& keys, std::int64_t second);
    std::string listed(const std::optional<TenantId>& tenant = {});

    std::unique_ptr<StorageFixture> m_store;
};

void TestUnlistedValues::init()
{
    m_store = std::make_unique<StorageFixture>(StorageFixture::Writer::Inline);
    QVERIFY(m_store->storage().write(everybody, Priority::Money, anyWork(), [](Work& work) -> Result<void> {
        for (const TenantId& id : {nova, beta})
            BILLING_ASSERT(insertTenant(
                work, {{id, "Name", "DE", Currency::parse("EUR").value(), "UTC", "en"}, "sealed"}));
        return {};
    }));
}

std::vector<UnlistedKey> TestUnlistedValues::note(const std::vector<UnlistedKey>& keys, std::int64_t second)
{
    return writeValue(m_store->storage(), everybody, Priority::Settle, anyWork(),
                      [&](Work& work) {
                          return noteUnlistedValues(work, keys, Instant::fromMicros(second * 1'000'000));
                      })
        .value();
}

/// Page by page, "value@second".
std::string TestUnlistedValues::listed(const std::optional<TenantId>& tenant)
{
    UnlistedFilter filter{tenant, {}, 2};
    std::string all;
    for (;;) {
        const auto page = readValue(m_store->storage(), everybody,
                                    [&](Work& work) { return oldestUnlistedValues(work, filter); });
        for (const UnlistedValue& one : *page)
            all += (one.key.isOverflow() ? "more" : one.key.value) + "@" +
                   std::to_string(one.firstAt.micros() / 1'000'000) + " ";
        if (page->size() < 2)
            return all;
        filter.behind = page->back();
    }
}

void TestUnlistedValues::areNotedOnce()
{
    QVERIFY(note({}, 0).empty());
    QVERIFY(note({key("GPT4")}, 1) == (std::vector<UnlistedKey>{key("GPT4")}));
    QVERIFY(note({key("GPT4"), key("gpt5")}, 2) == (std::vector<UnlistedKey>{key("GPT4"), key("gpt5")}));
    QCOMPARE(listed(), std::string("GPT4@1 gpt5@2 "));
}

void TestUnlistedValues::areNotTooManyOfAMeter()
{
    std::vector<UnlistedKey> many;
    for (std::int64_t i = 0; i < notedValues - 1; ++i)
        many.push_back(key("v" + std::to_string(10'000 + i)));
    note(many, 1);
    // One more fits; the rest becomes one mark, once. Another meter and another tenant have room.
    const std::vector<UnlistedKey> more{{beta, MeterCode("llm_tokens"), "model", "x"},
                                        {nova, MeterCode("calls"), "model", "x"},
                                        key("w1"),
                                        key("w2"),
                                        key("w3")};
    const UnlistedKey mark{nova, MeterCode("llm_tokens"), {}, {}};
    QVERIFY(note(more, 2) == (std::vector<UnlistedKey>{more[0], more[1], more[2], mark}));
    QVERIFY(note({key("w9")}, 3) == (std::vector<UnlistedKey>{mark}));
    const auto count = [&](std::int64_t atMost) {
        return *readValue(m_store->storage(), everybody,
                          [&](Work& work) { return unlistedValueCount(work, atMost); });
    };
    QCOMPARE(count(10'000), notedValues + 3);
    QCOMPARE(count(10), std::int64_t{10});
}

void TestUnlistedValues::pageOldestFirst()
{
    note({key("c")}, 3);
    note({key("b", beta), key("a")}, 1);
    note({key("d")}, 2);
    QCOMPARE(listed(), std::string("b@1 a@1 d@2 c@3 "));
    QCOMPARE(listed(nova), std::string("a@1 d@2 c@3 "));
    QCOMPARE(listed(beta), std::string("b@1 "));
}

QTEST_GUILESS_MAIN(TestUnlistedValues)
#include "tst_unlisted_value_rows.moc"
