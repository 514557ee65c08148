// The child program billing-render as a function: snapshot JSON in, PDF bytes out. The child is started at
// the first call, answers one request after the other, and is started anew after it died or did not answer in
// time; its death never is ours. Belongs to one thread, which it blocks while the child draws.
#pragma once

#include "server/documents/renderer.h"

#include <filesystem>
#include <memory>

class QProcess;

namespace billing::documents {

class RenderProcess final : public Renderer
{
public:
    explicit RenderProcess(std::filesystem::path program);
    ~RenderProcess() override;
    RenderProcess(const RenderProcess&) = delete;
    RenderProcess& operator=(const RenderProcess&) = delete;

    /// As Renderer::render; what the child refuses comes with the child's code (MissingGlyph,
    /// UnknownTemplate, WrongType ...), TooLong (document) is a snapshot that no frame holds. A child that
    /// died or was silent is ended, and the next call starts another.
    Result<std::string> render(std::string_view snapshotJson, Duration timeout) override;

    /// 0 when no child runs.
    std::int64_t processId() const;

private:
    Result<void> start(Duration timeout);
    void stop();

    std::filesystem::path m_program;
    std::unique_ptr<QProcess> m_process;
};

} // namespace billing::documents
