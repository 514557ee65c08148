#include "server/app/admin_frames.h"

#include <cerrno>
#include <sys/socket.h>

namespace billing::app {

namespace {

constexpr std::size_t wordBytesMax = 4'096;

Result<void> sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return Error{ErrorCode::NetworkFailed, "admin.sock"};
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

Result<std::string> receiveExactly(int socket, std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t got = ::recv(socket, bytes.data() + filled, size - filled, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return Error{ErrorCode::NetworkFailed, "admin.sock"};
        filled += static_cast<std::size_t>(got);
    }
    return bytes;
}

void putNumber(std::string& bytes, std::size_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xff);
}

std::size_t numberIn(std::string_view bytes)
{
    std::size_t number = 0;
    for (const char byte : bytes)
        number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

} // namespace

Result<std::string> encodeWords(const std::vector<std::string>& words)
{
    if (words.empty() || words.size() > adminWordsMax)
        return Error{ErrorCode::TooManyItems, "words"};
    std::string bytes;
    for (const std::string& word : words) {
        if (word.size() > wordBytesMax)
            return Error{ErrorCode::TooLong, "word"};
        putNumber(bytes, word.size(), 2);
        bytes += word;
    }
    return bytes;
}

Result<std::vector<std::string>> decodeWords(std::string_view frame)
{
    const Error malformed{ErrorCode::MalformedBody, "words"};
    std::vector<std::string> words;
    while (!frame.empty()) {
        if (frame.size() < 2 || words.size() == adminWordsMax)
            return malformed;
        const std::size_t size = numberIn(frame.substr(0, 2));
        frame.remove_prefix(2);
        if (size > frame.size() || size > wordBytesMax)
            return malformed;
        words.emplace_back(frame.substr(0, size));
        if (words.back().find('\0') != std::string::npos)
            return malformed;
        frame.remove_prefix(size);
    }
    return words.empty() ? Result<std::vector<std::string>>(malformed) : words;
}

Result<void> sendFrame(int socket, std::string_view payload)
{
    if (payload.size() > adminFrameBytesMax)
        return Error{ErrorCode::BodyTooLarge, "admin.sock"};
    std::string bytes;
    putNumber(bytes, payload.size(), 4);
    return sendAll(socket, bytes.append(payload));
}

Result<std::string> receiveFrame(int socket)
{
    const auto head = receiveExactly(socket, 4);
    if (!head)
        return head.error();
    const std::size_t size = numberIn(*head);
    if (size > adminFrameBytesMax)
        return Error{ErrorCode::BodyTooLarge, "admin.sock"};
    return receiveExactly(socket, size);
}

} // namespace billing::app
