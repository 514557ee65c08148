#include "console/screens/frame/place_bar.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QPainter>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int barWidth = 196;

/// A place's button: its sign, its name, and a bar at the side of the one shown.
class PlaceButton : public QToolButton
{
public:
    PlaceButton(const QString& name, Glyph glyph)
        : m_glyph(glyph)
    {
        setText(name);
        setCheckable(true);
        setAutoRaise(true);
        setFocusPolicy(Qt::StrongFocus);
        setFont(typeface(TypeRole::Strong));
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setFixedHeight(measure::row);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool on = isChecked();
        const QColor ground = colour(on ? Token::Selection : Token::Hover, palette());
        painter.setBrush(on || underMouse() ? ground : QColor(Qt::transparent));
        const bool ring = hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange);
        painter.setPen(ring ? QPen(colour(Token::Focus, palette()), measure::focusRing) : QPen(Qt::NoPen));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::control, radius::control);
        const Token ink = on ? Token::Ink : Token::InkQuiet;
        drawGlyph(painter, m_glyph, {space::medium, (height() - 16) / 2.0, 16, 16},
                  colour(on ? Token::Accent : Token::InkQuiet, palette()));
        painter.setPen(colour(ink, palette()));
        painter.drawText(rect().adjusted(space::medium + 16 + space::medium, 0, 0, 0),
                         Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic, text());
    }

private:
    Glyph m_glyph;
};

/// Whether the server is there: a full disc and a word, or a ring and another word.
class ConnectionState : public QWidget
{
public:
    explicit ConnectionState(const Session& session)
        : m_session(session)
    {
        setFixedHeight(20);
    }

    static QString word(Session::State state)
    {
        return state == Session::State::Offline ? PlaceBar::tr("Out of reach") : PlaceBar::tr("Connected");
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool away = m_session.state() == Session::State::Offline;
        const QColor ink = colour(away ? Token::WarningInk : Token::PositiveInk, palette());
        painter.setPen(QPen(ink, 1.6));
        painter.setBrush(away ? QColor(Qt::transparent) : ink);
        painter.drawEllipse(QRectF(1, (height() - 8) / 2.0, 8, 8));
        painter.setPen(ink);
        painter.setFont(typeface(TypeRole::Caption));
        painter.drawText(rect().adjusted(16, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         word(m_session.state()));
    }

private:
    const Session& m_session;
};

} // namespace

PlaceBar::PlaceBar(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_buttons(new QButtonGroup(this))
    , m_places(new QVBoxLayout)
    , m_who(new ElidedLabel(TypeRole::Strong))
    , m_role(new ElidedLabel(TypeRole::Caption, nullptr, Token::InkQuiet))
    , m_server(new ElidedLabel(TypeRole::Caption, nullptr, Token::InkQuiet))
    , m_connection(new ConnectionState(session))
{
    setFixedWidth(barWidth);
    setAccessibleName(tr("Places"));
    auto* product = new Label(TypeRole::Title);
    product->setText(tr("ENIS Billing"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::medium, space::large, space::medium, space::large);
    column->setSpacing(space::tight);
    auto* brand = new QHBoxLayout;
    brand->setContentsMargins(space::medium, space::small, 0, space::large);
    brand->addWidget(product);
    column->addLayout(brand);
    m_places->setSpacing(space::hair);
    column->addLayout(m_places);
    column->addStretch(1);
    auto* identity = new QVBoxLayout;
    identity->setContentsMargins(space::medium, 0, 0, 0);
    identity->setSpacing(space::hair);
    for (QWidget* line : std::initializer_list<QWidget*>{m_who, m_role, m_server, m_connection})
        identity->addWidget(line);
    column->addLayout(identity);
    m_buttons->setExclusive(true);
    connect(m_buttons, &QButtonGroup::idClicked, this, &PlaceBar::chosen);
    connect(&m_session, &Session::stateChanged, this, &PlaceBar::showSession);
    showSession();
}

void PlaceBar::addPlace(const Place& place, int number)
{
    auto* button = new PlaceButton(place.name(), place.glyph());
    button->setObjectName(QStringLiteral("place%1").arg(number));
    button->setToolTip(tr("%1 (Ctrl+%2)").arg(place.name()).arg(number + 1));
    m_buttons->addButton(button, number);
    m_places->addWidget(button);
}

void PlaceBar::setCurrent(int number)
{
    if (QAbstractButton* button = m_buttons->button(number))
        button->setChecked(true);
}

void PlaceBar::showSession()
{
    m_who->setFullText(m_session.who());
    const QString tenant = m_session.tenant();
    m_role->setFullText(tenant.isEmpty() ? m_session.role()
                                         : tr("%1, for %2 only").arg(m_session.role(), tenant));
    m_server->setFullText(m_session.server().authority());
    m_connection->setAccessibleName(ConnectionState::word(m_session.state()));
    m_connection->update();
}

void PlaceBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(Token::Window, palette()));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), colour(Token::Hairline, palette()));
}

} // namespace billing::console
