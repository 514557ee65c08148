// billing-render: draws invoices for billing-server. Reads snapshots from standard input and writes PDFs to
// standard output, framed as render_frames.h says, until its input ends. It opens no file and no socket, so a
// snapshot can do nothing but become paper. Exit code 0 at the end of input, 1 when a frame is broken.
#include "server/documents/render_frames.h"
#include "shared/document/invoice_pdf.h"
#include "shared/wire/invoice_json.h"

#include <QGuiApplication>
#include <QHashSeed>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace {

using namespace billing;

enum class Read
{
    Complete,
    Ended, ///< at a frame's border
    Broken
};

Read readExactly(std::span<char> bytes)
{
    const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), stdin);
    if (count == bytes.size())
        return Read::Complete;
    return count == 0 ? Read::Ended : Read::Broken;
}

Read readRequest(std::string& json)
{
    std::array<char, documents::lengthSize> head{};
    if (const Read read = readExactly(head); read != Read::Complete)
        return read;
    const std::uint32_t length = documents::decodeLength(head);
    if (length == 0 || length > documents::frameLimit)
        return Read::Broken;
    json.resize(length);
    return readExactly(json) == Read::Complete ? Read::Complete : Read::Broken;
}

bool writeAnswer(documents::RenderStatus status, std::string_view content)
{
    const auto length = documents::encodeLength(static_cast<std::uint32_t>(content.size()));
    std::string head(1, static_cast<char>(status));
    head.append(length.data(), length.size());
    return std::fwrite(head.data(), 1, head.size(), stdout) == head.size() &&
           std::fwrite(content.data(), 1, content.size(), stdout) == content.size() &&
           std::fflush(stdout) == 0;
}

std::string refusalJson(const Error& error)
{
    const nlohmann::ordered_json json{
        {"code", wireName(error.code)}, {"subject", error.subject}, {"detail", error.detail}};
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

bool answer(std::string_view json)
{
    const Result<Invoice> invoice = wire::decodeInvoice(json);
    const Result<QByteArray> pdf =
        invoice ? document::renderInvoicePdf(*invoice) : Result<QByteArray>(invoice.error());
    if (!pdf)
        return writeAnswer(documents::RenderStatus::Refused, refusalJson(pdf.error()));
    return writeAnswer(documents::RenderStatus::Rendered,
                       {pdf->constData(), static_cast<std::size_t>(pdf->size())});
}

} // namespace

int main(int argc, char* argv[])
{
    // Whatever the environment says: no display, one order of hashed names in the PDF, times in UTC.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("TZ", "UTC");
    QHashSeed::setDeterministicGlobalSeed();
    const QGuiApplication application(argc, argv);

    std::string json;
    for (;;) {
        const Read read = readRequest(json);
        if (read != Read::Complete)
            return read == Read::Ended ? 0 : 1;
        if (!answer(json))
            return 1;
    }
}
