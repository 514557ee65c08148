// How long an invoice takes to become a PDF, in this process, after a warm-up: the median over rounds. Prints
// one JSON line per figure; the last one is the limit the same run measures: the time Qt needs for a page
// that uses both faces and is otherwise empty, which no invoice can beat.
#include "shared/document/block.h"
#include "shared/document/invoice_pdf.h"
#include "tests/shared/document/world_invoices.h"

#include <QBuffer>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QHashSeed>
#include <QPainter>
#include <QPdfWriter>

#include <algorithm>
#include <cstdio>
#include <functional>

namespace {

using namespace billing;

double medianMilliseconds(int rounds, const std::function<void()>& work)
{
    work();
    std::vector<qint64> times;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        work();
        times.push_back(timer.nsecsElapsed());
    }
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    return static_cast<double>(times[static_cast<std::size_t>(rounds / 2)]) / 1e6;
}

void report(const char* bench, double milliseconds, double target)
{
    std::printf("{\"bench\":\"%s\",\"median_ms\":%.2f,\"target_ms\":%.0f}\n", bench, milliseconds, target);
}

void render(const Invoice& invoice)
{
    const Result<QByteArray> pdf = document::renderInvoicePdf(invoice);
    BILLING_ASSERT(pdf.has_value() && pdf->endsWith("%%EOF\n"));
}

void twoWords()
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_A1b);
    QPainter painter(&writer);
    for (const document::Face face : {document::Face::Regular, document::Face::Bold}) {
        painter.setFont(document::font(face, 90));
        painter.drawText(QPointF(1000, 1000), QStringLiteral("Invoice"));
    }
}

} // namespace

int main(int argc, char* argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("TZ", "UTC");
    QHashSeed::setDeterministicGlobalSeed();
    const QGuiApplication application(argc, argv);
    if (!document::loadFaces())
        return 1;

    const Invoice onePage = test::germanInvoice();
    const Invoice long300 = test::invoiceWithLines(300);
    const Invoice long2000 = test::invoiceWithLines(2000);
    report("print_one_page", medianMilliseconds(51, [&] { render(onePage); }), 20);
    const Invoice japanese = test::worldInvoices().front().invoice;
    report("print_one_page_japanese", medianMilliseconds(21, [&] { render(japanese); }), 60);
    report("print_300_lines", medianMilliseconds(11, [&] { render(long300); }), 75);
    report("print_2000_lines", medianMilliseconds(5, [&] { render(long2000); }), 500);
    report("print_limit_two_words", medianMilliseconds(51, twoWords), 20);
    return 0;
}
