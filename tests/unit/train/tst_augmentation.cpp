// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Training texts that are a little different in every epoch.
// Torch first: Qt's macros and its headers do not go together the other way round.
#include "unit/train/tiny_network.h"

#include "train/detail/augmentation.h"
#include "unit/train/tiny_data.h"

#include <QtTest>

#include <fstream>
#include <numeric>
#include <set>

using namespace lathe;
using namespace lathe::train;

namespace {

const Masking kSpecial{.share = 0, .maskId = 3, .vocabSize = 1000, .never = {0, 1, 2, 3}};

std::vector<std::int64_t> someText(std::int64_t tokens) {
    std::vector<std::int64_t> ids{1};
    for (std::int64_t i = 0; i < tokens; ++i)
        ids.push_back(100 + i);
    ids.push_back(2);
    return ids;
}

struct Change {
    std::int64_t hidden = 0, gone = 0, moved = 0, tokens = 0;
};

/// What \p options do to 200 texts of 50 tokens.
Change changeBy(const AugmentationOptions& options) {
    Change change;
    for (std::uint64_t i = 0; i < 200; ++i) {
        Random random(i);
        auto ids = someText(50);
        const auto before = ids;
        disturbTokens(ids, options, kSpecial, random);
        change.tokens += 50;
        change.gone += static_cast<std::int64_t>(before.size() - ids.size());
        change.hidden += std::ranges::count(ids, 3);
        if (ids.size() == before.size())
            for (std::size_t t = 0; t < ids.size(); ++t)
                change.moved += ids[t] != before[t] && ids[t] != 3;
        if (ids.front() != 1 || ids.back() != 2)
            return {};
    }
    return change;
}

}  // namespace

class TestAugmentation : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;

    std::filesystem::path listOf(const char* content) {
        const auto file = std::filesystem::path(m_temporary.path().toStdString()) / "synonyms.txt";
        std::ofstream(file) << content;
        return file;
    }

