// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The n-gram classifier on public data, with its default settings: what a user gets without turning a knob. The test
// sets are only read here; settings were chosen on tenths of the training parts.
#include <QTest>

#include <chrono>
#include <filesystem>
#include <map>

#include "core/files.h"
#include "linear/ngram_classifier.h"

using namespace lathe;
using namespace lathe::linear;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::filesystem::path dataFolder() {
    const QByteArray shared = qgetenv("LATHE_SHARED");
    return shared.isEmpty() ? std::filesystem::path() : std::filesystem::path(shared.toStdString()) / "data";
}

using Rows = std::vector<std::vector<std::string>>;

/// RFC 4180, the header left out.
Rows readCsv(const std::filesystem::path& path) {
    const std::string text = *readFile(path, 64 << 20);
    Rows rows(1, {""});
    bool quoted = false;
    for (std::size_t i = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < text.size(); ++i) {
        std::string& cell = rows.back().back();
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
            cell.push_back(text[++i]);
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == ',')
            rows.back().emplace_back();
        else if (!quoted && c == '\n')
            rows.push_back({""});
        else if (quoted || c != '\r')
            cell.push_back(c);
    }
    rows.erase(rows.begin());
    std::erase_if(rows, [](const auto& row) { return row.size() < 2; });
    return rows;
}

struct Data {
    std::vector<std::string> texts;
    std::vector<int> labels;
};

struct LabelIds {
    std::map<std::string, int> ids;
    std::vector<std::string> names;
    int of(const std::string& name) {
        const auto [at, added] = ids.emplace(name, int(names.size()));
        if (added)
            names.push_back(name);
        return at->second;
    }
};

Data dataOf(const Rows& rows, std::size_t textColumn, std::size_t labelColumn, LabelIds& labels) {
    Data data;
    for (const auto& row : rows) {
        data.texts.push_back(row[textColumn]);
        data.labels.push_back(labels.of(row[labelColumn]));
    }
    return data;
}

/// Per label, after a shuffle with \p seed, the first \p share of the texts goes to the second part.
std::pair<Data, Data> stratifiedSplit(const Data& data, double share, std::uint64_t seed) {
    std::map<int, std::vector<std::size_t>> byLabel;
    for (std::size_t i = 0; i < data.texts.size(); ++i)
        byLabel[data.labels[i]].push_back(i);
    std::uint64_t state = seed * 0x9E3779B97F4A7C15ull + 0x1234567ull;
    const auto random = [&state] {
        state += 0x9E3779B97F4A7C15ull;
        std::uint64_t z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    };
    std::pair<Data, Data> parts;
    for (auto& [label, items] : byLabel) {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[random() % i]);
        const auto cut = std::size_t(double(items.size()) * share + 0.5);
        for (std::size_t i = 0; i < items.size(); ++i) {
            Data& part = i < cut ? parts.second : parts.first;
            part.texts.push_back(data.texts[items[i]]);
            part.labels.push_back(label);
        }
    }
    return parts;
}

struct Outcome {
    double accuracy = 0;
    double trainSeconds = 0;
    double textsPerSecond = 0;
};

Outcome measure(const Data& train, const Data& dev, const Data& test, const std::vector<std::string>& names) {
    JobContext context;
    Outcome outcome;
    const auto start = Clock::now();
    const auto model = NgramClassifier::train(train.texts, train.labels, names, dev.texts, dev.labels, {}, context);
    outcome.trainSeconds = secondsSince(start);
    if (!model)
        qFatal("%s", model.error().message.c_str());
    const auto predictStart = Clock::now();
    std::size_t correct = 0;
    for (std::size_t i = 0; i < test.texts.size(); ++i) {
        const std::vector<float> p = model->predict(test.texts[i]);
        correct += std::max_element(p.begin(), p.end()) - p.begin() == test.labels[i] ? 1 : 0;
    }
    outcome.textsPerSecond = double(test.texts.size()) / secondsSince(predictStart);
    outcome.accuracy = double(correct) / double(test.texts.size());
    qInfo("accuracy %.4f on %zu texts, trained on %zu in %.2f s, %.0f texts/s predicted on one thread, %zu parameters",
          outcome.accuracy, test.texts.size(), train.texts.size(), outcome.trainSeconds, outcome.textsPerSecond,
          model->parameterCount());
    return outcome;
}

}  // namespace

class TestNgramBenchmarks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void banking77();
    void waimai10k();
};

void TestNgramBenchmarks::banking77() {
    if (!std::filesystem::exists(dataFolder() / "banking77"))
        QSKIP("LATHE_SHARED has no data/banking77");
    LabelIds labels;
    const Data all = dataOf(readCsv(dataFolder() / "banking77" / "train.csv"), 0, 1, labels);
    const Data test = dataOf(readCsv(dataFolder() / "banking77" / "test.csv"), 0, 1, labels);
    QCOMPARE(all.texts.size(), std::size_t(10003));
    QCOMPARE(test.texts.size(), std::size_t(3080));
    QCOMPARE(labels.names.size(), std::size_t(77));
    const auto [train, dev] = stratifiedSplit(all, 0.1, 0);
    const Outcome outcome = measure(train, dev, test, labels.names);
    QVERIFY(outcome.accuracy >= 0.90);
    QVERIFY(outcome.trainSeconds <= 10);
    QVERIFY(outcome.textsPerSecond >= 10000);
}

void TestNgramBenchmarks::waimai10k() {
    if (!std::filesystem::exists(dataFolder() / "waimai10k"))
        QSKIP("LATHE_SHARED has no data/waimai10k");
    LabelIds labels;
    const Data all = dataOf(readCsv(dataFolder() / "waimai10k" / "waimai_10k.csv"), 1, 0, labels);
    QCOMPARE(all.texts.size(), std::size_t(11987));
    const auto [train, test] = stratifiedSplit(all, 0.2, 0);
    const Outcome outcome = measure(train, {}, test, labels.names);
    QVERIFY(outcome.accuracy >= 0.89);
    QVERIFY(outcome.trainSeconds <= 10);
    QVERIFY(outcome.textsPerSecond >= 10000);
}

QTEST_GUILESS_MAIN(TestNgramBenchmarks)
#include "tst_ngram_benchmarks.moc"
