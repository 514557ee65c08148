#include "console/screens/sign_in/sign_in_screen.h"

#include "console/widgets/icons.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int cardWidth = 460;

/// A surface with a hairline around it.
class Card : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(colour(Token::Hairline, palette()));
        painter.setBrush(colour(Token::Surface, palette()));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::card, radius::card);
    }
};

/// What went wrong, on its own ground inside the card.
class RefusalBox : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour(Token::DangerSurface, palette()));
        painter.drawRoundedRect(rect(), radius::control, radius::control);
        drawGlyph(painter, Glyph::Failure, QRectF(space::medium, space::medium, measure::icon, measure::icon),
                  colour(Token::DangerInk, palette()));
    }
};

} // namespace

SignInScreen::SignInScreen(const Ports& ports, QWidget* parent)
    : QWidget(parent)
    , m_ports(ports)
{
    setAccessibleName(tr("Sign in"));
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* middle = new QWidget;
    middle->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    auto* grid = new QVBoxLayout(middle);
    grid->setContentsMargins(space::huge, space::huge, space::huge, space::huge);
    grid->addStretch(1);
    auto* centred = new QHBoxLayout; // not an alignment: that would not see how high wrapped text gets
    centred->addStretch(1);
    centred->addWidget(makeCard());
    centred->addStretch(1);
    grid->addLayout(centred);
    grid->addStretch(2);
    scroll->setWidget(middle);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);

    connect(m_submit, &QPushButton::clicked, this, [this] {
        if (m_ports.session.state() == Session::State::SigningIn)
            m_ports.session.signOut();
        else
            submit();
    });
    for (QLineEdit* field : findChildren<QLineEdit*>())
        connect(field, &QLineEdit::returnPressed, this, &SignInScreen::submit);
    connect(m_server, &QLineEdit::editingFinished, this, &SignInScreen::recall);
    connect(&m_ports.session, &Session::stateChanged, this, &SignInScreen::showSession);
    connect(m_remember, &QCheckBox::clicked, this, [this](bool wanted) {
        if (wanted)
            findKeyring();
    });
    m_keyring->hide();
    fill(m_ports.preferences.lastSignIn());
    recall();
    showSession();
}

void SignInScreen::addField(QVBoxLayout& column, const QString& label, QWidget* field)
{
    auto* caption = new Label(TypeRole::Caption, nullptr, Token::InkQuiet);
    caption->setText(label);
    caption->setBuddy(field);
    QString spoken = label;
    field->setAccessibleName(spoken.remove(QLatin1Char('&')));
    // A buddy's mnemonic needs Qt's automatic format, which our own words may have.
    caption->setTextFormat(Qt::AutoText);
    column.addWidget(caption);
    column.addSpacing(-space::tight);
    column.addWidget(field);
    column.addSpacing(space::tight);
}

QWidget* SignInScreen::makeCard()
{
    auto* card = new Card;
    card->setFixedWidth(cardWidth);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(space::vast, space::vast, space::vast, space::vast);
    column->setSpacing(space::small);
    auto* product = new Label(TypeRole::Caption, nullptr, Token::InkQuiet);
    product->setText(tr("ENIS Billing"));
    auto* title = new Label(TypeRole::Headline);
    title->setText(tr("Sign in"));
    column->addWidget(product);
    column->addSpacing(-space::tight);
    column->addWidget(title);
    column->addSpacing(space::small);

    const QString pem = tr("Certificates and keys (*.pem *.crt *.cer *.key);;All files (*)");
    m_server = new QLineEdit;
    m_server->setPlaceholderText(QStringLiteral("https://billing.example:8443"));
    m_authority = new FileField(tr("Certificate authority"), pem);
    m_certificate = new FileField(tr("Your certificate"), pem);
    m_key = new FileField(tr("Its key"), pem);
    m_passphrase = new QLineEdit;
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setPlaceholderText(tr("only if the key has one"));
    m_token = new QLineEdit;
    m_token->setEchoMode(QLineEdit::Password);
    m_token->setMaxLength(static_cast<int>(secretLimit));
    m_token->setPlaceholderText(tr("paste it here"));
    QAction* file = m_token->addAction(icon(Glyph::Folder), QLineEdit::TrailingPosition);
    file->setText(tr("Read the token from a file"));
    file->setToolTip(file->text());
    connect(file, &QAction::triggered, this, &SignInScreen::readToken);
    addField(*column, tr("&Server"), m_server);
    addField(*column, tr("Certificate &authority the server is trusted by"), m_authority);
    addField(*column, tr("Your &certificate"), m_certificate);
    addField(*column, tr("Its &key"), m_key);
    addField(*column, tr("Key's &passphrase"), m_passphrase);
    addField(*column, tr("&Token"), m_token);

    m_remember = new QCheckBox(tr("&Remember passphrase and token in this computer's keyring"));
    m_keyring = new WrappedLabel(TypeRole::Caption, nullptr, Token::InkQuiet);
    column->addWidget(m_remember);
    column->addWidget(m_keyring);

    m_refusal = new RefusalBox;
    auto* words = new QVBoxLayout(m_refusal);
    words->setContentsMargins(space::medium + measure::icon + space::small, space::medium, space::medium,
                              space::medium);
    words->setSpacing(space::tight);
    m_headline = new WrappedLabel(TypeRole::Strong, nullptr, Token::DangerInk);
    m_advice = new WrappedLabel(TypeRole::Body);
    m_code = new WrappedLabel(TypeRole::Caption, nullptr, Token::InkQuiet);
    for (WrappedLabel* label : {m_headline, m_advice, m_code})
        words->addWidget(label);
    column->addSpacing(space::small);
    column->addWidget(m_refusal);
    m_submit = new QPushButton(tr("Sign &in"));
    m_submit->setObjectName(QStringLiteral("submit"));
    m_submit->setDefault(true);
    column->addWidget(m_submit);
    return card;
}

