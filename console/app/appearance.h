// Light or dark: as the user chose, else as the system's palette is, and again when the system changes its
// mind. GUI thread.
#pragma once

#include "console/models/preferences.h"
#include "console/widgets/tokens.h"

namespace billing::console {

class AppearanceFollower : public QObject
{
    Q_OBJECT

public:
    /// Dresses the application. Before any palette of ours: what it finds is the system's.
    explicit AppearanceFollower(Theme theme, QObject* parent = nullptr);

    void choose(Theme theme);
    Appearance appearance() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Theme m_theme;
    Appearance m_system;
};

} // namespace billing::console
