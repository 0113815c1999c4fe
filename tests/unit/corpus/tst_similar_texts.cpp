// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Near duplicates against comparing every pair, and the reports that the store's samples give.
#include <QElapsedTimer>
#include <QTest>

#include <random>
#include <set>

#include "corpus/clean/duplicates.h"
#include "corpus/clean/similar_texts.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

Result<std::vector<SimilarGroup>> groupsOf(const std::vector<std::string>& texts, double threshold) {
    SimilarTexts similar(threshold);
    std::vector<std::string> comparable;
    for (const std::string& text : texts) {
        comparable.push_back(comparableText(text));
        similar.add(comparable.back());
    }
    JobContext context;
    return similar.groups(
        [&](std::span<const std::uint32_t> indices) -> Result<std::vector<std::string>> {
            std::vector<std::string> asked;
            for (const std::uint32_t i : indices)
                asked.push_back(comparable[i]);
            return asked;
        },
        context);
}

std::vector<std::vector<std::uint32_t>> members(const std::vector<SimilarGroup>& groups) {
    std::vector<std::vector<std::uint32_t>> all;
    for (const SimilarGroup& group : groups)
        all.push_back(group.members);
    return all;
}

// Sentences of words drawn by a seed, every third one a copy of an earlier one with some words or characters changed.
std::vector<std::string> noisyTexts(std::size_t count, bool isChinese) {
    static const std::vector<std::string> kLatin{"card",  "money", "transfer", "where", "lost",  "please",  "account",
                                                 "bill",  "order", "refund",   "today", "never", "arrived", "customer",
                                                 "phone", "again", "charged",  "twice", "wrong", "address"};
    static const std::vector<std::string> kHan{"银行", "卡片", "转账", "哪里", "丢失", "请问", "账户",
                                               "账单", "订单", "退款", "今天", "从未", "到达", "客户",
                                               "电话", "再次", "扣款", "两次", "错误", "地址"};
    const auto& words = isChinese ? kHan : kLatin;
    std::mt19937 engine(isChinese ? 5 : 4);
    const auto drawn = [&](std::size_t below) { return engine() % below; };
    std::vector<std::string> texts;
    std::vector<std::vector<std::string>> all;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::string> sentence;
        if (i % 3 == 2) {
            sentence = all[drawn(all.size())];
            for (std::size_t changes = drawn(3); changes > 0; --changes)
                sentence[drawn(sentence.size())] = words[drawn(words.size())];
        } else {
            for (std::size_t n = 8 + drawn(12); n > 0; --n)
                sentence.push_back(words[drawn(words.size())]);
        }
        std::string text;
        for (const std::string& word : sentence)
            text += (isChinese || text.empty() ? "" : " ") + word;
        all.push_back(std::move(sentence));
        texts.push_back(std::move(text));
    }
    return texts;
}

}  // namespace

class TestSimilarTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comparableForms();
    void jaccardByHand();
    void equalTexts();
    void nearTexts();
    void againstEveryPair_data();
    void againstEveryPair();
    void manyAlikeAreQuick();
    void reportOfAProject();
    void stops();
};

void TestSimilarTexts::comparableForms() {
    QCOMPARE(comparableText("  Ｗhere\tis \n my\u3000CARD？ "), std::string("where is my card?"));
    QCOMPARE(comparableText("ｶﾞ e\u0301 Straße"), std::string("ガ é strasse"));
    QCOMPARE(comparableText(" \n"), std::string());
}

void TestSimilarTexts::jaccardByHand() {
    // abcd bcde | bcde cdef: one shared of three.
    QCOMPARE(jaccard(shingles("abcde"), shingles("bcdef")), 1.0 / 3);
    // 我的 的卡 | 的卡 卡片: the last character begins no pair.
    QCOMPARE(jaccard(shingles("我的卡"), shingles("的卡片")), 1.0 / 3);
    QCOMPARE(jaccard(shingles("ab"), shingles("ab")), 1.0);
    QCOMPARE(jaccard(shingles("ab"), shingles("ac")), 0.0);
    QVERIFY(shingles("").empty());
}

void TestSimilarTexts::equalTexts() {
    const auto groups = groupsOf({"我的卡", "Ａb  c", "other", "ab C", " 我的卡", "", " "}, 1);
    VERIFY_OK(groups);
    const std::vector<std::vector<std::uint32_t>> expected{{0, 4}, {1, 3}};
    QCOMPARE(members(*groups), expected);
    QCOMPARE(groups->front().similarity, (std::vector<double>{1, 1}));
}

void TestSimilarTexts::nearTexts() {
    const auto groups = groupsOf({"请问我的银行卡什么时候可以寄到我家里", "please tell me where my new card is",
                                  "请问我的银行卡什么时候能够寄到我家里", "Please tell me where my new card is!!",
                                  "something else altogether", "另外一件完全不同的事情"},
                                 0.6);
    VERIFY_OK(groups);
    const std::vector<std::vector<std::uint32_t>> expected{{0, 2}, {1, 3}};
    QCOMPARE(members(*groups), expected);
    const double shared = 14, all = 20;  // 17 pairs each, of which three differ
    QCOMPARE(groups->front().similarity[1], shared / all);
}

