// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rules as weak labellers: what each kind finds, their figures by hand, and the label model on votes drawn from known
// accuracies.
#include <QTest>

#include <cmath>
#include <random>

#include "assist/rule_votes.h"
#include "core/files.h"
#include "corpus/project.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::assist;

namespace {

Rule rule(const char* kind, std::vector<std::string> lines, bool matchCase = false) {
    return {.name = "r", .kind = kind, .label = "a", .lines = std::move(lines), .matchCase = matchCase};
}

using Ranges = std::vector<TextRange>;

Ranges find(const Rule& r, std::string_view text) {
    auto matcher = makeMatcher(r);
    if (!matcher)
        return {{-1, -1}};
    const auto found = (*matcher)->matches(text);
    return found ? *found : Ranges{{-2, -2}};
}

/// Texts with a true label each, and what labellers of given accuracies and coverages say of them.
struct Simulation {
    Votes votes;
    std::vector<int> truth;
};

Simulation simulate(const std::vector<double>& accuracy, const std::vector<double>& coverage,
                    const std::vector<double>& balance, std::size_t texts, unsigned seed) {
    std::mt19937 random(seed);
    const auto uniform = [&] { return double(random()) / (double(std::mt19937::max()) + 1); };
    Simulation s;
    s.votes.labellers = accuracy.size();
    s.votes.labels = balance.size();
    for (std::size_t i = 0; i < texts; ++i) {
        double u = uniform();
        int y = 0;
        while (y + 1 < int(balance.size()) && u >= balance[std::size_t(y)])
            u -= balance[std::size_t(y++)];
        s.truth.push_back(y);
        for (std::size_t j = 0; j < accuracy.size(); ++j) {
            int vote = kAbstain;
            if (uniform() < coverage[j]) {
                const auto others = int(balance.size()) - 1;
                vote = uniform() < accuracy[j] ? y : (y + 1 + int(uniform() * others)) % int(balance.size());
            }
            s.votes.values.push_back(std::int16_t(vote));
        }
    }
    return s;
}

}  // namespace

class TestRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gazetteerFindsWholeWords();
    void gazetteerTakesTheLongest();
    void keywordsTogetherAndWithout();
    void patternsAreUnicode();
    void endlessPatternsAreStopped();
    void whatCannotBeReadIsSaid();
    void rulesSurviveFileAndProject();
    void figuresByHand();
    void majorityVoteHasNoOpinionOnTies();
    void labelModelRecoversKnownAccuracies();
    void labelModelBeatsMajorityVote();
    void knownLabelsSettleWhatVotesCannot();
    void badVotesAreRefused();
};

void TestRules::gazetteerFindsWholeWords() {
    const auto r = rule("gazetteer", {"card", "信用卡", "Zürich"});
    QCOMPARE(find(r, "my CARD, a cardigan, post-card"), (Ranges{{3, 7}, {26, 30}}));
    QCOMPARE(find(r, "我的信用卡丢了"), (Ranges{{2, 5}}));  // no spaces around a word
    QCOMPARE(find(r, "😀 in ZÜRICH"), (Ranges{{5, 11}}));    // code points
    QCOMPARE(find(r, "ｃａｒｄ"), (Ranges{{0, 4}}));        // full width
    QCOMPARE(find(rule("gazetteer", {"Card"}, true), "card Card"), (Ranges{{5, 9}}));
}

void TestRules::gazetteerTakesTheLongest() {
    const auto r = rule("gazetteer", {"new york", "new york city", "york"});
    QCOMPARE(find(r, "new york city, new york, york"), (Ranges{{0, 13}, {15, 23}, {25, 29}}));
    QCOMPARE(find(r, "new yorker"), Ranges{});
}

void TestRules::keywordsTogetherAndWithout() {
    const auto r = rule("keywords", {"card lost -found", "stolen"});
    QCOMPARE(find(r, "I lost my card"), (Ranges{{2, 6}, {10, 14}}));
    QCOMPARE(find(r, "I lost my card and found it"), Ranges{});
    QCOMPARE(find(r, "my card"), Ranges{});
    QCOMPARE(find(r, "stolen card"), (Ranges{{0, 6}}));
    QCOMPARE(find(rule("keywords", {"转账 失败"}), "转账又失败了"), (Ranges{{0, 2}, {3, 5}}));
}

