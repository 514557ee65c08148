#include "tests/support/process.h"

#include "shared/kernel/assert.h"
#include "tests/support/environment.h"

#include <QDeadlineTimer>
#include <QProcess>
#include <QStringList>

#include <cstdio>

namespace billing::test {

namespace {

constexpr int didNotFinish = -1000;

QString qtText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QProcessEnvironment environmentOf(const Command& command)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto& [name, value] : command.environment)
        environment.insert(qtText(name), qtText(value));
    return environment;
}

int remaining(const QDeadlineTimer& deadline)
{
    return static_cast<int>(deadline.remainingTime());
}

} // namespace

Process::Process(const Command& command)
    : m_process(std::make_unique<QProcess>())
{
    QStringList arguments;
    for (const std::string& argument : command.arguments)
        arguments.append(qtText(argument));
    m_process->setProcessEnvironment(environmentOf(command));
    m_process->start(qtText(command.program.string()), arguments);
    m_process->waitForStarted();
}

Process::~Process()
{
    if (m_process->state() == QProcess::NotRunning)
        return;
    m_process->kill();
    m_process->waitForFinished();
}

bool Process::started() const
{
    return m_process->error() != QProcess::FailedToStart;
}

std::int64_t Process::processId() const
{
    return m_process->processId();
}

void Process::write(std::string_view text)
{
    m_process->write(text.data(), static_cast<qint64>(text.size()));
}

void Process::closeInput()
{
    m_process->closeWriteChannel();
}

std::optional<std::string> Process::readLine(Limit limit)
{
    const QDeadlineTimer deadline(limit);
    m_process->setReadChannel(QProcess::StandardOutput);
    // The wait fails at the end of the output too; what has come until then is still to be read.
    while (!m_process->canReadLine() && m_process->waitForReadyRead(remaining(deadline))) {
    }
    const bool ended = m_process->state() == QProcess::NotRunning;
    if (!m_process->canReadLine() && (!ended || m_process->bytesAvailable() == 0))
        return std::nullopt;
    std::string line = m_process->readLine().toStdString();
    if (line.ends_with('\n'))
        line.pop_back();
    return line;
}

std::optional<std::string> Process::readLineWith(std::string_view text, Limit limit)
{
    const QDeadlineTimer deadline(limit);
    auto line = readLine(Limit(remaining(deadline)));
    while (line && line->find(text) == std::string::npos)
        line = readLine(Limit(remaining(deadline)));
    return line;
}

std::string Process::restOfOutput()
{
    return m_process->readAllStandardOutput().toStdString();
}

std::string Process::errors()
{
    // The error channel stays in the device, so that asking twice gives the whole of it twice.
    m_process->setReadChannel(QProcess::StandardError);
    const QByteArray seen = m_process->peek(m_process->bytesAvailable());
    m_process->setReadChannel(QProcess::StandardOutput);
    return seen.toStdString();
}

void Process::terminate()
{
    m_process->terminate();
}

void Process::kill()
{
    m_process->kill();
}

std::optional<int> Process::waitForExit(Limit limit)
{
    if (!started())
        return std::nullopt;
    if (m_process->state() != QProcess::NotRunning &&
        !m_process->waitForFinished(static_cast<int>(limit.count())))
        return std::nullopt;
    // For a crash Qt keeps the number of the signal in the exit code.
    return m_process->exitStatus() == QProcess::CrashExit ? -m_process->exitCode() : m_process->exitCode();
}

Finished runToEnd(const Command& command, Process::Limit limit, std::string_view input)
{
    Process process(command);
    process.write(input);
    process.closeInput();
    const int exitCode = process.waitForExit(limit).value_or(didNotFinish);
    return {exitCode, process.restOfOutput(), process.errors()};
}

std::vector<std::string> pythonLines(std::string_view script, std::vector<std::string> arguments,
                                     Process::Limit limit)
{
    arguments.insert(arguments.begin(), (sourceDirectory() / script).string());
    const Finished finished = runToEnd({"python3", std::move(arguments)}, limit);
    if (finished.exitCode != 0)
        std::fputs(finished.errors.c_str(), stderr);
    BILLING_ASSERT(finished.exitCode == 0);

    std::vector<std::string> lines;
    std::string_view rest = finished.output;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

} // namespace billing::test
