// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A run whose memory runs out goes on with smaller parts, says so, and learns the same.
#include <torch/torch.h>

#include <QtTest>

#include "infer/text_model.h"
#include "support/limited_memory.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/detail/checkpoint.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestOutOfMemory : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;
    test::LimitedMemory& m_memory = test::LimitedMemory::instance();

    TrainRequest request() {
        Json options = test::tinyOptions();
        options["pretrain_epochs"] = 0;
        options["dropout"] = 0.0;
        options["batch_size"] = 64;
        options["epochs"] = 2;
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        return {.model = "fresh-encoder",
                .options = std::move(options),
                .runFolder = base / "run",
                .modelFolder = base / "model"};
    }

    struct Run {
        Result<TrainOutcome> outcome = fail(ErrorCode::Internal, "not run");
        std::vector<StepReport> reports;
    };
    /// \param limit of bytes in tensors once training begins, over what there is then
    Run run(const TrainRequest& wanted, std::size_t limit) {
        Run result;
        const auto job = std::make_shared<JobControl>();
        JobContext context(job);
        context.setBoundaryHook([&, first = true]() mutable {
            if (!std::exchange(first, false))
                return;
            m_memory.resetPeak();
            m_before = m_memory.live();
            m_memory.setLimit(limit == 0 ? std::numeric_limits<std::size_t>::max() : m_before + limit);
        });
        MetricBuffer metrics;
        result.outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        m_memory.unlimit();
        result.reports = metrics.takeAll();
        return result;
    }
    std::size_t m_before = 0;

    static std::vector<double> losses(const std::vector<StepReport>& reports) {
        std::vector<double> found;
        for (const auto& report : reports)
            if (!std::isnan(report.trainLoss))
                found.push_back(report.trainLoss);
        return found;
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }
    void init() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
    }

    void partsBecomeSmaller() {
        const Run whole = run(request(), 0);
        VERIFY_OK(whole.outcome);
        const std::size_t peak = m_memory.peak() - m_before;
        const int before = m_memory.refused();
        const auto wanted = request();
        const Run halved = run(wanted, peak * 6 / 10);
        VERIFY_OK(halved.outcome);
        QVERIFY2(m_memory.refused() > before, "the limit was never met, so nothing was tested");
        const auto told = std::ranges::find(halved.reports, "smaller_batch", &StepReport::event);
        QVERIFY(told != halved.reports.end());
        QVERIFY2(told->note.find("memory ran out with 64 texts") != std::string::npos, told->note.c_str());
        // The same steps, over the same texts: the mean over parts is the mean over the batch.
        const auto expected = losses(whole.reports), found = losses(halved.reports);
        QCOMPARE(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            QVERIFY2(std::abs(found[i] - expected[i]) < 1e-3,
                     qPrintable(QStringLiteral("step %1: %2, %3").arg(i + 1).arg(found[i]).arg(expected[i])));
        // and a resumed run starts with what this one learnt
        const auto kept = findCheckpoint(wanted.runFolder);
        VERIFY_OK(kept);
        QVERIFY(kept->state.mostPartTokens > 0);
    }

    void tooLittleForOneTextIsAnError() {
        const auto wanted = request();
        const Run none = run(wanted, 20000);
        QVERIFY(!none.outcome);
        QCOMPARE(none.outcome.error().code, ErrorCode::OutOfMemory);
        QVERIFY2(none.outcome.error().message.find("not enough memory") != std::string::npos,
                 none.outcome.error().message.c_str());
        QVERIFY(fs::exists(wanted.runFolder / "metrics.jsonl"));
    }
};

QTEST_GUILESS_MAIN(TestOutOfMemory)
#include "tst_out_of_memory.moc"
