// The child that draws: what it refuses comes back with its code, what kills or hangs it is a refusal and not
// our end, and its PDFs are the bytes this process would have drawn.

// Tests: render_process.cpp billing_render/main.cpp
#include "server/documents/render_process.h"

#include "server/documents/render_frames.h"
#include "shared/document/invoice_pdf.h"
#include "shared/wire/invoice_json.h"
#include "tests/shared/document/sample_invoices.h"
#include "tests/support/environment.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

#include <QGuiApplication>
#include <QHashSeed>
#include <QTest>

#include <csignal>
#include <fstream>

using namespace billing;
using namespace std::chrono_literals;

class TestRenderProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatCannotBeStarted();
    void refusesAChildThatEndsHangsOrBabbles_data();
    void refusesAChildThatEndsHangsOrBabbles();
    void passesOnTheChildsRefusals();
    void brokenFramesEndTheChild();
    void drawsTheSameBytesAsThisProcess();
    void isStartedAgainAfterItsDeath();
    void idleChildEndsWithItsInput();

private:
    static documents::RenderProcess real()
    {
        return documents::RenderProcess(test::builtProgram("billing-render"));
    }
};

void TestRenderProcess::refusesWhatCannotBeStarted()
{
    documents::RenderProcess process("/nonexistent/billing-render");
    QVERIFY(documents::cannotStart(process.render("{}", 5s).error()));
    QCOMPARE(process.processId(), 0);
    documents::RenderProcess child(test::builtProgram("billing-render"));
    QCOMPARE(child.render("", 5s).error().code, ErrorCode::TooLong);
}

void TestRenderProcess::refusesAChildThatEndsHangsOrBabbles_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("ends at once") << "exit 0" << qint64{20'000};
    QTest::newRow("dies after reading") << "head -c 4 >/dev/null; kill -9 $$" << qint64{20'000};
    QTest::newRow("hangs") << "exec sleep 600" << qint64{200};
    QTest::newRow("unknown status") << "printf '\\007\\000\\000\\000\\001x'; exec cat" << qint64{20'000};
    QTest::newRow("endless answer") << "printf '\\000\\377\\377\\377\\377x'; exec cat" << qint64{20'000};
    QTest::newRow("half an answer") << "printf '\\000\\000\\000\\000\\011%%PDF'; head -c 6 >/dev/null"
                                    << qint64{20'000};
    QTest::newRow("refusal that is no JSON")
        << "printf '\\001\\000\\000\\000\\002{x'; exec cat >/dev/null" << qint64{20'000};
    QTest::newRow("says too much") << "printf '\\000\\000\\000\\000\\001xy'; exec cat >/dev/null"
                                   << qint64{20'000};
}

void TestRenderProcess::refusesAChildThatEndsHangsOrBabbles()
{
    QFETCH(QString, script);
    QFETCH(qint64, milliseconds);
    const test::TemporaryDirectory directory;
    const auto file = directory.file("child");
    std::ofstream(file) << "#!/bin/sh\n" << script.toStdString() << '\n';
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);

    documents::RenderProcess process(file);
    const Result<std::string> pdf = process.render("{}", std::chrono::milliseconds(milliseconds));
    QVERIFY(!pdf);
    QVERIFY(documents::gaveNoAnswer(pdf.error()));
    if (QByteArray(QTest::currentDataTag()) != "refusal that is no JSON") // that one ended its sentence
        QCOMPARE(process.processId(), 0);
}

void TestRenderProcess::passesOnTheChildsRefusals()
{
    auto process = real();
    QCOMPARE(process.render("{", 20s).error().code, ErrorCode::MalformedJson);
    QCOMPARE(process.render("{}", 20s).error().code, ErrorCode::MissingField);
    const auto child = process.processId();
    Invoice invoice = test::liteInvoice();
    invoice.templateVersion = 99;
    const Result<std::string> unknown = process.render(wire::encodeInvoice(invoice), 20s);
    QCOMPARE(toText(unknown.error()), std::string("unknown_template: template_version"));
    invoice = test::liteInvoice();
    invoice.buyer.name = "神田ロボティクス \u202Eشركة🍺"; // is no reason to refuse
    QVERIFY(process.render(wire::encodeInvoice(invoice), 20s));
    QVERIFY(process.render(wire::encodeInvoice(test::liteInvoice()), 20s));
    QVERIFY(child != 0);
    QCOMPARE(process.processId(), child); // a refusal is no reason to die
}

void TestRenderProcess::brokenFramesEndTheChild()
{
    using test::runToEnd;
    const test::Command command{.program = test::builtProgram("billing-render")};
    QCOMPARE(runToEnd(command, 20s, "").exitCode, 0);
    QCOMPARE(runToEnd(command, 20s, std::string_view("\0\0", 2)).exitCode, 1);
    QCOMPARE(runToEnd(command, 20s, std::string_view("\0\0\0\0", 4)).exitCode, 1);
    QCOMPARE(runToEnd(command, 20s, "\xFF\xFF\xFF\xFF").exitCode, 1);
    QCOMPARE(runToEnd(command, 20s, std::string_view("\0\0\0\x09{}", 6)).exitCode, 1);
}

void TestRenderProcess::drawsTheSameBytesAsThisProcess()
{
    auto first = real();
    auto second = real();
    for (const test::NamedInvoice& named : test::namedInvoices()) {
        const std::string json = wire::encodeInvoice(named.invoice);
        const Result<std::string> pdf = first.render(json, 20s);
        QVERIFY2(pdf, named.name.c_str());
        const Result<QByteArray> here = document::renderInvoicePdf(named.invoice);
        QVERIFY2(here && here->toStdString() == *pdf, named.name.c_str());
        const Result<std::string> again = second.render(json, 20s);
        QVERIFY2(again && *again == *pdf, named.name.c_str());
    }
}

void TestRenderProcess::isStartedAgainAfterItsDeath()
{
    auto process = real();
    const std::string json = wire::encodeInvoice(test::liteInvoice());
    const Result<std::string> before = process.render(json, 20s);
    QVERIFY(before);
    const auto child = process.processId();
    QCOMPARE(::kill(static_cast<pid_t>(child), SIGKILL), 0);
    Result<std::string> after = process.render(json, 20s);
    if (!after) // its death is noticed while it is asked, or before
        after = process.render(json, 20s);
    QVERIFY(after);
    QVERIFY(process.processId() != child);
    QVERIFY(*after == *before);
}

void TestRenderProcess::idleChildEndsWithItsInput()
{
    std::int64_t child = 0;
    {
        auto process = real();
        QVERIFY(process.render(wire::encodeInvoice(test::liteInvoice()), 20s));
        child = process.processId();
        QCOMPARE(::kill(static_cast<pid_t>(child), 0), 0);
    }
    QCOMPARE(::kill(static_cast<pid_t>(child), 0), -1);
}

int main(int argc, char* argv[])
{
    QHashSeed::setDeterministicGlobalSeed();
    QGuiApplication application(argc, argv);
    TestRenderProcess test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_render_process.moc"
