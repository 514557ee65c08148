// Identifiers of two kinds do not mix, and nothing turns into one by accident.
#include "shared/kernel/strong_id.h"

#include <QTest>

#include <functional>
#include <type_traits>
#include <unordered_set>

using namespace billing;

namespace {

using CustomerId = StrongId<struct CustomerTag>;
using DocumentId = StrongId<struct DocumentTag>;
using Position = StrongNumber<struct PositionTag>;
using Sequence = StrongNumber<struct SequenceTag>;

static_assert(!std::is_default_constructible_v<CustomerId>);
static_assert(!std::is_convertible_v<std::string, CustomerId>);
static_assert(!std::is_convertible_v<CustomerId, std::string>);
static_assert(!std::is_constructible_v<CustomerId, DocumentId>);
static_assert(!std::is_default_constructible_v<Position>);
static_assert(!std::is_convertible_v<std::int64_t, Position>);
static_assert(!std::is_convertible_v<Position, std::int64_t>);
static_assert(!std::is_constructible_v<Position, Sequence>);

template <class Operation, class A, class B>
constexpr bool allows = std::is_invocable_v<Operation, A, B>;
static_assert(allows<std::equal_to<>, CustomerId, CustomerId>);
static_assert(!allows<std::equal_to<>, CustomerId, DocumentId>);
static_assert(!allows<std::equal_to<>, Position, Sequence>);
static_assert(!allows<std::plus<>, CustomerId, CustomerId>);
static_assert(!allows<std::plus<>, Position, Position>);

} // namespace

class TestStrongId : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textsCompareAsBytes()
    {
        QVERIFY(CustomerId("acme") == CustomerId("acme"));
        QVERIFY(CustomerId("acme") != CustomerId("Acme"));
        QVERIFY(CustomerId("acme") != CustomerId("acme "));
        QVERIFY(CustomerId("Zeta") < CustomerId("acme"));
        QVERIFY(CustomerId("acme") < CustomerId("\xc3\xa4"));
        QVERIFY(CustomerId("acme").text() == "acme");
    }
    void numbersKeepTheirOrder()
    {
        QVERIFY(Position(-1) < Position(0));
        QVERIFY(Position(9) < Position(10));
        QVERIFY(Position(10).number() == 10);
    }
    void bothCanBeHashed()
    {
        const std::unordered_set<CustomerId> customers{CustomerId("a"), CustomerId("b"), CustomerId("a")};
        const std::unordered_set<Position> positions{Position(1), Position(1), Position(2)};
        QCOMPARE(customers.size(), std::size_t{2});
        QCOMPARE(positions.size(), std::size_t{2});
        QVERIFY(customers.contains(CustomerId("b")));
    }
};

QTEST_APPLESS_MAIN(TestStrongId)

#include "tst_strong_id.moc"
