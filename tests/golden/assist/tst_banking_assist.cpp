// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Help with labelling on public data: flipped labels are found, and uncertainty needs fewer labels than chance.
// docs/benchmarks.md has the figures of five seeds; here one seed holds the line. The test file is not read.
#include <QTest>

#include <algorithm>

#include "assist/label_errors.h"
#include "assist/labelling_simulation.h"
#include "assist/project_texts.h"
#include "corpus/importer.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::assist;

class TestBankingAssist : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void flippedLabelsAreFound();
    void uncertaintyNeedsFewerLabels();

private:
    std::optional<ProjectTexts> m_texts;
    JobContext m_context;
};

void TestBankingAssist::initTestCase() {
    const QByteArray shared = qgetenv("LATHE_SHARED");
    const auto file = std::filesystem::path(shared.toStdString()) / "data" / "banking77" / "train.csv";
    if (shared.isEmpty() || !std::filesystem::exists(file))
        QSKIP("the shared material is not there");
    const test::TempFolder folder;
    const auto project = corpus::Project::create(folder.path() / "b");
    const auto store = project->connect();
    const auto registry = corpus::makeImporterRegistry();
    const auto preview = corpus::previewFile(registry, file);
    QVERIFY(preview.has_value());
    QVERIFY(corpus::importFile(**store, registry, file, preview->options, m_context));
    auto texts = readTexts(**store, {}, m_context);
    QVERIFY(texts.has_value());
    QVERIFY(texts->size() > 9900);
    m_texts = std::move(*texts);
}

void TestBankingAssist::flippedLabelsAreFound() {
    const auto flips = flipLabels(m_texts->labels, static_cast<int>(m_texts->names.size()), 0.05, 101);
    const auto errors =
        findLabelErrors({m_texts->texts, flips.labels, m_texts->names}, {.seed = 101, .model = {}}, m_context);
    QVERIFY(errors.has_value());
    const auto isFlipped = [&](const LikelyError& error) {
        return flips.labels[error.item] != m_texts->labels[error.item];
    };
    const auto first = std::span(errors->ranked).first(flips.flipped);
    const double precision = double(std::ranges::count_if(first, isFlipped)) / double(flips.flipped);
    const double recall = double(std::ranges::count_if(errors->ranked, isFlipped)) / double(flips.flipped);
    qInfo("precision %.3f, recall %.3f, estimated share %.3f", precision, recall, errors->estimatedShare);
    QVERIFY(precision > 0.88);
    QVERIFY(recall > 0.98);
}

void TestBankingAssist::uncertaintyNeedsFewerLabels() {
    SimulationData data{.pool = {}, .dev = {}, .test = {}, .labelNames = m_texts->names};
    std::tie(data.pool, data.dev) = setAside({m_texts->texts, m_texts->labels}, 0.1, 1);
    const SimulationPlan plan{.budgets = {200, 400, 600, 800, 1000, 1400, 1800}, .seed = 1, .model = {}};
    const auto registry = makeAcquisitionRegistry();
    const auto random = simulateLabelling(*registry.find("random"), data, nullptr, plan, m_context);
    const auto margin = simulateLabelling(*registry.find("smallest_margin"), data, nullptr, plan, m_context);
    QVERIFY(random.has_value() && margin.has_value());
    QCOMPARE(random->front().devAccuracy, margin->front().devAccuracy);  // the first labels are drawn by chance
    for (const std::size_t point : {3u, 4u, 5u})
        QVERIFY2(
            margin->at(point).devAccuracy > random->at(point).devAccuracy + 0.02,
            qPrintable(QStringLiteral("%1, %2").arg(margin->at(point).devAccuracy).arg(random->at(point).devAccuracy)));
    QVERIFY(margin->back().devAccuracy > random->back().devAccuracy + 0.02);
}

QTEST_APPLESS_MAIN(TestBankingAssist)
#include "tst_banking_assist.moc"
