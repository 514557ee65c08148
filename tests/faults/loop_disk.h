// Disks in files: one that fills up, and one whose state can be frozen at any moment as a power cut would
// leave it. They are mounted through loop devices, which needs root and a kernel that has them, and unmounted
// when they go; whoever still holds a file in them keeps the mount. One thread; needs a QCoreApplication.
#pragma once

#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace billing::test {

/// Why no file can be mounted as a disk on this machine; empty when one can. To be asked first: from then on
/// the calling thread and what it starts have mounts of their own.
std::string whyNoLoopDisk();

/// A file system mounted at a directory; gone with the object.
class Mount
{
public:
    /// Mounts the image; asserts that it works.
    Mount(const std::filesystem::path& image, std::filesystem::path directory);
    ~Mount();
    Mount(const Mount&) = delete;
    Mount& operator=(const Mount&) = delete;

    const std::filesystem::path& directory() const { return m_directory; }

private:
    std::filesystem::path m_directory;
};

/// An ext4 of its own.
class LoopDisk
{
public:
    explicit LoopDisk(int megabytes);

    const std::filesystem::path& directory() const { return m_mount->directory(); }
    /// Takes every free block, root's reserve too.
    void fill();
    void freeAgain();

private:
    TemporaryDirectory m_scratch;
    std::unique_ptr<Mount> m_mount;
};

/// An ext4 in a file on a btrfs in a file. A snapshot is a copy of the inner disk by reference: what has
/// reached that disk, without what the kernel still holds in memory for it.
class PowerDisk
{
public:
    PowerDisk();

    const std::filesystem::path& directory() const { return m_disk->directory(); }
    void snapshot(const std::string& name);
    /// Mounted, recovered from its journal. The caller may write to it.
    std::unique_ptr<Mount> mounted(const std::string& name);
    void forget(const std::string& name);

private:
    std::filesystem::path image(const std::string& name) const;

    TemporaryDirectory m_scratch;
    std::unique_ptr<Mount> m_outer;
    std::unique_ptr<Mount> m_disk;
};

} // namespace billing::test
