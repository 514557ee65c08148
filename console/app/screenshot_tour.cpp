#include "console/app/screenshot_tour.h"

#include "console/widgets/calendar_popup.h"

#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QPrintDialog>

#include <cstdio>

namespace billing::console {

namespace {

constexpr int lookMs = 25;
constexpr int calmLooks = 3;
constexpr int patienceMs = 30'000;

template <class Dialog>
Dialog* shownDialog()
{
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (auto* dialog = qobject_cast<Dialog*>(widget); dialog && dialog->isVisible())
            return dialog;
    return nullptr;
}

template <class Dialog>
void closeDialog()
{
    if (Dialog* dialog = shownDialog<Dialog>())
        dialog->close();
}

bool hasRows(Scene& scene)
{
    return scene.window().invoices().model().rowCount() > 0 &&
           scene.window().tenants().model().rowCount() > 0;
}

/// The first that has a number, so that its pages are a final invoice's.
void chooseInvoice(Scene& scene)
{
    InvoicesPlace& place = scene.window().invoices();
    for (int row = 0; row < place.model().rowCount(); ++row)
        if (const wire::InvoiceSummary* summary = place.model().at(row); summary && summary->number)
            return place.list().table().selectRow(row);
}

bool previewIsSettled(Scene& scene)
{
    return scene.window().invoices().preview().pages().isSettled();
}

void trigger(Scene& scene, const char* action)
{
    if (auto* found = scene.window().findChild<QAction*>(QString::fromLatin1(action)))
        found->trigger();
}

} // namespace

ScreenshotTour::ScreenshotTour(const Ports& ports, const Options& options)
    : m_ports(ports)
    , m_options(options)
{
    m_looks.setInterval(lookMs);
    connect(&m_looks, &QTimer::timeout, this, &ScreenshotTour::look);
    planAppearance(Appearance::Light, QStringLiteral("-light"));
    planAppearance(Appearance::Dark, QStringLiteral("-dark"));
}

ScreenshotTour::~ScreenshotTour() = default;

void ScreenshotTour::planAppearance(Appearance appearance, const QString& suffix)
{
    m_stops.push_back({.prepare = [this, appearance] {
        m_ports.appearance.choose(appearance == Appearance::Dark ? Theme::Dark : Theme::Light);
    }});
    planSignIn(suffix);
    planStates(suffix);
    planFilters(suffix);
    planHouse(suffix);
    planExtremes(suffix);
}

void ScreenshotTour::planSignIn(const QString& suffix)
{
    const auto scene =
        std::make_shared<Scene>(m_ports.workers, SampleSize::Usual, SampleApi::Mood::Distrusts);
    m_stops.push_back({.picture = QStringLiteral("sign-in") + suffix, .scene = scene});
    m_stops.push_back(
        {.picture = QStringLiteral("sign-in-no-keyring") + suffix,
         .prepare = [scene] { scene->window().signIn().findChild<QCheckBox*>()->click(); },
         .ready = [scene] { return !scene->window().signIn().findChild<QCheckBox*>()->isEnabled(); },
         .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("sign-in-refused") + suffix,
                       .prepare = [scene] { scene->signInToSample(); },
                       .ready = [scene] { return scene->session().refusal().has_value(); },
                       .scene = scene});
}

void ScreenshotTour::planStates(const QString& suffix)
{
    struct State
    {
        const char* name;
        SampleApi::Mood mood;
        ListState state;
    };
    for (const State& state : {State{"loading", SampleApi::Mood::Silent, ListState::Loading},
                               State{"empty", SampleApi::Mood::Empty, ListState::Empty},
                               State{"error", SampleApi::Mood::Refuses, ListState::Failed},
                               State{"offline", SampleApi::Mood::Away, ListState::Offline}}) {
        const auto scene =
            std::make_shared<Scene>(m_ports.workers, SampleSize::Usual, SampleApi::Mood::Answers);
        m_stops.push_back(arrival(scene));
        m_stops.push_back(
            {.picture = QString::fromLatin1(state.name) + suffix,
             .prepare =
                 [scene, state] {
                     scene->setMood(state.mood);
                     scene->window().invoices().setApi(nullptr); // asks anew
                     scene->window().invoices().setApi(scene->session().api());
                 },
             .ready = [scene, state] { return scene->window().invoices().model().state() == state.state; },
             .scene = scene});
    }
    const auto stale = std::make_shared<Scene>(m_ports.workers, SampleSize::Usual, SampleApi::Mood::Answers);
    m_stops.push_back(arrival(stale));
    m_stops.push_back({.picture = QStringLiteral("offline-stale") + suffix,
                       .prepare =
                           [stale] {
                               stale->setMood(SampleApi::Mood::Away);
                               stale->window().invoices().refresh();
                           },
                       .ready = [stale] { return stale->session().state() == Session::State::Offline; },
                       .scene = stale});
}

ScreenshotTour::Scenery ScreenshotTour::houseScene()
{
    if (m_options.isComplete())
        return std::make_shared<Scene>(m_ports.workers);
    return std::make_shared<Scene>(m_ports.workers, SampleSize::Usual, SampleApi::Mood::Answers);
}

ScreenshotTour::Stop ScreenshotTour::arrival(const Scenery& scene)
{
    return {.prepare =
                [this, scene] {
                    const bool real = m_options.isComplete() && scene->session().property("real").toBool();
                    if (!real)
                        return scene->signInToSample();
                    const Result<QByteArray> token = readTokenFile(m_options.tokenFile);
                    scene->window().signIn().fill(m_options.where, token.value_or(QByteArray()));
                    scene->window().signIn().submit();
                },
            .ready = [scene] { return hasRows(*scene); },
            .scene = scene};
}

void ScreenshotTour::planHouse(const QString& suffix)
{
    const Scenery scene = houseScene();
    scene->session().setProperty("real", m_options.isComplete());
    m_stops.push_back(arrival(scene));
    m_stops.push_back({.picture = QStringLiteral("invoices") + suffix, .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("console") + suffix,
                       .prepare = [scene] { chooseInvoice(*scene); },
                       .ready = [scene] { return previewIsSettled(*scene); },
                       .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("opened") + suffix,
                       .prepare =
                           [scene] {
                               trigger(*scene, "open");
                               scene->window().invoices().preview().pages().setZoomPercent(125);
                           },
                       .ready = [scene] { return previewIsSettled(*scene); },
                       .scene = scene});
    m_stops.push_back({.prepare =
                           [scene] {
                               scene->window().invoices().preview().pages().setZoomMode(ZoomMode::FitWidth);
                               trigger(*scene, "back");
                               scene->window().go(0);
                               scene->window().tenants().list().table().selectRow(1);
                           },
                       .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("tenants") + suffix, .scene = scene});
    planDialogs(scene, suffix);
}

void ScreenshotTour::planDialogs(const Scenery& scene, const QString& suffix)
{
    m_stops.push_back({.picture = QStringLiteral("print") + suffix,
                       .prepare =
                           [scene] {
                               scene->window().go(1);
                               trigger(*scene, "print");
                           },
                       .ready = [] { return shownDialog<QPrintDialog>() != nullptr; },
                       .subject = [] { return shownDialog<QPrintDialog>(); },
                       .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("print-preview") + suffix,
                       .prepare =
                           [scene] {
                               closeDialog<QPrintDialog>();
                               QTimer::singleShot(lookMs, &scene->window(),
                                                  [scene] { trigger(*scene, "printPreview"); });
                           },
                       .ready =
                           [] {
                               PrintPreview* preview = shownDialog<PrintPreview>();
                               return preview && preview->pages().isSettled();
                           },
                       .subject = [] { return shownDialog<PrintPreview>(); },
                       .scene = scene});
    m_stops.push_back({.prepare = [] { closeDialog<PrintPreview>(); },
                       .ready = [] { return shownDialog<PrintPreview>() == nullptr; },
                       .scene = scene});
    const auto stalled =
        std::make_shared<Scene>(m_ports.workers, SampleSize::Usual, SampleApi::Mood::Answers);
    const auto exporting = [stalled] { return stalled->window().invoices().exportDialog(); };
    m_stops.push_back(arrival(stalled));
    m_stops.push_back(
        {.picture = QStringLiteral("export") + suffix,
         .prepare =
             [stalled] {
                 stalled->window().invoices().list().table().selectAll();
                 stalled->window().invoices().exportTo(stalled->folder());
             },
         .ready = [exporting] { return exporting() && exporting()->running().progress().done >= 9; },
         .subject = exporting,
         .scene = stalled});
    m_stops.push_back(
        {.picture = QStringLiteral("export-cancelled") + suffix,
         .prepare = [exporting] { exporting()->running().cancel(); },
         .ready = [exporting] { return exporting()->running().state() == PdfExport::State::Cancelled; },
         .subject = exporting,
         .scene = stalled});
    m_stops.push_back({.prepare = [exporting] { exporting()->close(); }, .scene = stalled});
}

void ScreenshotTour::planFilters(const QString& suffix)
{
    const auto scene = std::make_shared<Scene>(m_ports.workers, SampleSize::Usual, SampleApi::Mood::Answers);
    const auto filters = [scene]() -> InvoiceFilters& { return scene->window().invoices().filters(); };
    const auto state = [scene] { return scene->window().invoices().model().state(); };
    m_stops.push_back(arrival(scene));
    m_stops.push_back({.picture = QStringLiteral("filtered") + suffix,
                       .prepare =
                           [filters] {
                               filters().from().setDay(LocalDate::parse("2026-09-01").value());
                               filters().to().setText(QStringLiteral("31 Smarch 2026"));
                               Q_EMIT filters().to().editingFinished();
                               filters().showTenant(QStringLiteral("harbor-robotics"),
                                                    QStringLiteral("Harbor Robotics, Inc."));
                           },
                       .ready = [state] { return state() == ListState::Ready; },
                       .scene = scene});
    m_stops.push_back(
        {.picture = QStringLiteral("nothing-found") + suffix,
         .prepare = [filters] { filters().to().setDay(LocalDate::parse("2026-08-01").value()); },
         .ready = [state] { return state() == ListState::Empty; },
         .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("calendar") + suffix,
                       .prepare = [filters] { filters().from().openCalendar(); },
                       .subject = [filters] { return filters().from().findChild<CalendarPopup*>(); },
                       .scene = scene});
    m_stops.push_back(
        {.prepare = [filters] { filters().from().findChild<CalendarPopup*>()->close(); }, .scene = scene});
    const auto waiting = std::make_shared<QPointer<WaitingDialog>>();
    m_stops.push_back({.picture = QStringLiteral("printing") + suffix,
                       .prepare =
                           [waiting, scene] {
                               *waiting = new WaitingDialog(QStringLiteral("Printing 12 invoices"),
                                                            &scene->window());
                               (*waiting)->advance(17, 40);
                           },
                       .ready = [waiting] { return (*waiting)->isVisible(); },
                       .subject = [waiting] { return waiting->data(); },
                       .scene = scene});
    m_stops.push_back({.prepare = [waiting] { delete waiting->data(); }, .scene = scene});
}

void ScreenshotTour::planExtremes(const QString& suffix)
{
    const auto scene =
        std::make_shared<Scene>(m_ports.workers, SampleSize::Extreme, SampleApi::Mood::Answers);
    m_stops.push_back(arrival(scene));
    m_stops.push_back({.picture = QStringLiteral("extreme-invoices") + suffix, .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("extreme-console") + suffix,
                       .prepare = [scene] { chooseInvoice(*scene); },
                       .ready = [scene] { return previewIsSettled(*scene); },
                       .scene = scene});
    m_stops.push_back({.picture = QStringLiteral("extreme-tenants") + suffix,
                       .prepare =
                           [scene] {
                               scene->window().go(0);
                               scene->window().tenants().list().table().selectRow(0);
                           },
                       .scene = scene});
}

void ScreenshotTour::start()
{
    if (!QDir().mkpath(m_options.screenshotDir))
        return fail(QStringLiteral("cannot make the directory"));
    begin();
    m_looks.start();
}

void ScreenshotTour::begin()
{
    const Stop& stop = m_stops[m_at];
    if (stop.scene != m_shown) {
        if (m_shown)
            m_shown->window().close();
        m_shown = stop.scene;
        if (m_shown)
            m_shown->window().show();
    }
    if (stop.prepare)
        stop.prepare();
    m_calm = 0;
    m_waiting.start();
}

void ScreenshotTour::look()
{
    const Stop& stop = m_stops[m_at];
    m_calm = !stop.ready || stop.ready() ? m_calm + 1 : 0;
    if (m_calm < calmLooks) {
        if (m_waiting.elapsed() > patienceMs)
            fail(stop.picture.isEmpty() ? QStringLiteral("a state on the way did not come about")
                                        : stop.picture);
        return;
    }
    if (!stop.picture.isEmpty()) {
        QWidget* subject = stop.subject ? stop.subject() : &stop.scene->window();
        const QString file = QDir(m_options.screenshotDir).filePath(stop.picture + QStringLiteral(".png"));
        if (subject == nullptr || !subject->grab().save(file))
            return fail(file);
    }
    if (++m_at == m_stops.size()) {
        m_looks.stop();
        m_shown->window().close();
        Q_EMIT finished(0);
        return;
    }
    begin();
}

void ScreenshotTour::fail(const QString& why)
{
    m_looks.stop();
    std::fprintf(stderr, "billing-console: no picture: %s\n", qPrintable(why));
    Q_EMIT finished(1);
}

} // namespace billing::console
