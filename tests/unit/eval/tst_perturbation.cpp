// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged texts: the same for the same seed, of the kind that the name says, never broken UTF-8.
#include <QtTest>

#include <set>

#include "core/utf8.h"
#include "eval/perturbation.h"

using namespace lathe;
using namespace lathe::eval;

namespace {

std::string damaged(std::string_view id, std::string_view text, std::uint64_t seed = 1) {
    for (const Perturbation& each : perturbations())
        if (id == each.id)
            return each.apply(text, seed);
    qFatal("there is no perturbation of that name");
}

const std::string kText =
    "Why was my new card declined at the petrol station? \xe6\x88\x91\xe7\x9a\x84\xe6\x96\xb0\xe5\x8d\xa1"
    "\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88\xe4\xb8\x8d\xe8\x83\xbd\xe7\x94\xa8 \xf0\x9f\x98\x80";

}  // namespace

class TestPerturbation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allAreRepeatableAndWhole();
    void caseAndWidth();
    void typosAreFew();
    void wordsGo();
    void nothingStaysNothing();
};

void TestPerturbation::allAreRepeatableAndWhole() {
    std::set<std::string> ids;
    for (const Perturbation& each : perturbations()) {
        QVERIFY2(ids.insert(each.id).second, each.id);
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const std::string once = each.apply(kText, seed);
            QVERIFY2(once == each.apply(kText, seed), each.id);
            QVERIFY2(firstInvalidUtf8(once) == std::string::npos, each.id);
        }
    }
}

void TestPerturbation::caseAndWidth() {
    QCOMPARE(damaged("upper_case",
                     "Stra\xc3\x9f"
                     "e ok"),
             std::string("STRASSE OK"));
    QCOMPARE(damaged("lower_case", "ABC \xc3\x84"), std::string("abc \xc3\xa4"));
    QCOMPARE(damaged("full_width", "A1 ~"), std::string("\xef\xbc\xa1\xef\xbc\x91\xe3\x80\x80\xef\xbd\x9e"));
    QCOMPARE(damaged("half_width", damaged("full_width", "A1 ~!")), std::string("A1 ~!"));
}

void TestPerturbation::typosAreFew() {
    const std::size_t letters = countCodePoints(kText);
    int changed = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const std::string text = damaged("typos", kText, seed);
        changed += text == kText ? 0 : 1;
        const auto length = static_cast<double>(countCodePoints(text));
        QVERIFY(std::abs(length - static_cast<double>(letters)) <= 0.25 * static_cast<double>(letters));
    }
    QVERIFY2(changed > 80, "of a text of fifty letters nearly every draw changes one");
    QVERIFY(damaged("typos", kText, 1) != damaged("typos", kText, 2));
}

void TestPerturbation::wordsGo() {
    double kept = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed)
        kept += static_cast<double>(damaged("dropped_words", kText, seed).size()) / static_cast<double>(kText.size());
    QVERIFY2(kept / 200 > 0.78 && kept / 200 < 0.95, qPrintable(QString::number(kept / 200)));
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        QCOMPARE(damaged("dropped_words", "word", seed), std::string("word"));
}

void TestPerturbation::nothingStaysNothing() {
    for (const Perturbation& each : perturbations())
        QCOMPARE(each.apply("", 3), std::string());
}

QTEST_APPLESS_MAIN(TestPerturbation)
#include "tst_perturbation.moc"
