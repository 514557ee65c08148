// A window of the console over a session of its own, with nothing of the user's in it: preferences in a
// temporary file, no keyring. GUI thread.
#pragma once

#include "console/app/sample_api.h"
#include "console/screens/frame/main_window.h"

#include <QTemporaryDir>

namespace billing::console {

/// A machine without a keyring.
class NoSecretStore : public SecretStore
{
public:
    void read(const QString& name, QObject* context, Answered answered) override;
    void write(const QString& name, const Secret& secret, QObject* context, Answered answered) override;
    void remove(const QString& name, QObject* context, Answered answered) override;
};

struct Workers
{
    Executor& network; ///< decodes answers
    Executor& painter;
    Executor& disk;
};

class Scene
{
public:
    /// Over a sample server in that mood.
    Scene(const Workers& workers, SampleSize size, SampleApi::Mood mood);
    /// Over a real one.
    explicit Scene(const Workers& workers);

    /// With files and a token that a sample server takes.
    void signInToSample(const QString& subject = QStringLiteral("maria.lindqvist"));
    void setMood(SampleApi::Mood mood);

    MainWindow& window() { return *m_window; }
    Session& session() { return *m_session; }
    QString folder() const { return m_folder.path(); }

private:
    void makeWindow(const Workers& workers);

    QTemporaryDir m_folder;
    Preferences m_preferences;
    NoSecretStore m_store;
    RememberedSecrets m_secrets;
    QPointer<SampleApi> m_api;
    SampleApi::Mood m_mood = SampleApi::Mood::Answers;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace billing::console
