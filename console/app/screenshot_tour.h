// Goes through every state of the window and writes a picture of each, so that it can be looked at: of a real
// server for what one has, of sample records for the states that one is rarely in. Each state is in light and
// in dark. GUI thread.
#pragma once

#include "console/app/appearance.h"
#include "console/app/options.h"
#include "console/app/scene.h"

#include <QElapsedTimer>

namespace billing::console {

class ScreenshotTour : public QObject
{
    Q_OBJECT

public:
    struct Ports
    {
        Workers workers;
        AppearanceFollower& appearance;
    };

    /// The ports outlive it.
    ScreenshotTour(const Ports& ports, const Options& options);
    ~ScreenshotTour() override;

    void start();

Q_SIGNALS:
    /// 0, or 1 when a state did not come about or a picture could not be written; which one is on stderr.
    void finished(int exitCode);

private:
    using Scenery = std::shared_ptr<Scene>;
    struct Stop
    {
        QString picture = {}; ///< file name without its end; empty: none is taken
        std::function<void()> prepare = {};
        std::function<bool()> ready = {};
        std::function<QWidget*()> subject = {}; ///< none: the scene's window
        Scenery scene = {};
    };

    void planAppearance(Appearance appearance, const QString& suffix);
    void planSignIn(const QString& suffix);
    void planStates(const QString& suffix);
    void planFilters(const QString& suffix);
    void planHouse(const QString& suffix);
    void planDialogs(const Scenery& scene, const QString& suffix);
    void planExtremes(const QString& suffix);
    Scenery houseScene();
    Stop arrival(const Scenery& scene);

    void begin();
    void look();
    void fail(const QString& why);

    Ports m_ports;
    Options m_options;
    std::vector<Stop> m_stops;
    std::size_t m_at = 0;
    int m_calm = 0; ///< looks in a row that found the state there
    QElapsedTimer m_waiting;
    QTimer m_looks;
    Scenery m_shown;
};

} // namespace billing::console
