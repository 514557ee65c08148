// The bus of one process: everyone who listens is told, in order, on the publisher's thread.
#include "server/bus/in_process.h"

#include <QTest>

using namespace billing;

class TestInProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyNeedListen();
    void everyListenerIsTold();
};

void TestInProcess::nobodyNeedListen()
{
    InProcessBus bus;
    bus.publishAccepted(JournalPosition(1));
    bus.publishSettled({});
}

void TestInProcess::everyListenerIsTold()
{
    InProcessBus bus;
    std::vector<std::int64_t> accepted;
    std::string settled;
    for (int i = 0; i < 2; ++i) {
        bus.onAccepted([&, i](JournalPosition upTo) { accepted.push_back(upTo.number() * 10 + i); });
        bus.onSettled([&](std::span<const SettledNotice> notices) { settled += notices.front().outcomes; });
    }
    bus.publishAccepted(JournalPosition(7));
    const std::vector<SettledNotice> notices{{JournalPosition(7), "sd"}};
    bus.publishSettled(notices);
    QCOMPARE(accepted, (std::vector<std::int64_t>{70, 71}));
    QCOMPARE(settled, std::string("sdsd"));
}

QTEST_APPLESS_MAIN(TestInProcess)
#include "tst_in_process.moc"