private Q_SLOTS:
    void sharesAreWhatTheySay() {
        const auto isNear = [](std::int64_t count, double share) {
            return std::abs(static_cast<double>(count) / 10000 - share) < 0.02;
        };
        QVERIFY(isNear(changeBy({.mask = 0.15}).hidden, 0.15));
        QVERIFY(isNear(changeBy({.remove = 0.2}).gone, 0.2));
        // A swap moves two tokens, and the second one is not asked again.
        const auto swapped = changeBy({.swap = 0.1});
        QVERIFY2(isNear(swapped.moved, 2 * 0.1 / 1.1), qPrintable(QString::number(swapped.moved)));
        const auto none = changeBy({});
        QCOMPARE(none.hidden + none.gone + none.moved, std::int64_t{0});
        QCOMPARE(none.tokens, std::int64_t{10000});
    }

    void somethingIsAlwaysLeft() {
        for (std::uint64_t i = 0; i < 100; ++i) {
            Random random(i);
            auto ids = someText(3);
            disturbTokens(ids, {.remove = 0.9}, kSpecial, random);
            QVERIFY(ids.size() >= 3);
        }
    }

    void synonymsReplaceWholeWords() {
        const auto synonyms = Synonyms::load(listOf(
            "# a list\n\ncar: automobile\ncredit card:plastic\r\n银行: 钱庄\ncard\tticket\tpass\nÜbung: Training\n"));
        QVERIFY2(synonyms, synonyms ? "" : synonyms.error().message.c_str());
        Random random(1);
        const auto all = [&](const char* given) { return synonyms->replace(given, 1, random); };
        QCOMPARE(all("a Car, a scar and a carpet"), std::string("a automobile, a scar and a carpet"));
        QCOMPARE(all("my credit card"), std::string("my plastic"));  // the longest first
        QCOMPARE(all("我的银行卡"), std::string("我的钱庄卡"));
        QCOMPARE(all("Übung Übungen"), std::string("Training Übungen"));
        std::set<std::string> seen;
        for (int i = 0; i < 50; ++i)
            seen.insert(all("card"));
        QCOMPARE(seen, (std::set<std::string>{"ticket", "pass"}));
        QCOMPARE(synonyms->replace("a car", 0, random), std::string("a car"));
        QVERIFY(!all("broken \xE9\x93 bytes \xFF").empty());
    }

    void listsThatAreNone() {
        QVERIFY(Synonyms::load("/no/such/file").error().code == ErrorCode::NotFound ||
                Synonyms::load("/no/such/file").error().code == ErrorCode::Io);
        const auto wrong = Synonyms::load(listOf("car: automobile\njust a line\n"));
        QVERIFY(!wrong && wrong.error().code == ErrorCode::Parse);
        QVERIFY2(wrong.error().message.find("line 2") != std::string::npos, wrong.error().message.c_str());
    }

    void batchesAreAFunctionOfTheEpoch() {
        const test::WordTokenizer tokenizer;
        const std::vector<std::string> originals{"my card is lost", "where is my money today", "card card card"};
        EncodedSet set;
        for (std::size_t i = 0; i < originals.size(); ++i)
            set.add(encodeText(tokenizer, originals[i], static_cast<int>(i), 32));
        const auto plain = makeClassificationSource(set, 0);
        const auto file = listOf("card: plastic ticket\n");
        const auto make = [&](const AugmentationOptions& options) {
            return makeAugmentedSource({.texts = *plain,
                                        .originals = originals,
                                        .tokenizer = tokenizer,
                                        .maxTokens = 32,
                                        .padId = 0,
                                        .special = kSpecial},
                                       options);
        };
        const std::vector<std::int32_t> items{2, 0, 1};
        const auto changed = make({.mask = 0.2, .remove = 0.2, .swap = 0.2, .synonym = 0.5, .synonyms = file.string()});
        QVERIFY2(changed, changed ? "" : changed.error().message.c_str());
        const auto one = (*changed)->make(items, 1), again = (*changed)->make(items, 1);
        QVERIFY(torch::equal(one.input.ids, again.input.ids));
        QVERIFY(torch::equal(one.targets, plain->make(items, 1).targets));
        // An item is changed in the same way whatever the batch that it is in.
        const auto alone = (*changed)->make(std::vector<std::int32_t>{0}, 1);
        const auto row = one.input.ids[1].narrow(0, 0, alone.input.ids.size(1));
        QVERIFY(torch::equal(row, alone.input.ids[0]));
        std::set<std::string> seen;
        for (std::uint64_t epoch = 0; epoch < 10; ++epoch) {
            std::ostringstream out;
            out << (*changed)->make(items, epoch).input.ids;
            seen.insert(out.str());
        }
        QVERIFY(seen.size() > 5);
        // Every synonym at once: three words become six, and the mask says so.
        const auto longer = (*make({.synonym = 1, .synonyms = file.string()}))->make(items, 0);
        QCOMPARE(longer.input.ids.size(1), std::int64_t{8});
        QCOMPARE(longer.input.mask.sum(1)[0].item<std::int64_t>(), std::int64_t{8});
        QCOMPARE(longer.input.mask.sum(1)[1].item<std::int64_t>(), std::int64_t{7});
        QCOMPARE(longer.tokens, longer.input.mask.sum().item<std::int64_t>());
        // Nothing to do: the batches as they were.
        const auto same = (*make({}))->make(items, 3);
        QVERIFY(torch::equal(same.input.ids, plain->make(items, 3).input.ids));
        QVERIFY(torch::equal(same.input.mask, plain->make(items, 3).input.mask));
    }

    void targetsThatWouldNotFitAreRefused() {
        const test::WordTokenizer tokenizer(true);
        const auto answers = makeNextTokenSource(test::tinyTexts(3), 0);
        const auto refused = makeAugmentedSource({.texts = *answers,
                                                  .originals = {"a", "b", "c"},
                                                  .tokenizer = tokenizer,
                                                  .maxTokens = 32,
                                                  .special = kSpecial},
                                                 {.swap = 0.1});
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidInput);
        QVERIFY(refused.error().message.find("augment_swap") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestAugmentation)
#include "tst_augmentation.moc"
