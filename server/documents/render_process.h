// The child program billing-render as a function: snapshot JSON in, PDF bytes out. The child is started at
// the first call, answers one request after the other, and is started anew after it died or did not answer in
// time; its death never is ours. Belongs to one thread, which it blocks while the child draws.
#pragma once

#include "shared/kernel/instant.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

class QProcess;

namespace billing::documents {

class RenderProcess
{
public:
    explicit RenderProcess(std::filesystem::path program);
    ~RenderProcess();
    RenderProcess(const RenderProcess&) = delete;
    RenderProcess& operator=(const RenderProcess&) = delete;

    /// Refuses what the child refuses, with the child's code (MissingGlyph, UnknownTemplate, WrongType ...),
    /// and RenderFailed when it cannot be started, dies, answers nonsense, or is silent for longer than
    /// timeout; it is then ended, and the next call starts another.
    Result<std::string> render(std::string_view snapshotJson, Duration timeout);

    /// 0 when no child runs.
    std::int64_t processId() const;

private:
    Result<void> start(Duration timeout);
    void stop();

    std::filesystem::path m_program;
    std::unique_ptr<QProcess> m_process;
};

} // namespace billing::documents
