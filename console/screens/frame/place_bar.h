// The bar at the window's left: the places above, who is signed in where below. GUI thread.
#pragma once

#include "console/models/session.h"
#include "console/screens/place.h"

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace billing::console {

class PlaceBar : public QWidget
{
    Q_OBJECT

public:
    /// The session outlives it.
    explicit PlaceBar(Session& session, QWidget* parent = nullptr);

    void addPlace(const Place& place, int number);
    void setCurrent(int number);

Q_SIGNALS:
    void chosen(int number);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showSession();

    Session& m_session;
    QButtonGroup* m_buttons;
    QVBoxLayout* m_places;
    ElidedLabel* m_who;
    ElidedLabel* m_role;
    ElidedLabel* m_server;
    QWidget* m_connection;
};

} // namespace billing::console