void TestRules::patternsAreUnicode() {
    QCOMPARE(find(rule("pattern", {"\\b\\d{2,}\\b"}), "😀 pay 250 or 9"), (Ranges{{6, 9}}));
    QCOMPARE(find(rule("pattern", {"straße"}), "STRAßE"), (Ranges{{0, 6}}));
    QCOMPARE(find(rule("pattern", {"[\\p{Han}]+卡", "x*"}), "我的卡 and"), (Ranges{{0, 3}}));
    QCOMPARE(find(rule("pattern", {"Ab"}, true), "ab Ab"), (Ranges{{3, 5}}));
}

void TestRules::endlessPatternsAreStopped() {
    const auto endless = rule("pattern", {"(a+)+$"});
    const std::string text = std::string(60, 'a') + "b";
    auto matcher = makeMatcher(endless);
    QVERIFY(matcher.has_value());
    const auto found = (*matcher)->matches(text);
    QCOMPARE(found.error().code, ErrorCode::Unsupported);
    QVERIFY((*matcher)->matches("aaa").has_value());  // and goes on with the next text
    JobContext context;
    const std::vector<std::string> texts{text, "aa"}, names{"a", "b"};
    const auto votes = applyRules({endless}, texts, names, context);
    QCOMPARE(votes->troubled.front(), std::int64_t(1));
    QCOMPARE(votes->votes.values, (std::vector<std::int16_t>{kAbstain, 0}));
}

void TestRules::whatCannotBeReadIsSaid() {
    const auto wrong = [](const Rule& r) { return QString::fromStdString(makeMatcher(r).error().message); };
    QVERIFY(wrong(rule("pattern", {"fine", "(open"})).contains("line 2"));
    QVERIFY(wrong(rule("magic", {"x"})).contains("keywords, pattern, gazetteer"));
    QVERIFY(wrong(rule("keywords", {"-only"})).contains("line 1"));
    QVERIFY(wrong(rule("keywords", {"", ""})).contains("looks for nothing"));
    auto nameless = rule("keywords", {"x"});
    nameless.name.clear();
    QVERIFY(!checkRules({nameless}).has_value());
    QVERIFY(!checkRules({rule("keywords", {"x"}), rule("keywords", {"y"})}).has_value());
    JobContext context;
    const std::vector<std::string> texts{"x"}, names{"b", "c"};
    QVERIFY(!applyRules({rule("keywords", {"x"})}, texts, names, context).has_value());
}

void TestRules::rulesSurviveFileAndProject() {
    const std::vector<Rule> rules{
        {.name = "lost", .kind = "keywords", .label = "卡", .lines = {"lost card", "\"x\""}, .matchCase = true},
        {.name = "money", .kind = "pattern", .label = "b", .lines = {"\\d+ €"}, .enabled = false}};
    test::TempFolder folder;
    const auto file = folder.path() / "rules.json";
    QVERIFY(writeJsonFile(file, toJson(rules)).has_value());
    const auto read = readRulesFile(file);
    QVERIFY(read.has_value());
    QCOMPARE(*read, rules);
    auto project = corpus::Project::create(folder.path() / "p");
    auto store = project->connect();
    QVERIFY(projectRules(**store)->empty());
    QVERIFY(setProjectRules(**store, rules).has_value());
    QCOMPARE(*projectRules(**store), rules);
    QVERIFY(!setProjectRules(**store, {rule("pattern", {"("})}).has_value());
    QCOMPARE(*projectRules(**store), rules);
    const auto newer = rulesFrom(Json{{"format", "lathe-rules"}, {"version", 2}, {"rules", Json::array()}}, "f");
    QCOMPARE(newer.error().code, ErrorCode::Unsupported);
    QCOMPARE(rulesFrom(Json::array(), "f").error().code, ErrorCode::Parse);
}

void TestRules::figuresByHand() {
    constexpr auto o = kAbstain;
    const Votes votes{2, 2, {0, o, 0, 1, o, 1, o, o, 0, 0}};
    const auto figures = ruleFigures(votes, std::vector<int>{0, 1, 1, 0, -1});
    QCOMPARE(figures[0].texts, std::int64_t(5));
    QCOMPARE(figures[0].covered, std::int64_t(3));
    QCOMPARE(figures[0].overlaps, std::int64_t(2));
    QCOMPARE(figures[0].conflicts, std::int64_t(1));
    QCOMPARE(figures[0].judged, std::int64_t(2));
    QCOMPARE(figures[0].correct, std::int64_t(1));
    QCOMPARE(figures[1].judged, std::int64_t(2));
    QCOMPARE(figures[1].correct, std::int64_t(2));
    QCOMPARE(figures[1].accuracy.high, 1.0);
    QVERIFY(figures[1].accuracy.low < 0.4);  // two texts say little
}

