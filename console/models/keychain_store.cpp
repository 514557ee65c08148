#include "console/models/secret_store.h"
#include "shared/client/wipe.h"

#include <QPointer>
#include <QTimer>

#include <memory>
#include <qt6keychain/keychain.h>

namespace billing::console {

namespace {

const QString service = QStringLiteral("enis-billing-console");

SecretProblem problemOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::NoError:
        return SecretProblem::None;
    case QKeychain::EntryNotFound:
        return SecretProblem::Absent;
    case QKeychain::AccessDeniedByUser:
        return SecretProblem::Cancelled;
    case QKeychain::AccessDenied:
        return SecretProblem::Locked;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return SecretProblem::NoKeyring;
    default:
        return SecretProblem::Failed;
    }
}

/// Who waits for an answer: once, until the deadline, for as long as the context is there.
class Waiting : public QObject
{
public:
    Waiting(QObject* context, SecretStore::Answered answered, std::chrono::milliseconds deadline)
        : QObject(context)
        , m_answered(std::move(answered))
    {
        QTimer::singleShot(deadline, this, [this] { answer({SecretProblem::NoAnswer}); });
    }

    void answer(const SecretAnswer& answer)
    {
        const SecretStore::Answered answered = std::exchange(m_answered, {});
        deleteLater();
        if (answered)
            answered(answer);
    }

    bool isOver() const { return !m_answered; }

private:
    SecretStore::Answered m_answered;
};

/// QtKeychain deletes its jobs by itself. The plain-text fallback is never allowed.
void prepare(QKeychain::Job& job, const QString& name)
{
    job.setAutoDelete(true);
    job.setInsecureFallback(false);
    job.setKey(name);
}

} // namespace

KeychainStore::KeychainStore(std::chrono::milliseconds deadline)
    : m_deadline(deadline)
{
}

void KeychainStore::read(const QString& name, QObject* context, Answered answered)
{
    const QPointer waiting(new Waiting(context, std::move(answered), m_deadline));
    auto* const job = new QKeychain::ReadPasswordJob(service);
    prepare(*job, name);
    QObject::connect(job, &QKeychain::Job::finished, job, [job, waiting] {
        QByteArray bytes = job->binaryData();
        if (waiting)
            waiting->answer({problemOf(job->error()), Secret(bytes)});
        client::wipe(bytes);
    });
    job->start();
}

void KeychainStore::write(const QString& name, const Secret& secret, QObject* context, Answered answered)
{
    const QPointer waiting(new Waiting(context, std::move(answered), m_deadline));
    if (secret.bytes().size() > secretLimit) {
        QMetaObject::invokeMethod(
            waiting.get(), [waiting] { waiting->answer({SecretProblem::TooLarge}); }, Qt::QueuedConnection);
        return;
    }
    auto* const job = new QKeychain::WritePasswordJob(service);
    prepare(*job, name);
    job->setBinaryData(QByteArray(secret.bytes().constData(), secret.bytes().size()));
    QObject::connect(job, &QKeychain::Job::finished, job, [job, waiting, name] {
        if (waiting && !waiting->isOver()) {
            waiting->answer({problemOf(job->error())});
            return;
        }
        // Too late: the user has been told that it is not kept.
        auto* const removal = new QKeychain::DeletePasswordJob(service);
        prepare(*removal, name);
        removal->start();
    });
    job->start();
}

void KeychainStore::remove(const QString& name, QObject* context, Answered answered)
{
    const QPointer waiting(new Waiting(context, std::move(answered), m_deadline));
    auto* const job = new QKeychain::DeletePasswordJob(service);
    prepare(*job, name);
    QObject::connect(job, &QKeychain::Job::finished, job, [job, waiting] {
        if (waiting)
            waiting->answer({problemOf(job->error())});
    });
    job->start();
}

} // namespace billing::console
