#include "server/app/admin_socket.h"

#include "server/app/admin_frames.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace billing::app {

namespace {

constexpr timeval patience{5, 0};

/// A descriptor that is closed with its scope.
struct Closing
{
    int number;
    ~Closing()
    {
        if (number >= 0)
            ::close(number);
    }
};

/// A socket's address holds 107 characters; by way of the open directory a path may be as long as it likes.
struct Address
{
    explicit Address(const std::filesystem::path& file)
        : directory{::open(file.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)}
    {
        value.sun_family = AF_UNIX;
        const std::string path =
            "/proc/self/fd/" + std::to_string(directory.number) + "/" + file.filename().string();
        BILLING_ASSERT(path.size() < sizeof value.sun_path);
        std::memcpy(value.sun_path, path.c_str(), path.size() + 1);
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&value); }

    Closing directory;
    sockaddr_un value = {};
};

Error failed(const std::filesystem::path& file)
{
    return {ErrorCode::ListenFailed, file.string(), std::strerror(errno)};
}

/// Frames to the other side; once it is gone, words go nowhere.
class FrameOutput final : public CommandOutput
{
public:
    explicit FrameOutput(int socket)
        : m_socket(socket)
    {
    }
    void line(std::string_view text) override { send(AdminFrame::Output, text); }
    void complain(std::string_view text) override { send(AdminFrame::Errors, text); }
    void end(int exitCode) { send(AdminFrame::Exit, std::to_string(exitCode)); }

private:
    void send(AdminFrame kind, std::string_view text)
    {
        const std::string_view whole = text.substr(0, adminFrameBytesMax - 1);
        m_gone = m_gone || !sendFrame(m_socket, std::string(1, static_cast<char>(kind)).append(whole));
    }

    int m_socket;
    bool m_gone = false;
};

} // namespace

Result<std::unique_ptr<AdminSocket>> AdminSocket::open(const std::filesystem::path& file, Log& log, Run run)
{
    std::unique_ptr<AdminSocket> admin(new AdminSocket(file, log, std::move(run)));
    const auto listening = admin->listen();
    if (!listening)
        return listening.error();
    return admin;
}

AdminSocket::AdminSocket(std::filesystem::path file, Log& log, Run run)
    : m_file(std::move(file))
    , m_log(log)
    , m_run(std::move(run))
{
}

AdminSocket::~AdminSocket()
{
    if (m_thread.joinable()) {
        ::eventfd_write(m_wake, 1);
        m_thread.join();
        ::unlink(m_file.c_str());
    }
    if (m_listener >= 0)
        ::close(m_listener);
    if (m_wake >= 0)
        ::close(m_wake);
}

Result<void> AdminSocket::listen()
{
    const Address address(m_file);
    ::unlink(m_file.c_str()); // a killed server's: we hold the lock of the directory
    m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    // The mode of an unbound socket becomes that of its file, so that it is never anybody else's.
    const bool listening = m_listener >= 0 && m_wake >= 0 && ::fchmod(m_listener, 0600) == 0 &&
                           ::bind(m_listener, address.get(), sizeof address.value) == 0 &&
                           ::listen(m_listener, 8) == 0;
    if (!listening)
        return failed(m_file);
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "admin");
        serve();
    });
    return {};
}

void AdminSocket::serve()
{
    while (true) {
        pollfd waiting[] = {{m_listener, POLLIN, 0}, {m_wake, POLLIN, 0}};
        ::poll(waiting, 2, -1);
        if (waiting[1].revents != 0)
            return;
        const Closing client{::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (client.number >= 0)
            welcome(client.number);
    }
}

void AdminSocket::welcome(int client)
{
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ucred peer = {};
    socklen_t size = sizeof peer;
    const bool known = ::getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (!known || peer.uid != ::geteuid()) {
        m_log.write(LogEvent::AdminRefused, {.reason = "another user", .peerUser = peer.uid});
        return;
    }
    const auto words =
        receiveFrame(client).and_then([](const std::string& frame) { return decodeWords(frame); });
    if (!words) {
        m_log.write(LogEvent::AdminRefused, {.error = words.error().code});
        return;
    }
    FrameOutput output(client);
    output.end(m_run(*words, output));
}

Result<std::optional<int>> askServer(const std::filesystem::path& file, const std::vector<std::string>& words,
                                     CommandOutput& output)
{
    const Address address(file);
    const Closing server{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (address.directory.number < 0 || server.number < 0 ||
        ::connect(server.number, address.get(), sizeof address.value) != 0)
        return std::optional<int>();
    const auto frame = encodeWords(words);
    if (!frame)
        return frame.error();
    if (const auto sent = sendFrame(server.number, *frame); !sent)
        return sent.error();
    while (true) {
        const auto answer = receiveFrame(server.number);
        if (!answer || answer->empty())
            return Error{ErrorCode::NetworkFailed, file.string(), "the server went away"};
        const std::string_view text = std::string_view(*answer).substr(1);
        switch (static_cast<AdminFrame>(answer->front())) {
        case AdminFrame::Output:
            output.line(text);
            break;
        case AdminFrame::Errors:
            output.complain(text);
            break;
        case AdminFrame::Exit: {
            int code = 1;
            std::from_chars(text.data(), text.data() + text.size(), code);
            return std::optional<int>(code);
        }
        }
    }
}

} // namespace billing::app
