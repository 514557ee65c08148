#include "console/screens/frame/main_window.h"

#include "console/screens/frame/place_bar.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>

namespace billing::console {

namespace {

constexpr QSize usualSize(1440, 900);
constexpr int newsMs = 6000;
const QString invoicesSplit = QStringLiteral("invoices");
const QString tenantsSplit = QStringLiteral("tenants");

} // namespace

MainWindow::MainWindow(const Ports& ports)
    : m_ports(ports)
    , m_faces(new QStackedWidget)
    , m_signIn(new SignInScreen({ports.session, ports.secrets, ports.preferences, ports.store}))
    , m_house(new QWidget)
    , m_offline(new NoticeBar)
    , m_bar(new PlaceBar(ports.session))
    , m_stack(new QStackedWidget)
    , m_tenants(new TenantsPlace)
    , m_invoices(new InvoicesPlace({ports.painter, ports.disk, ports.preferences}))
{
    setWindowTitle(tr("ENIS Billing"));
    setMinimumSize(960, 600);
    resize(usualSize);
    makePlaces();
    m_faces->addWidget(m_signIn);
    m_faces->addWidget(m_house);
    setCentralWidget(m_faces);
    makeMenus();
    statusBar()->setSizeGripEnabled(false);
    restoreGeometry(m_ports.preferences.windowGeometry());
    m_invoices->splitter().restoreState(m_ports.preferences.layout(invoicesSplit));
    m_tenants->splitter().restoreState(m_ports.preferences.layout(tenantsSplit));

    connect(m_tenants, &TenantsPlace::invoicesWanted, this,
            [this](const QString& tenant, const QString& name) {
                m_invoices->showTenant(tenant, name);
                go(1);
            });
    connect(m_invoices, &InvoicesPlace::news, this,
            [this](const QString& text) { statusBar()->showMessage(text, newsMs); });
    connect(m_offline, &NoticeBar::actionTriggered, &m_ports.session, &Session::tryAgain);
    connect(&m_ports.session, &Session::stateChanged, this, &MainWindow::showSession);
    connect(&m_ports.session, &Session::apiChanged, this, [this] {
        forgetSomebodyElses();
        m_tenants->setApi(m_ports.session.api());
        m_invoices->setApi(m_ports.session.api());
    });
    m_tenants->model().setLocale(QLocale());
    m_invoices->model().setLocale(QLocale());
    m_tenants->setApi(m_ports.session.api());
    m_invoices->setApi(m_ports.session.api());
    go(1);
    showSession();
}

MainWindow::~MainWindow() = default;

void MainWindow::makePlaces()
{
    m_places = {m_tenants, m_invoices};
    for (std::size_t number = 0; number < m_places.size(); ++number) {
        m_stack->addWidget(m_places[number]);
        m_bar->addPlace(*m_places[number], static_cast<int>(number));
    }
    connect(m_bar, &PlaceBar::chosen, this, &MainWindow::go);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_offline);
    right->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout(m_house);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_bar);
    row->addLayout(right, 1);
}

void MainWindow::makeMenus()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    QAction* signOut = file->addAction(icon(Glyph::SignOut), tr("Sign &out"));
    signOut->setObjectName(QStringLiteral("signOut"));
    signOut->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_L);
    file->addSeparator();
    QAction* quit = file->addAction(tr("&Quit"));
    quit->setShortcut(QKeySequence::Quit);
    m_signedInOnly << signOut;
    connect(signOut, &QAction::triggered, &m_ports.session, &Session::signOut);
    connect(quit, &QAction::triggered, this, &QWidget::close);

    QMenu* goMenu = menuBar()->addMenu(tr("&Go"));
    for (std::size_t number = 0; number < m_places.size(); ++number) {
        QAction* action = goMenu->addAction(icon(m_places[number]->glyph()), m_places[number]->name());
        action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + number)));
        m_signedInOnly << action;
        connect(action, &QAction::triggered, this, [this, number] { go(static_cast<int>(number)); });
    }
    goMenu->addSeparator();
    QAction* find = goMenu->addAction(icon(Glyph::Search), tr("&Search in this list"));
    find->setShortcut(QKeySequence::Find);
    m_signedInOnly << find;
    connect(find, &QAction::triggered, this,
            [this] { m_places[static_cast<std::size_t>(m_stack->currentIndex())]->find(); });

    for (Place* place : m_places) {
        QMenu* menu = menuBar()->addMenu(tr("&%1").arg(place->name()));
        for (QAction* action : place->menuActions()) {
            if (action == nullptr)
                menu->addSeparator();
            else
                menu->addAction(action);
        }
        m_placeMenus.push_back(menu);
    }
    makeThemeMenu(*menuBar()->addMenu(tr("&View")));
}

void MainWindow::makeThemeMenu(QMenu& view)
{
    auto* themes = new QActionGroup(this);
    const auto add = [&](const QString& text, Theme theme, const char* name) {
        QAction* action = view.addAction(text);
        action->setObjectName(QString::fromLatin1(name));
        action->setCheckable(true);
        action->setChecked(m_ports.preferences.theme() == theme);
        themes->addAction(action);
        connect(action, &QAction::triggered, this, [this, theme] {
            m_ports.preferences.setTheme(theme);
            Q_EMIT themeChosen(theme);
        });
    };
    add(tr("&As the system"), Theme::System, "themeSystem");
    add(tr("&Light"), Theme::Light, "themeLight");
    add(tr("&Dark"), Theme::Dark, "themeDark");
}

void MainWindow::go(int place)
{
    m_stack->setCurrentIndex(place);
    m_bar->setCurrent(place);
    for (std::size_t number = 0; number < m_placeMenus.size(); ++number)
        m_placeMenus[number]->menuAction()->setVisible(m_ports.session.api() != nullptr &&
                                                       static_cast<int>(number) == place);
}

void MainWindow::showSession()
{
    const bool inside = m_ports.session.api() != nullptr;
    m_faces->setCurrentWidget(inside ? m_house : static_cast<QWidget*>(m_signIn));
    for (QAction* action : m_signedInOnly)
        action->setEnabled(inside);
    statusBar()->setVisible(inside);
    if (m_ports.session.state() == Session::State::Offline)
        m_offline->tell(
            NoticeKind::Warning,
            tr("The server is out of reach. You see what was last known; it is asked again by and by."),
            tr("Try &now"));
    else
        m_offline->hide();
    go(m_stack->currentIndex());
}

// A token lives an hour at most: whoever signs in again finds the filters as they were, somebody else does
// not.
void MainWindow::forgetSomebodyElses()
{
    if (m_ports.session.api() == nullptr)
        return;
    const QString whose = serverName(m_ports.session.server()) + QLatin1Char(' ') + m_ports.session.who();
    if (std::exchange(m_whose, whose) != whose)
        m_invoices->clearFilters();
}

void MainWindow::keepLayout()
{
    m_ports.preferences.setWindowGeometry(saveGeometry());
    m_ports.preferences.setLayout(invoicesSplit, m_invoices->splitter().saveState());
    m_ports.preferences.setLayout(tenantsSplit, m_tenants->splitter().saveState());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    keepLayout();
    event->accept();
}

} // namespace billing::console
