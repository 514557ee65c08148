// Where a session begins: the server, the three files that TLS needs, the token. Secrets go into the keyring
// if there is one and the user wants it; when there is none the form says so and asks each time. A refusal
// stands above the button in words one can act on, and what was typed stays. GUI thread.
#pragma once

#include "console/models/session.h"
#include "console/widgets/file_field.h"
#include "console/widgets/labels.h"

class QCheckBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace billing::console {

class SignInScreen : public QWidget
{
    Q_OBJECT

public:
    struct Ports
    {
        Session& session;
        RememberedSecrets& secrets;
        Preferences& preferences;
        SecretStore& store;
    };

    /// The ports outlive it.
    explicit SignInScreen(const Ports& ports, QWidget* parent = nullptr);

    /// Fills the fields, as a command line or a development data directory says; empty ones are left as they
    /// are.
    void fill(const LastSignIn& where, const QByteArray& token = {});
    void submit();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeCard();
    void addField(QVBoxLayout& column, const QString& label, QWidget* field);
    void recall();
    void findKeyring();
    void showRecall(Recall recall, const SignInSecrets& secrets);
    void showSession();
    void keepSecrets();
    void readToken();
    SignInForm form() const;

    Ports m_ports;
    QLineEdit* m_server;
    FileField* m_authority;
    FileField* m_certificate;
    FileField* m_key;
    QLineEdit* m_passphrase;
    QLineEdit* m_token;
    QCheckBox* m_remember;
    WrappedLabel* m_keyring;
    QWidget* m_refusal;
    WrappedLabel* m_headline;
    WrappedLabel* m_advice;
    WrappedLabel* m_code;
    QPushButton* m_submit;
    bool m_submitted = false; ///< what is signed in came from this form
};

} // namespace billing::console
