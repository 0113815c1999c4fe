// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelling on disks that fill up, become read-only or are pulled away: what was confirmed is there afterwards, and the
// message says what happened. Each case runs in a child with mounts of its own (a user and a mount namespace).
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include <cstring>
#include <functional>
#include <map>

#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kNotAllowed = "not allowed here: ";

bool writeFile(const char* file, const std::string& text) {
    const int out = ::open(file, O_WRONLY | O_CLOEXEC);
    const bool written = out >= 0 && ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (out >= 0)
        ::close(out);
    return written;
}

/// \returns "" or what keeps this process from mounts of its own.
std::string takeOwnMounts() {
    const uid_t user = ::getuid();
    const gid_t group = ::getgid();
    if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return std::string(kNotAllowed) + "namespaces, " + std::strerror(errno);
    if (user != 0)
        if (!writeFile("/proc/self/setgroups", "deny") ||
            !writeFile("/proc/self/uid_map", "0 " + std::to_string(user) + " 1") ||
            !writeFile("/proc/self/gid_map", "0 " + std::to_string(group) + " 1"))
            return std::string(kNotAllowed) + "a user namespace";
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return std::string(kNotAllowed) + "private mounts, " + std::strerror(errno);
    return {};
}

/// \returns "" or what keeps a disk of \p size from being at \p place.
std::string mountDisk(const fs::path& place, const char* size) {
    fs::create_directories(place);
    const std::string options = std::string("size=") + size;
    if (::mount("disk", place.c_str(), "tmpfs", 0, options.c_str()) != 0)
        return std::string(kNotAllowed) + "a tmpfs, " + std::strerror(errno);
    return {};
}

/// A disk that only this process sees.
std::string ownDisk(const fs::path& place, const char* size) {
    const std::string problem = takeOwnMounts();
    return problem.empty() ? mountDisk(place, size) : problem;
}

/// Runs \p work in a child. \returns what it returned: "" = as it should be.
std::string inChild(const std::function<std::string()>& work) {
    int ends[2];
    if (::pipe(ends) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        std::string said;
        try {
            said = work();
        } catch (const std::exception& exception) {
            said = std::string("exception: ") + exception.what();
        }
        if (::write(ends[1], said.data(), said.size()) < 0)
            ::_exit(2);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said;
    char buffer[512];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, static_cast<std::size_t>(got));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return "the child ended badly: " + said;
    return said;
}

/// Labels what it is told, and knows what was confirmed.
class Labeller {
public:
    explicit Labeller(const Project& project) : m_store(project.connect().value()) {
        const auto labels = m_store->labels().value();
        for (const Label& label : labels)
            m_labels.push_back(label.id);
        m_ids = m_store->find({}).value();
    }
    /// \returns the first failure, or an Error of code Internal when there was none in \p times.
    Error labelUntilItFails(int times) {
        for (int i = 0; i < times; ++i) {
            Annotation row;
            row.sample = m_ids[m_next % m_ids.size()];
            row.label = m_labels[m_next * 7 % m_labels.size()];
            row.annotator = "ann";
            ++m_next;
            const auto written = m_store->annotate(row);
            if (!written)
                return written.error();
            confirmed[row.sample] = *row.label;
            ++rows;
        }
        return {ErrorCode::Internal, "no failure", {}};
    }
    std::map<SampleId, LabelId> confirmed;
    std::int64_t rows = 0;

private:
    std::unique_ptr<CorpusStore> m_store;
    std::vector<LabelId> m_labels;
    std::vector<SampleId> m_ids;
    std::size_t m_next = 0;
};

/// \returns "" when the project has all that was confirmed, and no label that was not.
std::string whatIsMissing(const fs::path& folder, const Labeller& labeller, Access access) {
    const auto project = Project::open(folder, access);
    if (!project)
        return "it cannot be opened again: " + project.error().message;
    auto store = project->connect();
    if (!store)
        return store.error().message;
    std::int64_t rows = 0;
    const auto samples = allSamples(**store);
    for (const Sample& sample : samples) {
        const auto said = labeller.confirmed.find(sample.id);
        const bool same = said == labeller.confirmed.end() ? !sample.label : sample.label == said->second;
        if (!same)
            return "sample " + std::to_string(sample.id) + " has another label";
        rows += static_cast<std::int64_t>((*store)->history(sample.id).value().size());
    }
    if (rows != labeller.rows)
        return std::to_string(labeller.rows) + " were confirmed, " + std::to_string(rows) + " are there";
    return {};
}

Project projectOn(const fs::path& folder) {
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i)
        texts.push_back("text " + std::to_string(i));
    auto project = projectOf(folder, texts);
    auto store = project.connect().value();
    Label label;
    for (const char* name : {"a", "b", "c"}) {
        label.name = name;
        (void)store->addLabel(label).value();
    }
    return project;
}

bool says(const Error& error, std::initializer_list<const char*> words) {
    for (const char* word : words)
        if (error.message.find(word) == std::string::npos)
            return false;
    return error.code == ErrorCode::Io;
}

