// What turns a snapshot into paper, as the drawer of documents sees it: a port, so that a test can play a
// renderer that refuses, crashes or is missing. The real one is RenderProcess.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/kernel/result.h"

#include <string>
#include <string_view>

namespace billing::documents {

/// The subject of refusals that are about the program and not about what it said of a document.
inline constexpr std::string_view rendererName = "billing-render";

class Renderer
{
public:
    virtual ~Renderer() = default;

    /// snapshot JSON in, PDF bytes out, waiting no longer than timeout. Refuses FileUnreadable (it cannot be
    /// started) and RenderFailed (it died, was silent or answered nonsense), both with rendererName as
    /// subject; anything else is its answer about this document.
    virtual Result<std::string> render(std::string_view snapshotJson, Duration timeout) = 0;
};

/// The program is not there, or cannot be started.
inline bool cannotStart(const Error& error)
{
    return error.code == ErrorCode::FileUnreadable && error.subject == rendererName;
}

/// It began and gave no usable answer: by this document, or by any.
inline bool gaveNoAnswer(const Error& error)
{
    return error.code == ErrorCode::RenderFailed && error.subject == rendererName;
}

/// It answers, and can render nothing at all: its faces cannot be loaded.
inline bool cannotRenderAnything(const Error& error)
{
    return error.code == ErrorCode::RenderFailed && error.subject == "fonts";
}

} // namespace billing::documents
