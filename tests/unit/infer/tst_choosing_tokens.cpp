// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which token is next: penalties and bans, what is drawn and how often, beams, a model folder's own settings.
#include <QtTest>

#include <cmath>
#include <map>
#include <numeric>

#include "infer/detail/beams.h"
#include "infer/detail/generation_defaults.h"
#include "infer/detail/logit_rules.h"
#include "infer/detail/sampler.h"

using namespace lathe::infer;
using lathe::Json;
using Ids = std::vector<std::int32_t>;

namespace {

std::vector<float> afterRules(const SearchSettings& settings, std::vector<float> scores, const Ids& history,
                              std::size_t prompt, std::int64_t most = 100) {
    LogitRules rules(settings, prompt, most);
    rules.apply(scores, history);
    return scores;
}

std::vector<float> logsOf(std::vector<double> probabilities) {
    std::vector<float> logs;
    for (const double p : probabilities)
        logs.push_back(static_cast<float>(std::log(p)));
    return logs;
}

/// A language of three letters and an end: what follows depends on the last letter alone.
std::vector<float> toyRow(std::int32_t last) {
    switch (last) {
        case 0:
            return logsOf({0.1, 0.5, 0.3, 0.1});
        case 1:
            return logsOf({0.4, 0.2, 0.1, 0.3});
        default:
            return logsOf({0.25, 0.05, 0.6, 0.1});
    }
}

std::vector<Hypothesis> toyBeams(const SearchSettings& settings, std::int64_t most) {
    Beams beams(settings, {0}, most, {});
    std::vector<std::vector<float>> raw(1, toyRow(0)), scores = raw;
    bool first = true;
    while (!beams.isDone()) {
        std::vector<BeamRow> rows;
        for (std::size_t i = 0; i < static_cast<std::size_t>(settings.beams); ++i)
            rows.push_back({raw[first ? 0 : i], scores[first ? 0 : i]});
        beams.advance(rows);
        raw.clear();
        for (const Hypothesis& one : beams.running())
            raw.push_back(toyRow(one.ids.back()));
        scores = raw;
        first = false;
    }
    return beams.finished();
}

}  // namespace

