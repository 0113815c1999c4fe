// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Acquisition orders on pools small enough to know the answer, and labelling played through on a made corpus.
#include <QTest>

#include <cmath>
#include <set>

#include "assist/acquisition.h"
#include "assist/labelling_simulation.h"
#include "assist/text_sketches.h"

using namespace lathe;
using namespace lathe::assist;

namespace {

std::vector<std::size_t> choose(const char* id, const Pool& pool, std::size_t count, std::uint64_t seed = 1) {
    const auto registry = makeAcquisitionRegistry();
    JobContext context;
    const auto chosen = chooseNext(*registry.find(id), pool, count, seed, context);
    return chosen ? *chosen : std::vector<std::size_t>{9999};
}

using Indices = std::vector<std::size_t>;

/// Texts of three labels: two that share most of their words, and one far off that is rare.
KnownTexts madeTexts(int count, int shift) {
    const std::vector<std::string> things{"card", "phone", "letter", "order", "gift", "bill", "ticket", "parcel"};
    KnownTexts known;
    for (int i = 0; i < count; ++i) {
        const auto thing = things[static_cast<std::size_t>(i * 7 + shift) % things.size()] + std::to_string(i % 13);
        const int label = i % 20 == 0 ? 2 : i % 2;
        known.labels.push_back(label);
        known.texts.push_back(label == 0   ? "my new " + thing + " has not arrived"
                              : label == 1 ? "my new " + thing + " has arrived broken"
                                           : "转账还没有到账 " + thing);
    }
    return known;
}

}  // namespace

class TestAcquisition : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void measuresOfUncertainty();
    void eachMeasureFindsItsText();
    void orderRespectsWhatIsLabelled();
    void theSameSeedGivesTheSameOrder();
    void diverseTakesOneOfEachKind();
    void uncertainAndDiverseSkipsCopies();
    void disagreementIsRankedByTheModelsLead();
    void whatIsMissingIsSaid();
    void stopIsHeard();
    void simulationLearnsAndKeepsBudgets();
    void settingAsideIsStratified();
};

void TestAcquisition::measuresOfUncertainty() {
    const std::vector<float> uniform(4, 0.25f), sure{1, 0, 0, 0}, torn{0.5f, 0.5f, 0, 0};
    for (const auto measure : {leastConfidence, smallMargin, entropy}) {
        QVERIFY(std::abs(measure(uniform) - 1) < 1e-6f);
        QVERIFY(std::abs(measure(sure)) < 1e-6f);
    }
    QVERIFY(std::abs(leastConfidence(torn) - 0.5f / 0.75f) < 1e-6f);
    QVERIFY(std::abs(smallMargin(torn) - 1) < 1e-6f);  // between two labels it is as unsure as can be
    QVERIFY(std::abs(entropy(torn) - 0.5f) < 1e-6f);   // log 2 / log 4
}

void TestAcquisition::eachMeasureFindsItsText() {
    const std::vector<int> given(4, kOpen);
    const std::vector<float> p{0.50f, 0.49f, 0.01f,   // two labels tied
                               0.45f, 0.28f, 0.27f,   // lowest best, flattest
                               0.90f, 0.05f, 0.05f,   //
                               0.60f, 0.40f, 0.00f};  //
    const Pool pool{given, p, 3, nullptr};
    QCOMPARE(choose("smallest_margin", pool, 1), Indices{0});
    QCOMPARE(choose("least_confident", pool, 1), Indices{1});
    QCOMPARE(choose("entropy", pool, 1), Indices{1});
    QCOMPARE(choose("smallest_margin", pool, 9), (Indices{0, 1, 3, 2}));
}

void TestAcquisition::orderRespectsWhatIsLabelled() {
    const std::vector<int> given{0, kOpen, 1, kOpen};
    const std::vector<float> p{0.5f, 0.5f, 0.9f, 0.1f, 0.5f, 0.5f, 0.6f, 0.4f};
    const Pool pool{given, p, 2, nullptr};
    for (const char* id : {"least_confident", "smallest_margin", "entropy"})
        QCOMPARE(choose(id, pool, 4), (Indices{3, 1}));
    const auto random = choose("random", pool, 4);
    QCOMPARE(std::set<std::size_t>(random.begin(), random.end()), (std::set<std::size_t>{1, 3}));
}