void TestRules::majorityVoteHasNoOpinionOnTies() {
    constexpr auto o = kAbstain;
    QCOMPARE(majorityVote(std::vector<std::int16_t>{1, 1, 0}, 2), std::int16_t(1));
    QCOMPARE(majorityVote(std::vector<std::int16_t>{1, o, 0}, 2), o);
    QCOMPARE(majorityVote(std::vector<std::int16_t>{o, o}, 2), o);
}

void TestRules::labelModelRecoversKnownAccuracies() {
    const std::vector<double> accuracy{0.95, 0.9, 0.8, 0.7, 0.6, 0.85}, coverage{0.5, 0.3, 0.7, 0.8, 0.9, 0.2},
        balance{0.5, 0.3, 0.2};
    const auto s = simulate(accuracy, coverage, balance, 20000, 5);
    JobContext context;
    const auto model = fitLabelModel(s.votes, {}, {}, context);
    QVERIFY(model.has_value());
    QVERIFY(model->converged);
    for (std::size_t j = 0; j < accuracy.size(); ++j) {
        QVERIFY2(std::abs(model->accuracy[j] - accuracy[j]) < 0.02, qPrintable(QString::number(model->accuracy[j])));
        QVERIFY(std::abs(model->coverage[j] - coverage[j]) < 0.01);
    }
    for (std::size_t label = 0; label < balance.size(); ++label)
        QVERIFY2(std::abs(model->balance[label] - balance[label]) < 0.02,
                 qPrintable(QString::number(model->balance[label])));
}

void TestRules::labelModelBeatsMajorityVote() {
    for (const unsigned seed : {1u, 2u, 3u}) {
        const auto s = simulate({0.95, 0.6, 0.55, 0.6, 0.58}, {0.8, 0.8, 0.8, 0.8, 0.8}, {0.5, 0.5}, 5000, seed);
        JobContext context;
        const auto model = fitLabelModel(s.votes, {}, {}, context);
        QVERIFY(model.has_value());
        double byModel = 0, byMajority = 0, calibrated = 0, texts = 0;
        for (std::size_t i = 0; i < s.truth.size(); ++i) {
            const auto p = posterior(*model, s.votes.of(i));
            const auto best = std::ranges::max_element(p);
            const auto vote = majorityVote(s.votes.of(i), 2);
            texts += 1;
            byModel += best - p.begin() == s.truth[i] ? 1 : 0;
            byMajority += vote == s.truth[i] ? 1 : vote == kAbstain ? 0.5 : 0;  // a tie is settled by chance
            calibrated += *best;
        }
        QVERIFY2(byModel / texts > byMajority / texts + 0.1, qPrintable(QString::number(byModel / texts)));
        QVERIFY(std::abs(calibrated - byModel) / texts < 0.03);  // as sure as it is right
    }
}

void TestRules::knownLabelsSettleWhatVotesCannot() {
    // One rule alone: votes say nothing of its accuracy, people's labels do.
    auto s = simulate({0.6}, {0.5}, {0.5, 0.5}, 4000, 9);
    JobContext context;
    QVERIFY(fitLabelModel(s.votes, {}, {}, context)->accuracy[0] > 0.75);  // the prior
    const auto known = fitLabelModel(s.votes, s.truth, {}, context);
    QVERIFY2(std::abs(known->accuracy[0] - 0.6) < 0.03, qPrintable(QString::number(known->accuracy[0])));
}

void TestRules::badVotesAreRefused() {
    JobContext context;
    const auto code = [&](const Votes& votes, std::vector<int> known) {
        return fitLabelModel(votes, known, {}, context).error().code;
    };
    QCOMPARE(code({0, 2, {}}, {}), ErrorCode::InvalidInput);
    QCOMPARE(code({1, 1, {0}}, {}), ErrorCode::InvalidInput);
    QCOMPARE(code({1, 2, {2}}, {}), ErrorCode::InvalidInput);
    QCOMPARE(code({1, 2, {kAbstain}}, {}), ErrorCode::InvalidInput);
    QCOMPARE(code({1, 2, {0}}, {0, 0}), ErrorCode::InvalidInput);
    QCOMPARE(code({1, 2, {0}}, {5}), ErrorCode::InvalidInput);
    auto control = std::make_shared<JobControl>();
    control->requestStop();
    JobContext stopped(control);
    QCOMPARE(fitLabelModel({1, 2, {0}}, {}, {}, stopped).error().code, ErrorCode::Canceled);
}

QTEST_APPLESS_MAIN(TestRules)
#include "tst_rules.moc"
