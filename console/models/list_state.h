// What a list or a document has to show: one of these at any moment, so that a screen can switch between its
// rows and its empty, loading, error and offline faces. Values only.
#pragma once

#include "shared/kernel/error.h"

#include <QObject>

namespace billing::console {
Q_NAMESPACE

enum class ListState
{
    Idle,    ///< nothing was asked for: signed out, or no document opened
    Loading, ///< the first answer is awaited; there is nothing to show yet
    Ready,   ///< there is something to show
    Empty,   ///< the server said that there is nothing
    Failed,  ///< refused or unusable: see error(); what was shown before stays
    Offline  ///< the server cannot be reached; what was shown before stays
};
Q_ENUM_NS(ListState)

/// Offline when it is about the way to the server, else Failed.
ListState stateAfter(const Error& error);

} // namespace billing::console