void TestSimilarTexts::againstEveryPair_data() {
    QTest::addColumn<bool>("isChinese");
    QTest::addColumn<double>("threshold");
    for (const bool isChinese : {false, true})
        for (const double threshold : {0.5, 0.7, 0.8})
            QTest::addRow("%s %.1f", isChinese ? "Chinese" : "English", threshold) << isChinese << threshold;
}

void TestSimilarTexts::againstEveryPair() {
    QFETCH(bool, isChinese);
    QFETCH(double, threshold);
    const auto texts = noisyTexts(2000, isChinese);
    std::vector<std::vector<std::uint32_t>> sets;
    for (const std::string& text : texts)
        sets.push_back(shingles(comparableText(text)));
    const auto groups = groupsOf(texts, threshold);
    VERIFY_OK(groups);
    std::vector<int> groupOf(texts.size(), -1);
    for (std::size_t g = 0; g < groups->size(); ++g)
        for (const std::uint32_t member : (*groups)[g].members)
            groupOf[member] = static_cast<int>(g);
    std::int64_t pairs = 0, found = 0;
    std::set<std::uint32_t> linked;  // texts that are like another one of their group
    for (std::uint32_t i = 0; i < texts.size(); ++i)
        for (std::uint32_t j = i + 1; j < texts.size(); ++j)
            if (jaccard(sets[i], sets[j]) >= threshold) {
                ++pairs;
                const bool together = groupOf[i] >= 0 && groupOf[i] == groupOf[j];
                found += together ? 1 : 0;
                if (together)
                    linked.insert({i, j});
            }
    std::size_t grouped = 0;
    for (const SimilarGroup& group : *groups)
        grouped += group.members.size();
    QVERIFY2(pairs > 300, qPrintable(QString::number(pairs)));
    QVERIFY2(found >= 0.99 * static_cast<double>(pairs), qPrintable(QStringLiteral("%1 of %2").arg(found).arg(pairs)));
    QCOMPARE(linked.size(), grouped);  // nobody is in a group without a reason
}

void TestSimilarTexts::manyAlikeAreQuick() {
    std::vector<std::string> texts;
    for (int i = 0; i < 8000; ++i)
        texts.push_back("Your order number " + std::to_string(1000000 + i * 7919 % 9000000) +
                        " has been shipped and will arrive soon");
    QElapsedTimer timer;
    timer.start();
    const auto groups = groupsOf(texts, 0.7);
    VERIFY_OK(groups);
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed())));
    std::size_t grouped = 0;
    for (const SimilarGroup& group : *groups)
        grouped += group.members.size();
    QVERIFY2(grouped > 7600, qPrintable(QString::number(grouped)));
}

void TestSimilarTexts::reportOfAProject() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p.lathe",
                                   {"Where is my card?", "where is  MY card?", "我想要退款，请尽快处理我的订单",
                                    "unlike any", "我想要退款，请尽快处理你的订单", "where is my card?"},
                                   {"arrival", "lost", "refund", "", "refund", ""});
    const auto store = project.connect().value();
    VERIFY_OK(store->setSplit(std::vector<SampleId>{3}, Split::Train));
    VERIFY_OK(store->setSplit(std::vector<SampleId>{5}, Split::Test));
    JobContext context;
    const auto report = findDuplicates(*store, {}, context);
    VERIFY_OK(report);
    QCOMPARE(report->texts, 6);
    QCOMPARE(report->groups.size(), std::size_t(2));
    const DuplicateGroup& exact = report->groups[0];
    QVERIFY(exact.isExact && exact.conflicts && !exact.leaks);
    QCOMPARE(exact.members.size(), std::size_t(3));
    QCOMPARE(exact.members[2].sample, 6);
    const DuplicateGroup& near = report->groups[1];
    QVERIFY(!near.isExact && !near.conflicts && near.leaks);
    QVERIFY(near.members[1].similarity > 0.7 && near.members[1].similarity < 1);
    QCOMPARE(report->surplus, 3);
    QCOMPARE(report->exactSurplus, 2);
    QCOMPARE(report->conflicting, 1);
    QCOMPARE(report->leaking, 1);
    QCOMPARE(report->testInTrain, 1);
    const auto equalOnly = findDuplicates(*store, {.similarity = 1}, context);
    VERIFY_OK(equalOnly);
    QCOMPARE(equalOnly->groups.size(), std::size_t(1));
}

void TestSimilarTexts::stops() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p.lathe", {"a", "a"});
    const auto store = project.connect().value();
    const auto control = std::make_shared<JobControl>();
    control->requestStop();
    JobContext context(control);
    const auto report = findDuplicates(*store, {}, context);
    QVERIFY(!report && report.error().code == ErrorCode::Canceled);
}

QTEST_GUILESS_MAIN(TestSimilarTexts)
#include "tst_similar_texts.moc"