std::string fullDisk(const fs::path& place) {
    if (std::string problem = ownDisk(place, "6m"); !problem.empty())
        return problem;
    const fs::path folder = place / "p.lathe";
    {
        const Project project = projectOn(folder);
        writeBytes(place / "ballast", std::string(3'000'000, 'x'));
        Labeller labeller(project);
        const Error full = labeller.labelUntilItFails(100'000);
        if (!says(full, {"disk is full", "project.db"}))
            return "a full disk says: " + full.message;
        if (labeller.rows == 0)
            return "nothing could be labelled before";
        // Still full: still said, nothing lost, and the program goes on.
        if (!says(labeller.labelUntilItFails(3), {"disk is full"}))
            return "the second time it says something else";
        fs::remove(place / "ballast");
        if (const Error again = labeller.labelUntilItFails(50); again.code != ErrorCode::Internal)
            return "with space again: " + again.message;
        const auto reading = whatIsMissing(folder, labeller, Access::Read);
        if (!reading.empty())
            return "read meanwhile: " + reading;
        // Full again, and the program ends there.
        writeBytes(place / "ballast", std::string(6'000'000, 'x'));
        (void)labeller.labelUntilItFails(100'000);
        if (const auto missing = whatIsMissing(folder, labeller, Access::Read); !missing.empty())
            return "after the end: " + missing;
    }
    return {};
}

std::string readOnlyDisk(const fs::path& place) {
    if (std::string problem = ownDisk(place, "16m"); !problem.empty())
        return problem;
    const fs::path folder = place / "p.lathe";
    std::map<SampleId, LabelId> confirmed;
    std::int64_t rows = 0;
    {
        const Project project = projectOn(folder);
        Labeller labeller(project);
        (void)labeller.labelUntilItFails(250);
        confirmed = labeller.confirmed;
        rows = labeller.rows;
    }
    if (::mount(nullptr, place.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
        return std::string(kNotAllowed) + "a read-only remount, " + std::strerror(errno);
    const auto writing = Project::open(folder, Access::Write);
    if (writing || writing.error().code != ErrorCode::Io)
        return writing ? "a read-only disk is opened for writing" : "opening says: " + writing.error().message;
    const auto project = Project::open(folder, Access::Read);
    if (!project)
        return "opening for reading says: " + project.error().message;
    Labeller reader(*project);
    reader.confirmed = std::move(confirmed);
    reader.rows = rows;
    const Error refused = reader.labelUntilItFails(1);
    if (!says(refused, {"reading only"}))
        return "labelling there says: " + refused.message;
    return whatIsMissing(folder, reader, Access::Read);
}

// Somebody takes the right to write away from the folder while a person labels.
std::string lockedFolder(const fs::path& place) {
    if (::getuid() == 0 && (::chown(place.c_str(), 65534, 65534) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0))
        return std::string(kNotAllowed) + "another user";
    const fs::path folder = place / "p.lathe";
    const Project project = projectOn(folder);
    Labeller labeller(project);
    (void)labeller.labelUntilItFails(20);
    if (::chmod(folder.c_str(), 0555) != 0)
        return "chmod failed";
    const Error after = labeller.labelUntilItFails(20);
    std::string problem;
    if (after.code != ErrorCode::Internal && !says(after, {"project.db"}))
        problem = "labelling says: " + after.message;
    else
        problem = whatIsMissing(folder, labeller, Access::Read);
    ::chmod(folder.c_str(), 0755);
    return problem;
}

std::string pulledAway(const fs::path& place) {
    const fs::path disk = place / "disk", plug = place / "plug";
    if (std::string problem = ownDisk(disk, "16m"); !problem.empty())
        return problem;
    fs::create_directories(plug);
    const auto plugIn = [&] { return ::mount(disk.c_str(), plug.c_str(), nullptr, MS_BIND, nullptr) == 0; };
    if (!plugIn())
        return std::string(kNotAllowed) + "a bind mount";
    const fs::path folder = plug / "p.lathe";
    std::string problem;
    {
        const Project project = projectOn(folder);
        Labeller labeller(project);
        (void)labeller.labelUntilItFails(120);
        if (::umount2(plug.c_str(), MNT_DETACH) != 0)
            return "the disk cannot be pulled away";
        const Error gone = labeller.labelUntilItFails(5);
        if (!says(gone, {"not there any more", "Nothing was saved"}))
            return "a disk that is gone says: " + gone.message;
        if (!says(labeller.labelUntilItFails(1), {"not there any more"}))
            return "the second time it says something else";
        if (!plugIn())
            return "the disk cannot be plugged in again";
        // The same disk is back: labelling goes on where it stopped.
        if (const Error again = labeller.labelUntilItFails(30); again.code != ErrorCode::Internal)
            return "plugged in again: " + again.message;
        problem = whatIsMissing(folder, labeller, Access::Read);
        if (!problem.empty())
            return problem;
        // Another disk at the same place is not the project.
        ::umount2(plug.c_str(), MNT_DETACH);
        if (std::string other = mountDisk(plug, "16m"); !other.empty())
            return other;
        { const Project stranger = projectOn(folder); }
        if (!says(labeller.labelUntilItFails(1), {"not there any more"}))
            return "a stranger's project took the label";
    }
    return {};
}

}  // namespace

class TestLabelDisks : public QObject {
    Q_OBJECT

    static void check(const std::function<std::string(const fs::path&)>& work) {
        const TempFolder folder;
        const fs::path place = folder.path() / "place";
        fs::create_directories(place);
        fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
        const std::string said = inChild([&] { return work(place); });
        if (said.starts_with(kNotAllowed))
            QSKIP(said.c_str());
        QVERIFY2(said.empty(), said.c_str());
    }

private Q_SLOTS:
    void aFullDisk() { check(fullDisk); }
    void aReadOnlyDisk() { check(readOnlyDisk); }
    void aFolderThatIsLockedMeanwhile() { check(lockedFolder); }
    void aDiskThatIsPulledAway() { check(pulledAway); }
};

QTEST_GUILESS_MAIN(TestLabelDisks)
#include "tst_label_disks.moc"
