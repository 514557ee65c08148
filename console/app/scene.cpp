#include "console/app/scene.h"

#include <QFile>
#include <QTimer>

namespace billing::console {

namespace {

void answerNoKeyring(QObject* context, SecretStore::Answered answered)
{
    QTimer::singleShot(0, context,
                       [answered = std::move(answered)] { answered({.problem = SecretProblem::NoKeyring}); });
}

QByteArray encoded(const QByteArray& json)
{
    return json.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// Shaped as a token is; no server but the sample takes it.
QByteArray sampleToken(const QString& subject)
{
    return encoded(R"({"alg":"ES256","typ":"at+jwt"})") + '.' +
           encoded(R"({"sub":")" + subject.toUtf8() + R"(","role":"finance","exp":4102444800})") + '.' +
           QByteArray(86, 'A');
}

} // namespace

void NoSecretStore::read(const QString&, QObject* context, Answered answered)
{
    answerNoKeyring(context, std::move(answered));
}

void NoSecretStore::write(const QString&, const Secret&, QObject* context, Answered answered)
{
    answerNoKeyring(context, std::move(answered));
}

void NoSecretStore::remove(const QString&, QObject* context, Answered answered)
{
    answerNoKeyring(context, std::move(answered));
}

Scene::Scene(const Workers& workers, SampleSize size, SampleApi::Mood mood)
    : m_preferences(m_folder.filePath(QStringLiteral("preferences.ini")))
    , m_secrets(m_store, m_preferences)
    , m_mood(mood)
{
    const auto factory = [this,
                          size](const client::Connection&) -> Result<std::unique_ptr<client::BillingApi>> {
        auto api = std::make_unique<SampleApi>(sampleRecords(size));
        api->setMood(m_mood);
        m_api = api.get();
        return Result<std::unique_ptr<client::BillingApi>>(std::move(api));
    };
    m_session = std::make_unique<Session>(factory);
    makeWindow(workers);
}

Scene::Scene(const Workers& workers)
    : m_preferences(m_folder.filePath(QStringLiteral("preferences.ini")))
    , m_secrets(m_store, m_preferences)
    , m_session(std::make_unique<Session>(workers.network))
{
    makeWindow(workers);
}

void Scene::makeWindow(const Workers& workers)
{
    m_window = std::make_unique<MainWindow>(
        MainWindow::Ports{*m_session, m_secrets, m_preferences, m_store, workers.painter, workers.disk});
}

void Scene::signInToSample(const QString& subject)
{
    const auto written = [this](const char* name) {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write("sample\n");
        return path;
    };
    m_window->signIn().fill({QUrl(QStringLiteral("https://billing.harbor.example:8443")),
                             written("console.crt"), written("console.key"), written("ca.crt")},
                            sampleToken(subject));
    m_window->signIn().submit();
}

void Scene::setMood(SampleApi::Mood mood)
{
    m_mood = mood;
    if (m_api)
        m_api->setMood(mood);
}

} // namespace billing::console
