#include "console/app/console_application.h"

#include "console/app/english_plurals.h"
#include "console/app/screenshot_tour.h"
#include "console/app/worker_executor.h"
#include "shared/format/document_locale.h"

#include <QApplication>

#include <cstdio>

namespace billing::console {

namespace {

int takePictures(const ScreenshotTour::Ports& ports, const Options& options)
{
    QApplication::setQuitOnLastWindowClosed(false); // windows come and go
    ScreenshotTour tour(ports, options);
    QObject::connect(&tour, &ScreenshotTour::finished, qApp,
                     [](int exitCode) { QCoreApplication::exit(exitCode); });
    QTimer::singleShot(0, &tour, &ScreenshotTour::start);
    return QApplication::exec();
}

int runWindow(const Workers& workers, AppearanceFollower& appearance, Preferences& preferences,
              const Options& options)
{
    KeychainStore store;
    RememberedSecrets secrets(store, preferences);
    Session session(workers.network);
    MainWindow window({session, secrets, preferences, store, workers.painter, workers.disk});
    QObject::connect(&window, &MainWindow::themeChosen, &appearance, &AppearanceFollower::choose);
    QByteArray token;
    if (!options.tokenFile.isEmpty()) {
        const Result<QByteArray> read = readTokenFile(options.tokenFile);
        if (!read) {
            std::fprintf(stderr, "billing-console: %s\n", toText(read.error()).c_str());
            return 1;
        }
        token = *read;
    }
    window.signIn().fill(options.where, token);
    window.show();
    if (options.isComplete())
        window.signIn().submit();
    return QApplication::exec();
}

} // namespace

int runConsole(const Options& options)
{
    // The reader's own; without one ("C"), American English rather than dates and amounts without a language.
    QLocale::setDefault(format::documentLocale(QLocale::system().bcp47Name().toStdString()));
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    WorkerExecutor network("console-decode");
    WorkerExecutor painter("console-paint");
    WorkerExecutor disk("console-disk");
    const Workers workers{network, painter, disk};
    Preferences preferences;
    AppearanceFollower appearance(preferences.theme());
    if (!options.screenshotDir.isEmpty())
        return takePictures({workers, appearance}, options);
    return runWindow(workers, appearance, preferences, options);
}

} // namespace billing::console