class TestChoosingTokens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void greedyTakesTheBest() {
        const SearchSettings settings;
        Sampler sampler(settings);
        QCOMPARE(sampler.next(std::vector{0.1f, 3.0f, 3.0f, -1.0f}), 1);
        const auto broken = afterRules(settings, {NAN, -5.0f, NAN}, {}, 0);
        QCOMPARE(sampler.next(broken), 1);
        QCOMPARE(sampler.next(std::vector{-INFINITY, -INFINITY}), 0);
    }

    void repetitionIsPenalised() {
        SearchSettings settings;
        settings.repetitionPenalty = 2;
        const Ids history = {1, 1, 3, -7, 99};
        QCOMPARE(afterRules(settings, {1.0f, 1.9f, 0.5f, 0.0f}, history, 2),
                 (std::vector<float>{1.0f, 0.95f, 0.5f, 0.0f}));
        QCOMPARE(afterRules(settings, {-1.0f, -0.4f, -0.9f, -9.0f}, history, 2),
                 (std::vector<float>{-1.0f, -0.8f, -0.9f, -18.0f}));
    }

    void countsArePenalisedInTheAnswerAlone() {
        SearchSettings settings;
        settings.frequencyPenalty = 0.5;
        settings.presencePenalty = 2;
        QCOMPARE(afterRules(settings, {0, 0, 0, 0}, {3, 3, 1, 1, 2}, 2), (std::vector<float>{0, -3, -2.5f, 0}));
    }

    void repeatedNgramsAndBadWordsAreBanned() {
        SearchSettings settings;
        settings.noRepeatNgram = 2;
        const float gone = -INFINITY;
        QCOMPARE(afterRules(settings, {0, 0, 0}, {1, 2, 0, 1}, 4), (std::vector<float>{0, 0, gone}));
        settings.noRepeatNgram = 1;
        QCOMPARE(afterRules(settings, {0, 0, 0}, {1, 1}, 2), (std::vector<float>{0, gone, 0}));
        settings.noRepeatNgram = 0;
        settings.badWords = {{2}, {1, 0}, {0, 1, 1}};
        QCOMPARE(afterRules(settings, {0, 0, 0}, {0, 1}, 2), (std::vector<float>{gone, gone, gone}));
        QCOMPARE(afterRules(settings, {0, 0, 0}, {1, 2}, 2), (std::vector<float>{0, 0, gone}));
    }

    void endsWaitAndTokensAreForced() {
        SearchSettings settings;
        const float gone = -INFINITY;
        settings.ends = {1, 77};
        settings.minNewTokens = 2;
        QCOMPARE(afterRules(settings, {0, 0, 0}, {0, 0, 0, 2}, 3), (std::vector<float>{0, gone, 0}));
        QCOMPARE(afterRules(settings, {0, 0, 0}, {0, 0, 0, 2, 2}, 3), (std::vector<float>{0, 0, 0}));
        settings.minNewTokens = 0;
        settings.minLength = 6;
        QCOMPARE(afterRules(settings, {0, 0, 0}, {0, 0, 0, 2, 2}, 3), (std::vector<float>{0, gone, 0}));
        settings = {};
        settings.forcedFirst = 2;
        settings.forcedLast = {1};
        QCOMPARE(afterRules(settings, {5, 5, 5}, {0}, 1, 9), (std::vector<float>{gone, gone, 0}));
        QCOMPARE(afterRules(settings, {5, 5, 5}, {0, 2, 2}, 1, 3), (std::vector<float>{gone, 0, gone}));
        settings.suppressed = {0};
        settings.suppressedFirst = {1};
        QCOMPARE(afterRules(settings, {5, 5, 5}, {0, 2}, 1, 9), (std::vector<float>{gone, gone, 5}));
        QCOMPARE(afterRules(settings, {5, 5, 5}, {0, 2, 2}, 1, 9), (std::vector<float>{gone, 5, 5}));
    }

    void drawsFollowTheDistribution_data() {
        QTest::addColumn<double>("temperature");
        QTest::addColumn<int>("topK");
        QTest::addColumn<double>("topP");
        QTest::addColumn<double>("minP");
        QTest::addColumn<QList<double>>("expected");
        const double z = std::sqrt(0.4) + std::sqrt(0.3) + std::sqrt(0.15) + std::sqrt(0.1) + std::sqrt(0.05);
        QTest::newRow("as it is") << 1.0 << 0 << 1.0 << 0.0 << QList<double>{0.15, 0.4, 0.05, 0.3, 0.1};
        QTest::newRow("hot") << 2.0 << 0 << 1.0 << 0.0
                             << QList<double>{std::sqrt(0.15) / z, std::sqrt(0.4) / z, std::sqrt(0.05) / z,
                                              std::sqrt(0.3) / z, std::sqrt(0.1) / z};
        QTest::newRow("top k") << 1.0 << 2 << 1.0 << 0.0 << QList<double>{0, 4.0 / 7, 0, 3.0 / 7, 0};
        // 0.4 + 0.3 is short of 0.75, so the third belongs to it
        QTest::newRow("top p") << 1.0 << 0 << 0.75 << 0.0 << QList<double>{0.15 / 0.85, 0.4 / 0.85, 0, 0.3 / 0.85, 0};
        QTest::newRow("top p of one") << 1.0 << 0 << 0.01 << 0.0 << QList<double>{0, 1, 0, 0, 0};
        QTest::newRow("min p") << 1.0 << 0 << 1.0 << 0.3 << QList<double>{0.15 / 0.85, 0.4 / 0.85, 0, 0.3 / 0.85, 0};
        QTest::newRow("all") << 1.0 << 4 << 0.9 << 0.5 << QList<double>{0, 4.0 / 7, 0, 3.0 / 7, 0};
    }
    void drawsFollowTheDistribution() {
        QFETCH(double, temperature);
        QFETCH(int, topK);
        QFETCH(double, topP);
        QFETCH(double, minP);
        QFETCH(QList<double>, expected);
        SearchSettings settings;
        settings.sample = true;
        settings.temperature = temperature;
        settings.topK = topK;
        settings.topP = topP;
        settings.minP = minP;
        settings.seed = 11;
        Sampler sampler(settings);
        const std::vector<float> scores = logsOf({0.15, 0.4, 0.05, 0.3, 0.1});
        constexpr int kDraws = 40'000;
        std::vector<int> counts(scores.size());
        for (int i = 0; i < kDraws; ++i)
            ++counts[static_cast<std::size_t>(sampler.next(scores))];
        double chiSquare = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const double wanted = expected[static_cast<qsizetype>(i)] * kDraws;
            if (wanted == 0)
                QCOMPARE(counts[i], 0);
            else
                chiSquare += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
        }
        // four degrees of freedom: beyond 18.5 with a chance of one in a thousand
        QVERIFY2(chiSquare < 18.5, std::to_string(chiSquare).c_str());
    }

    void warpingLeavesTheSameChoices() {
        SearchSettings settings;
        settings.sample = true;
        settings.temperature = 0.5;
        settings.topK = 1;
        Sampler sampler(settings);
        std::vector<float> scores = logsOf({0.2, 0.5, 0.3});
        sampler.warp(scores, 2);  // beams need one more than the ends
        QVERIFY(std::isinf(scores[0]));
        QCOMPARE(scores[1], 2 * static_cast<float>(std::log(0.5)));
        QVERIFY(std::isfinite(scores[2]));
    }

    void seedsRepeat() {
        const auto draw = [](std::uint64_t seed, std::uint64_t text) {
            SearchSettings settings;
            settings.sample = true;
            settings.seed = seed;
            Sampler sampler(settings, text);
            Ids ids;
            for (int i = 0; i < 50; ++i)
                ids.push_back(sampler.next(std::vector<float>(40, 0.0f)));
            return ids;
        };
        QCOMPARE(draw(1, 0), draw(1, 0));
        QVERIFY(draw(1, 0) != draw(2, 0));
        QVERIFY(draw(1, 0) != draw(1, 1));
        QVERIFY(draw(1, 1) != draw(2, 0));
    }

    void beamsFindTheBestText_data() {
        QTest::addColumn<double>("lengthPenalty");
        QTest::newRow("sum") << 0.0;
        QTest::newRow("mean") << 1.0;
        QTest::newRow("short") << -1.0;
    }
    /// With as many beams as there are texts nothing is lost, so the best of all texts must come out.
    void beamsFindTheBestText() {
        QFETCH(double, lengthPenalty);
        SearchSettings settings;
        settings.beams = 60;
        settings.returned = 3;
        settings.lengthPenalty = lengthPenalty;
        settings.earlyStopping = EarlyStopping::Never;
        settings.ends = {3};
        const auto found = toyBeams(settings, 4);
        struct Text {
            Ids ids;
            double score;
        };
        std::vector<Text> all;
        const auto extend = [&](auto&& self, const Ids& ids, double sum) -> void {
            if (ids.size() == 4 || (!ids.empty() && ids.back() == 3)) {
                all.push_back({ids, sum / std::pow(static_cast<double>(ids.size()), lengthPenalty)});
                return;
            }
            const auto row = toyRow(ids.empty() ? 0 : ids.back());
            for (std::int32_t id = 0; id < 4; ++id) {
                Ids longer = ids;
                longer.push_back(id);
                self(self, longer, sum + static_cast<double>(row[static_cast<std::size_t>(id)]));
            }
        };
        extend(extend, {}, 0);
        std::ranges::sort(all, std::greater(), &Text::score);
        QCOMPARE(found[0].ids, all[0].ids);
        QVERIFY(std::abs(static_cast<double>(found[0].score) - all[0].score) < 1e-5);
        QVERIFY(std::abs(static_cast<double>(found[2].score) - all[2].score) < 1e-5);
        QCOMPARE(found[0].ended, found[0].ids.back() == 3);
    }

    void earlyStoppingTakesWhatIsThere() {
        SearchSettings settings;
        settings.beams = 3;
        settings.ends = {1, 3};
        settings.earlyStopping = EarlyStopping::Yes;
        std::size_t longest = 0;
        for (const Hypothesis& one : toyBeams(settings, 50)) {
            QVERIFY(one.ended);
            longest = std::max(longest, one.ids.size());
        }
        QVERIFY(longest < 50);
    }

    void beamsKeepChances() {
        SearchSettings settings;
        settings.beams = 3;
        settings.ends = {3};
        settings.logProbabilities = 2;
        for (const Hypothesis& one : toyBeams(settings, 5)) {
            QCOMPARE(one.chances.size(), one.ids.size());
            double sum = 0;
            for (std::size_t i = 0; i < one.ids.size(); ++i) {
                QCOMPARE(one.chances[i].id, one.ids[i]);
                QCOMPARE(one.chances[i].top.size(), std::size_t{2});
                QVERIFY(one.chances[i].top[0].second >= one.chances[i].top[1].second);
                sum += one.chances[i].logProbability;
            }
            QVERIFY(std::abs(sum / static_cast<double>(one.ids.size()) - static_cast<double>(one.score)) < 1e-5);
        }
    }

    void drawnBeamsDiffer() {
        SearchSettings settings;
        settings.beams = 3;
        settings.sample = true;
        std::map<Ids, int> kinds;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            settings.seed = seed;
            ++kinds[toyBeams(settings, 6).front().ids];
        }
        QVERIFY(kinds.size() > 1);
        QCOMPARE(toyBeams(settings, 6).front().ids, toyBeams(settings, 6).front().ids);
    }

    void aModelsOwnSettingsCount() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(lathe::writeJsonFile(path / "generation_config.json", Json{{"do_sample", true},
                                                                           {"temperature", 0.6},
                                                                           {"top_k", 20},
                                                                           {"top_p", 0.9},
                                                                           {"min_p", nullptr},
                                                                           {"eos_token_id", {5, 9}},
                                                                           {"max_length", 40},
                                                                           {"repetition_penalty", 1.1},
                                                                           {"num_beams", 4},
                                                                           {"early_stopping", "never"},
                                                                           {"forced_bos_token_id", 3},
                                                                           {"bad_words_ids", {{7}, {5}}},
                                                                           {"typical_p", 0.5},
                                                                           {"decoder_start_token_id", 2}}));
        const auto defaults = GenerationDefaults::of(path, Json{{"eos_token_id", 1}});
        const auto own = defaults.settings({});
        QVERIFY(own);
        QVERIFY(own->sample);
        QCOMPARE(own->temperature, 0.6);
        QCOMPARE(own->topK, 20);
        QCOMPARE(own->topP, 0.9);
        QCOMPARE(own->minP, 0.0);
        QCOMPARE(own->ends, (Ids{5, 9}));
        QCOMPARE(own->limitBehind(12, 0), std::int64_t{28});
        QCOMPARE(own->limitBehind(12, 20), std::int64_t{8});
        QCOMPARE(own->limitBehind(50, 0), std::int64_t{0});
        QCOMPARE(own->beams, 4);
        QVERIFY(own->earlyStopping == EarlyStopping::Never);
        QCOMPARE(own->forcedFirst.value(), 3);
        QCOMPARE(own->badWords, (std::vector<Ids>{{7}}));  // an end cannot be a bad word
        QCOMPARE(own->decoderStart, 2);
        QCOMPARE(defaults.ignored(), (std::vector<std::string>{"typical_p"}));

        GenerateOptions options;
        options.temperature = 0;
        options.maxNewTokens = 7;
        options.beams = 1;
        options.topK = 0;
        const auto asked = defaults.settings(options);
        QVERIFY(asked);
        QVERIFY(!asked->sample);
        QCOMPARE(asked->limitBehind(12, 0), std::int64_t{7});
        QCOMPARE(asked->topK, 0);
        QCOMPARE(asked->repetitionPenalty, 1.1);
        options.returned = 2;
        QVERIFY(!defaults.settings(options));  // twice the same
        options.sample = true;
        QVERIFY(!defaults.settings(options));  // at temperature 0
    }

    void strangeSettingsCountAsNone() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(lathe::writeJsonFile(path / "generation_config.json", Json{{"temperature", "warm"},
                                                                           {"top_k", -3},
                                                                           {"max_new_tokens", 1e300},
                                                                           {"num_beams", 1000000000},
                                                                           {"eos_token_id", {-1, "x", 4294967296}},
                                                                           {"bad_words_ids", "none"}}));
        const auto settings = GenerationDefaults::of(path, Json::array()).settings({});
        QVERIFY(settings);
        QCOMPARE(settings->temperature, 1.0);
        QCOMPARE(settings->topK, 0);
        QCOMPARE(settings->maxNewTokens, std::int64_t{128});
        QCOMPARE(settings->beams, 64);
        QVERIFY(settings->ends.empty());
    }

    void oldConfigsSayItThemselves() {
        const Json config = {{"model_type", "bart"}, {"num_beams", 4}, {"no_repeat_ngram_size", 3}, {"min_length", 5}};
        const auto settings = GenerationDefaults::of("/nowhere", config).settings({});
        QVERIFY(settings);
        QCOMPARE(settings->beams, 4);
        QCOMPARE(settings->noRepeatNgram, 3);
        QCOMPARE(settings->minLength, std::int64_t{5});
        QCOMPARE(settings->forcedLast, (Ids{2}));
        QCOMPARE(settings->ends, (Ids{2}));
    }
};

QTEST_GUILESS_MAIN(TestChoosingTokens)
#include "tst_choosing_tokens.moc"