void SignInScreen::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), colour(Token::Window, palette()));
}

void SignInScreen::fill(const LastSignIn& where, const QByteArray& token)
{
    if (!where.server.isEmpty())
        m_server->setText(where.server.toString());
    if (!where.authorityFile.isEmpty())
        m_authority->setPath(where.authorityFile);
    if (!where.certificateFile.isEmpty())
        m_certificate->setPath(where.certificateFile);
    if (!where.keyFile.isEmpty())
        m_key->setPath(where.keyFile);
    if (!token.isEmpty())
        m_token->setText(QString::fromLatin1(token.trimmed()));
}

SignInForm SignInScreen::form() const
{
    return {QUrl(m_server->text().trimmed(), QUrl::StrictMode),
            m_certificate->path(),
            m_key->path(),
            m_authority->path(),
            {Secret(m_passphrase->text().toUtf8()), Secret(m_token->text().trimmed().toLatin1())}};
}

void SignInScreen::submit()
{
    if (m_ports.session.state() == Session::State::SigningIn)
        return;
    m_submitted = true;
    m_ports.session.signIn(form());
}

void SignInScreen::recall()
{
    m_ports.secrets.recall(QUrl(m_server->text().trimmed()), this,
                           [this](Recall recall, SignInSecrets secrets) { showRecall(recall, secrets); });
}

void SignInScreen::findKeyring()
{
    // Only now, when it is wanted: some keyrings open a question of their own when they are asked.
    m_ports.store.read(QStringLiteral("probe"), this, [this](const SecretAnswer& answer) {
        if (answer.problem == SecretProblem::NoKeyring)
            showRecall(Recall::NoKeyring, {});
    });
}

void SignInScreen::showRecall(Recall recall, const SignInSecrets& secrets)
{
    m_remember->setEnabled(recall != Recall::NoKeyring);
    QString note;
    switch (recall) {
    case Recall::Remembered:
        m_remember->setChecked(true);
        if (m_token->text().isEmpty())
            m_token->setText(QString::fromLatin1(secrets.token.bytes()));
        if (m_passphrase->text().isEmpty())
            m_passphrase->setText(QString::fromUtf8(secrets.passphrase.bytes()));
        break;
    case Recall::NothingKept:
        break;
    case Recall::Lost:
        note = tr("The keyring does not know the token that was put there. Paste it again; nothing was "
                  "overwritten.");
        break;
    case Recall::NoKeyring:
        m_remember->setChecked(false);
        note = tr(
            "There is no keyring on this computer, so nothing is remembered: you will be asked for the token "
            "each time.");
        break;
    case Recall::NotReadable:
        note = tr("The keyring is locked or does not answer. Unlock it and start again, or paste the token.");
        break;
    }
    m_keyring->setText(note);
    m_keyring->setHidden(note.isEmpty());
}

void SignInScreen::showSession()
{
    const Session::State state = m_ports.session.state();
    const bool busy = state == Session::State::SigningIn;
    for (QWidget* field :
         std::initializer_list<QWidget*>{m_server, m_authority, m_certificate, m_key, m_passphrase, m_token})
        field->setEnabled(!busy);
    m_submit->setText(busy ? tr("Signing in… (press to &cancel)") : tr("Sign &in"));
    const std::optional<Refusal>& refusal = m_ports.session.refusal();
    const bool refused = state == Session::State::SignedOut && refusal.has_value();
    m_refusal->setVisible(refused);
    if (refused) {
        m_headline->setText(refusal->headline);
        m_advice->setText(refusal->advice);
        m_code->setText(QString::fromUtf8(toText(refusal->error).c_str()));
        m_refusal->setAccessibleName(refusal->headline);
        m_refusal->setAccessibleDescription(refusal->advice);
    }
    if (state == Session::State::SignedIn && std::exchange(m_submitted, false))
        keepSecrets();
}

void SignInScreen::keepSecrets()
{
    const SignInForm used = form();
    m_ports.preferences.setLastSignIn({used.server, used.certificateFile, used.keyFile, used.authorityFile});
    if (m_remember->isChecked())
        m_ports.secrets.keep(used.server, used.secrets, this, [this](SecretProblem problem) {
            if (problem != SecretProblem::None)
                showRecall(problem == SecretProblem::NoKeyring ? Recall::NoKeyring : Recall::NotReadable, {});
        });
    else if (m_ports.preferences.keepsSecrets(used.server))
        m_ports.secrets.forget(used.server);
    m_passphrase->clear();
    m_token->clear();
}

void SignInScreen::readToken()
{
    auto* dialog = new QFileDialog(this, tr("Read the token from a file"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            m_token->setText(QString::fromLatin1(file.read(secretLimit).trimmed()));
    });
    dialog->open();
}

} // namespace billing::console
