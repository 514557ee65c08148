// The console's window: the sign-in screen while nobody is signed in, else the places with their bar and
// menus. Each place is added in one line of the constructor; a new one follows the pattern of those there.
// GUI thread.
#pragma once

#include "console/screens/invoices/invoices_place.h"
#include "console/screens/sign_in/sign_in_screen.h"
#include "console/screens/tenants/tenants_place.h"

#include <QMainWindow>

class QMenu;
class QStackedWidget;

namespace billing::console {

class PlaceBar;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    struct Ports
    {
        Session& session;
        RememberedSecrets& secrets;
        Preferences& preferences;
        SecretStore& store;
        Executor& painter;
        Executor& disk;
    };

    /// The ports outlive it.
    explicit MainWindow(const Ports& ports);
    ~MainWindow() override;

    SignInScreen& signIn() { return *m_signIn; }
    TenantsPlace& tenants() { return *m_tenants; }
    InvoicesPlace& invoices() { return *m_invoices; }
    void go(int place);

Q_SIGNALS:
    void themeChosen(billing::console::Theme theme);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void makePlaces();
    void makeMenus();
    void makeThemeMenu(QMenu& view);
    void showSession();
    void forgetSomebodyElses();
    void keepLayout();

    Ports m_ports;
    QString m_whose; ///< the filters: server and subject
    QStackedWidget* m_faces;
    SignInScreen* m_signIn;
    QWidget* m_house;
    NoticeBar* m_offline;
    PlaceBar* m_bar;
    QStackedWidget* m_stack;
    TenantsPlace* m_tenants;
    InvoicesPlace* m_invoices;
    std::vector<Place*> m_places;
    std::vector<QMenu*> m_placeMenus;
    QList<QAction*> m_signedInOnly;
};

} // namespace billing::console
