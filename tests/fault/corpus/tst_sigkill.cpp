// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a labeller saw confirmed is on disk. This program starts itself as a labeller that says each annotation's id on
// a pipe after annotate() has returned, kills it at a random moment, opens the project again and looks; 100 times.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>

#include "corpus/detail/sqlite_store.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

struct Confirmed {
    AnnotationId annotation;
    SampleId sample;
    LabelId label;
};

// The child: labels one sample after the other with labels in turn, until it is killed.
int labelUntilKilled(const char* folder, int pipe) {
    const auto project = Project::open(folder);
    if (!project)
        return 3;
    auto store = project->connect().value();
    const auto ids = store->find({}).value();
    const auto labels = store->labels().value();
    for (std::size_t i = 0;; ++i) {
        Annotation row;
        row.sample = ids[i % ids.size()];
        row.label = labels[(i * 7 + i / ids.size()) % labels.size()].id;
        const auto id = store->annotate(row);
        if (!id)
            return 4;
        const Confirmed said{*id, row.sample, *row.label};
        if (::write(pipe, &said, sizeof said) != sizeof said)  // one write: whole or not at all
            return 5;
    }
}

struct Labeller {
    pid_t pid = -1;
    int pipe = -1;
};

Labeller start(const std::string& folder) {
    int ends[2];
    if (::pipe(ends) != 0)
        std::abort();
    Labeller labeller{::fork(), ends[0]};
    if (labeller.pid == 0) {
        ::dup2(ends[1], 17);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execl("/proc/self/exe", "tst_sigkill", "--label", folder.c_str(), "17", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    return labeller;
}

// Everything that was said until the pipe closed with the child's death.
std::vector<Confirmed> heard(int pipe) {
    std::vector<Confirmed> all;
    Confirmed said{};
    while (::read(pipe, &said, sizeof said) == sizeof said)
        all.push_back(said);
    ::close(pipe);
    return all;
}

}  // namespace

class TestSigkill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyConfirmedLabelIsThere();
};

void TestSigkill::everyConfirmedLabelIsThere() {
    const TempFolder folder;
    std::vector<std::string> texts;
    for (int i = 0; i < 200; ++i)
        texts.push_back("text " + std::to_string(i));
    const auto path = projectOf(folder.path() / "p.lathe", texts, {"a", "b", "c"}).folder();
    std::mt19937 engine(20261121);
    std::map<AnnotationId, Confirmed> expected;
    std::size_t awaited = 0;
    for (int round = 0; round < 100; ++round) {
        const Labeller labeller = start(path.string());
        // Some are killed while they open the project; the others after some confirmations, however long these take on
        // a busy machine, and then a random moment later: in the middle of whatever the next one is doing.
        const std::size_t waitFor = round % 10 == 0 ? 0 : 1 + engine() % 20;
        Confirmed said{};
        for (std::size_t i = 0; i < waitFor && ::read(labeller.pipe, &said, sizeof said) == sizeof said; ++i, ++awaited)
            expected[said.annotation] = said;
        ::usleep(engine() % (waitFor == 0 ? 30000 : 4000));
        ::kill(labeller.pid, SIGKILL);
        int status = 0;
        ::waitpid(labeller.pid, &status, 0);
        QVERIFY2(WIFSIGNALED(status), "the labeller ended by itself");
        for (const Confirmed& late : heard(labeller.pipe))
            expected[late.annotation] = late;

        const auto project = Project::open(path);  // the dead process's lock is no lock
        VERIFY_OK(project);
        const auto opened = detail::SqliteStore::open(path / "project.db", Access::Write);
        VERIFY_OK(opened);
        auto& store = **opened;
        std::map<AnnotationId, Annotation> present;
        std::map<SampleId, std::optional<LabelId>> newest;
        const auto ids = store.find({}).value();
        for (const SampleId id : ids) {
            const auto history = store.history(id).value();
            for (const Annotation& row : history) {
                present[row.id] = row;
                newest[id] = row.label;
            }
        }
        for (const auto& [id, confirmed] : expected) {
            const auto found = present.find(id);
            QVERIFY2(found != present.end(), "a confirmed annotation is missing");
            QCOMPARE(found->second.sample, confirmed.sample);
            QCOMPARE(found->second.label, std::optional(confirmed.label));
        }
        // The present state and the sums belong to the same transactions.
        for (const auto& [id, label] : newest)
            QCOMPARE(store.sample(id).value().label, label);
        const auto counts = store.counts().value();
        QCOMPARE(counts.labelled, store.recount().value().labelled);
        QCOMPARE(counts.samples, std::int64_t{200});
    }
    qInfo("%zu confirmed labels over 100 kills, all there", expected.size());
    QVERIFY(awaited >= 90 && expected.size() >= awaited);  // 90 rounds wait for one or more, and no id comes twice
}

int main(int argc, char** argv) {
    if (argc == 4 && std::strcmp(argv[1], "--label") == 0)
        return labelUntilKilled(argv[2], std::atoi(argv[3]));
    QCoreApplication app(argc, argv);
    TestSigkill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sigkill.moc"
