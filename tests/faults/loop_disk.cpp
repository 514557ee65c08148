#include "tests/faults/loop_disk.h"

#include "shared/kernel/assert.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace billing::test {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int outerMegabytes = 900;
constexpr int innerMegabytes = 256;

void must(const Command& command)
{
    const Finished finished = runToEnd(command, 60s);
    if (finished.exitCode != 0)
        std::fprintf(stderr, "%s: %d %s\n", command.program.c_str(), finished.exitCode,
                     finished.errors.c_str());
    BILLING_ASSERT(finished.exitCode == 0);
}

/// A sparse file with a file system in it.
void makeImage(const fs::path& image, int megabytes, const char* type)
{
    std::ofstream(image).close();
    fs::resize_file(image, static_cast<std::uintmax_t>(megabytes) << 20);
    must({std::string("mkfs.") + type, {"-q", image.string()}});
}

} // namespace

std::string whyNoLoopDisk()
{
    if (::geteuid() != 0)
        return "mounting a disk image needs root";
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return std::string("no mounts of one's own here: ") + std::strerror(errno);
    for (const char* type : {"mkfs.ext4", "mkfs.btrfs"}) {
        if (runToEnd({type, {"-V"}}, 10s).exitCode != 0)
            return std::string(type) + " is not installed";
    }
    const TemporaryDirectory scratch;
    makeImage(scratch.file("image"), 16, "ext4");
    fs::create_directory(scratch.file("mounted"));
    const Finished mounted = runToEnd(
        {"mount", {"-o", "loop", scratch.file("image").string(), scratch.file("mounted").string()}}, 30s);
    if (mounted.exitCode != 0)
        return "no disk image can be mounted here: " + mounted.errors.substr(0, mounted.errors.find('\n'));
    must({"umount", {scratch.file("mounted").string()}});
    return {};
}

Mount::Mount(const fs::path& image, fs::path directory)
    : m_directory(std::move(directory))
{
    fs::create_directories(m_directory);
    must({"mount", {"-o", "loop", image.string(), m_directory.string()}});
}

Mount::~Mount()
{
    // Lazily, should somebody's dying process still be in it: a mount left behind would outlive the test.
    if (runToEnd({"umount", {m_directory.string()}}, 30s).exitCode != 0)
        static_cast<void>(runToEnd({"umount", {"-l", m_directory.string()}}, 30s));
}

LoopDisk::LoopDisk(int megabytes)
{
    makeImage(m_scratch.file("disk.img"), megabytes, "ext4");
    m_mount = std::make_unique<Mount>(m_scratch.file("disk.img"), m_scratch.file("disk"));
}

void LoopDisk::fill()
{
    // First in large pieces, then byte by byte.
    std::ofstream ballast(directory() / "ballast", std::ios::binary);
    for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{4096}, std::size_t{1}}) {
        const std::string zeros(piece, '\0');
        ballast.clear();
        while (ballast.write(zeros.data(), static_cast<std::streamsize>(zeros.size())).flush()) {
        }
    }
    ballast.close();
    ::sync();
}

void LoopDisk::freeAgain()
{
    BILLING_ASSERT(fs::remove(directory() / "ballast"));
}

PowerDisk::PowerDisk()
{
    makeImage(m_scratch.file("outer.img"), outerMegabytes, "btrfs");
    m_outer = std::make_unique<Mount>(m_scratch.file("outer.img"), m_scratch.file("outer"));
    makeImage(image("disk"), innerMegabytes, "ext4");
    m_disk = std::make_unique<Mount>(image("disk"), m_scratch.file("disk"));
}

fs::path PowerDisk::image(const std::string& name) const
{
    return m_outer->directory() / (name + ".img");
}

void PowerDisk::snapshot(const std::string& name)
{
    must({"cp", {"--reflink=always", image("disk").string(), image(name).string()}});
}

std::unique_ptr<Mount> PowerDisk::mounted(const std::string& name)
{
    return std::make_unique<Mount>(image(name), m_scratch.file(name));
}

void PowerDisk::forget(const std::string& name)
{
    BILLING_ASSERT(fs::remove(image(name)));
}

} // namespace billing::test
