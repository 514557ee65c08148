#include "server/documents/render_process.h"

#include "server/documents/render_frames.h"
#include "shared/wire/json_reader.h"

#include <QProcess>
#include <QProcessEnvironment>

#include <array>

namespace billing::documents {

namespace {

struct Wire
{
    ErrorCode code;
    std::string_view name;
};

constexpr std::array wireCodes{
#define X(name, number, wire) Wire{ErrorCode::name, wire},
    BILLING_ERROR_CODES(X)
#undef X
};

Error failed(std::string detail)
{
    return {ErrorCode::RenderFailed, std::string(rendererName), std::move(detail)};
}

/// The child's own refusal, by its published name.
Error refusalFrom(std::string_view json)
{
    const Result<wire::JsonDocument> document = wire::JsonDocument::parse(json);
    if (!document)
        return failed("its refusal is no JSON");
    wire::ObjectReader reader(document->root());
    const std::string code = reader.requiredString("code");
    Error error{ErrorCode::RenderFailed, reader.requiredString("subject"), reader.requiredString("detail")};
    for (const Wire& entry : wireCodes)
        if (entry.name == code)
            error.code = entry.code;
    if (error.subject == rendererName) // that is what we say of it, not what it says of a document
        error.subject = "document";
    return reader.finish() ? error : failed("its refusal is not in the known form");
}

/// How long a silent child is waited for, in milliseconds, as QProcess takes it.
using Patience = int;

/// A killed child ends at once; this is for a machine that hardly moves.
constexpr Patience killPatience = 5000;

Patience patienceOf(Duration timeout)
{
    return static_cast<Patience>(timeout / std::chrono::milliseconds(1));
}

bool readAtLeast(QProcess& process, QByteArray& buffer, qsizetype size, Patience patience)
{
    for (;;) {
        buffer += process.readAllStandardOutput();
        if (buffer.size() >= size)
            return true;
        if (process.state() != QProcess::Running || !process.waitForReadyRead(patience))
            return false;
    }
}

bool send(QProcess& process, std::string_view json, Patience patience)
{
    const auto length = encodeLength(static_cast<std::uint32_t>(json.size()));
    process.write(length.data(), static_cast<qint64>(length.size()));
    process.write(json.data(), static_cast<qint64>(json.size()));
    while (process.bytesToWrite() > 0)
        if (!process.waitForBytesWritten(patience))
            return false;
    return true;
}

struct Answer
{
    RenderStatus status;
    std::string content;
};

Result<Answer> receive(QProcess& process, Patience patience)
{
    QByteArray buffer;
    if (!readAtLeast(process, buffer, static_cast<qsizetype>(answerHeadSize), patience))
        return failed(process.state() == QProcess::Running ? "no answer in time"
                                                           : "it ended without an answer");
    const auto status = static_cast<unsigned char>(buffer.at(0));
    const std::uint32_t length =
        decodeLength(std::span<const char, lengthSize>(buffer.constData() + 1, lengthSize));
    if (status > static_cast<unsigned char>(RenderStatus::Refused) || length > frameLimit)
        return failed("its answer is not in the known form");
    const auto whole = static_cast<qsizetype>(answerHeadSize + length);
    if (!readAtLeast(process, buffer, whole, patience))
        return failed(process.state() == QProcess::Running ? "no answer in time"
                                                           : "it ended within an answer");
    if (buffer.size() > whole)
        return failed("it says more than it was asked");
    return Answer{static_cast<RenderStatus>(status),
                  buffer.sliced(static_cast<qsizetype>(answerHeadSize)).toStdString()};
}

/// Nothing of ours but what a program needs to run: no secret of the server reaches the child.
QProcessEnvironment childEnvironment()
{
    QProcessEnvironment environment;
    const QProcessEnvironment ours = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        const QString key = QString::fromLatin1(name);
        if (ours.contains(key))
            environment.insert(key, ours.value(key));
    }
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("QT_HASH_SEED"), QStringLiteral("0"));
    environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"),
                       QStringLiteral("/nonexistent")); // silences Qt's warning
    return environment;
}

} // namespace

RenderProcess::RenderProcess(std::filesystem::path program)
    : m_program(std::move(program))
{
}

RenderProcess::~RenderProcess()
{
    stop();
}

std::int64_t RenderProcess::processId() const
{
    return m_process ? m_process->processId() : 0;
}

Result<std::string> RenderProcess::render(std::string_view snapshotJson, Duration timeout)
{
    if (snapshotJson.empty() || snapshotJson.size() > frameLimit)
        return Error{ErrorCode::TooLong, "document", "a snapshot of that length cannot be sent"};
    const Patience patience = patienceOf(timeout);
    if (const Result<void> started = start(timeout); !started)
        return started.error();
    if (!send(*m_process, snapshotJson, patience)) {
        stop();
        return failed("it does not take the snapshot");
    }
    Result<Answer> answer = receive(*m_process, patience);
    if (!answer) {
        stop();
        return answer.error();
    }
    if (answer->status == RenderStatus::Refused)
        return refusalFrom(answer->content);
    return std::move(answer->content);
}

Result<void> RenderProcess::start(Duration timeout)
{
    if (m_process && m_process->state() == QProcess::Running && !m_process->waitForFinished(0))
        return {};
    stop();
    m_process = std::make_unique<QProcess>();
    m_process->setProcessEnvironment(childEnvironment());
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process->start(QString::fromStdString(m_program.string()), QStringList());
    if (m_process->waitForStarted(patienceOf(timeout)))
        return {};
    m_process.reset();
    return Error{ErrorCode::FileUnreadable, std::string(rendererName), "it cannot be started"};
}

void RenderProcess::stop()
{
    if (!m_process)
        return;
    m_process->closeWriteChannel();
    if (m_process->state() != QProcess::NotRunning && !m_process->waitForFinished(0))
        m_process->kill();
    m_process->waitForFinished(killPatience);
    m_process.reset();
}

} // namespace billing::documents