void TestAcquisition::theSameSeedGivesTheSameOrder() {
    const std::vector<int> given(200, kOpen);
    const Pool pool{given, {}, 0, nullptr};
    QCOMPARE(choose("random", pool, 50, 3), choose("random", pool, 50, 3));
    QVERIFY(choose("random", pool, 50, 3) != choose("random", pool, 50, 4));
    const std::vector<float> equal(400, 0.5f);  // ties are broken by the seed, not by the position
    const Pool tied{given, equal, 2, nullptr};
    QVERIFY(choose("entropy", tied, 10, 3) != (Indices{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

void TestAcquisition::diverseTakesOneOfEachKind() {
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i)  // more than a block of sketches
        texts.push_back("where is my card, it has not arrived yet");
    texts[17] = "please close my account and send the balance";
    texts[280] = "转账失败了怎么办";
    JobContext context;
    const auto sketches = TextSketches::make(texts, context);
    QVERIFY(sketches.has_value());
    std::vector<float> similar(sketches->paddedSize());
    sketches->similarities(0, similar);
    QVERIFY(std::abs(similar[1] - 1) < 1e-5f);
    QVERIFY(similar[17] < 0.6f && similar[280] < 0.6f);
    std::vector<int> given(texts.size(), kOpen);
    given[5] = 0;  // the common kind has a label already
    const Pool pool{given, {}, 0, &*sketches};
    const auto chosen = choose("diverse", pool, 2);
    QCOMPARE(std::set<std::size_t>(chosen.begin(), chosen.end()), (std::set<std::size_t>{17, 280}));
}

void TestAcquisition::uncertainAndDiverseSkipsCopies() {
    const std::vector<std::string> texts{"is the fee of a card charged monthly", "is the fee of a card charged monthly",
                                         "the exchange rate abroad was wrong", "I lost my passport on a train"};
    JobContext context;
    const auto sketches = TextSketches::make(texts, context);
    QVERIFY(sketches.has_value());
    const std::vector<int> given(4, kOpen);
    const std::vector<float> p{0.50f, 0.50f, 0.50f, 0.50f, 0.55f, 0.45f, 0.99f, 0.01f};
    const Pool pool{given, p, 2, &*sketches};
    const auto chosen = choose("uncertain_diverse", pool, 2);
    QCOMPARE(chosen.size(), std::size_t(2));
    QCOMPARE(std::ranges::count_if(chosen, [](std::size_t i) { return i < 2; }), 1);  // one of the copies
    QCOMPARE(std::ranges::count(chosen, std::size_t(2)), 1);                          // not the sure one
}

void TestAcquisition::disagreementIsRankedByTheModelsLead() {
    const std::vector<int> given{0, 0, 1, kOpen, 2};  // 2: a label that the model does not know
    const std::vector<float> p{0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f, 0.1f, 0.9f, 0.95f, 0.05f};
    const Pool pool{given, p, 2, nullptr};
    QCOMPARE(choose("disagreement", pool, 9), (Indices{4, 1, 2}));
}

void TestAcquisition::whatIsMissingIsSaid() {
    const auto registry = makeAcquisitionRegistry();
    JobContext context;
    const std::vector<int> given(3, kOpen);
    const std::vector<float> few(4, 0.5f);
    for (const auto& order : registry.entries()) {
        QVERIFY(!order.title.empty() && !order.help.empty() && !order.source.empty());
        const auto chosen = chooseNext(order, Pool{given, {}, 0, nullptr}, 1, 1, context);
        QCOMPARE(chosen.has_value(), !order.needsModel && !order.needsSketches);
    }
    const auto wrong = chooseNext(*registry.find("entropy"), Pool{given, few, 2, nullptr}, 1, 1, context);
    QCOMPARE(wrong.error().code, ErrorCode::InvalidInput);
}

void TestAcquisition::stopIsHeard() {
    auto control = std::make_shared<JobControl>();
    JobContext context(control);
    const std::vector<std::string> texts(5, "a text");
    const auto sketches = TextSketches::make(texts, context);
    QVERIFY(sketches.has_value());
    control->requestStop();
    QCOMPARE(TextSketches::make(texts, context).error().code, ErrorCode::Canceled);
    const std::vector<int> given(5, kOpen);
    const auto registry = makeAcquisitionRegistry();
    QCOMPARE(chooseNext(*registry.find("diverse"), Pool{given, {}, 0, &*sketches}, 2, 1, context).error().code,
             ErrorCode::Canceled);
}

void TestAcquisition::simulationLearnsAndKeepsBudgets() {
    SimulationData data{.pool = madeTexts(400, 0),
                        .dev = madeTexts(60, 3),
                        .test = madeTexts(80, 5),
                        .labelNames = {"late", "broken", "transfer"}};
    JobContext context;
    const auto sketches = TextSketches::make(data.pool.texts, context);
    QVERIFY(sketches.has_value());
    const SimulationPlan plan{.budgets = {12, 24, 48, 1000}, .seed = 1, .model = {.threads = 1}};
    const auto registry = makeAcquisitionRegistry();
    for (const auto& order : registry.entries()) {
        if (order.ofLabelled)
            continue;
        const auto points = simulateLabelling(order, data, &*sketches, plan, context);
        QVERIFY2(points.has_value(), order.id.c_str());
        QCOMPARE(points->size(), std::size_t(3));  // the pool cannot fill the last
        QCOMPARE(points->back().labels, std::size_t(48));
        QVERIFY2(points->back().testAccuracy > 0.85, order.id.c_str());
        QVERIFY(points->back().testAccuracy >= points->front().testAccuracy);
    }
    QCOMPARE(simulateLabelling(*registry.find("disagreement"), data, &*sketches, plan, context).error().code,
             ErrorCode::InvalidInput);
}

void TestAcquisition::settingAsideIsStratified() {
    const auto all = madeTexts(200, 0);
    const auto [rest, aside] = setAside(all, 0.1, 7);
    QCOMPARE(rest.texts.size() + aside.texts.size(), all.texts.size());
    for (int label = 0; label < 3; ++label) {
        const auto total = std::ranges::count(all.labels, label);
        QCOMPARE(std::ranges::count(aside.labels, label), std::lround(0.1 * double(total)));
    }
    QCOMPARE(setAside(all, 0.1, 7).second.texts, aside.texts);
    QVERIFY(setAside(all, 0.1, 8).second.texts != aside.texts);
}

QTEST_APPLESS_MAIN(TestAcquisition)
#include "tst_acquisition.moc"
