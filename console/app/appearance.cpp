#include "console/app/appearance.h"

#include "console/widgets/house_style.h"

#include <QApplication>
#include <QEvent>
#include <QWindow>

namespace billing::console {

AppearanceFollower::AppearanceFollower(Theme theme, QObject* parent)
    : QObject(parent)
    , m_theme(theme)
    , m_system(appearanceOf(QGuiApplication::palette()))
{
    QApplication::instance()->installEventFilter(this);
    dress(appearance());
}

Appearance AppearanceFollower::appearance() const
{
    if (m_theme == Theme::System)
        return m_system;
    return m_theme == Theme::Dark ? Appearance::Dark : Appearance::Light;
}

void AppearanceFollower::choose(Theme theme)
{
    m_theme = theme;
    dress(appearance());
}

bool AppearanceFollower::eventFilter(QObject* watched, QEvent* event)
{
    // The platform tells each of its windows; our own palette hides the system's until it is taken off.
    if (event->type() == QEvent::ThemeChange && qobject_cast<QWindow*>(watched)) {
        QGuiApplication::setPalette(QPalette());
        m_system = appearanceOf(QGuiApplication::palette());
        dress(appearance());
    }
    return QObject::eventFilter(watched, event);
}

} // namespace billing::console
