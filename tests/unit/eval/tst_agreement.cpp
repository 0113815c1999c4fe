// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Agreement against published examples and figures reckoned by hand.
#include <QtTest>

#include <random>

#include "eval/agreement_report.h"
#include "support/near.h"

using namespace lathe;
using namespace lathe::eval;

namespace {

using Units = std::vector<std::vector<std::optional<double>>>;
using lathe::test::near;

/// Observers' rows as published: a digit a unit, '*' = not said.
Units unitsOf(const std::vector<std::string>& observers) {
    Units units(observers.front().size());
    for (const std::string& row : observers)
        for (std::size_t u = 0; u < row.size(); ++u)
            units[u].push_back(row[u] == '*' ? std::nullopt : std::optional<double>(row[u] - '0'));
    return units;
}

corpus::Opinion opinion(corpus::SampleId sample, const char* annotator, std::optional<corpus::LabelId> label,
                        const char* value = "", bool blind = false) {
    corpus::Opinion result;
    result.sample = sample;
    result.annotator = annotator;
    result.label = label;
    result.labelling = corpus::labellingFrom(value).value();
    result.blind = blind;
    return result;
}

}  // namespace

class TestAgreement : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cohen1960();
    void kappaAtItsEnds();
    void standardErrorIsTheSpread();
    void krippendorff2011();
    void alphaAtItsEnds();
    void masi();
    void alphaOfSets();
    void spans();
    void reportOfAProject();
    void reportOfSpansAndRatings();
};

// Cohen 1960, table 1: two clinicians, three categories, 200 persons; kappa 0.492.
void TestAgreement::cohen1960() {
    const int table[3][3] = {{88, 14, 18}, {10, 40, 10}, {2, 6, 12}};
    std::vector<std::int64_t> a, b;
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
            for (int n = 0; n < table[i][j]; ++n) {
                a.push_back(10 * i);
                b.push_back(10 * j);
            }
    const CohenKappa kappa = cohenKappa(a, b);
    QCOMPARE(kappa.items, std::int64_t{200});
    QVERIFY(near(kappa.observed, 0.70, 1e-12));
    QVERIFY(near(kappa.expected, 0.41, 1e-12));
    QVERIFY(near(kappa.kappa.value_or(0), 0.492, 5e-4));
    // By the formula of 1969; Cohen's own, which leaves the chance of the margins out, gives 0.055.
    QVERIFY(near(kappa.standardError.value_or(0), 0.05100181557607786, 1e-12));
}

void TestAgreement::kappaAtItsEnds() {
    const std::vector<std::int64_t> x{1, 2, 1, 2}, opposite{2, 1, 2, 1}, same{1, 1, 1, 1}, half{1, 1, 2, 2};
    QCOMPARE(cohenKappa(x, x).kappa, 1.0);
    QCOMPARE(cohenKappa(x, x).standardError, 0.0);
    QCOMPARE(cohenKappa(x, opposite).kappa, -1.0);
    QCOMPARE(cohenKappa(x, half).kappa, 0.0);
    QVERIFY(!cohenKappa(same, same).kappa);  // chance alone agrees on everything
    QCOMPARE(cohenKappa(same, same).observed, 1.0);
    QVERIFY(!cohenKappa({}, {}).kappa);
}

// The error is what kappa varies by when other items are drawn from the same two raters.
void TestAgreement::standardErrorIsTheSpread() {
    std::mt19937 random(7);
    std::discrete_distribution<int> cell({44, 7, 9, 5, 20, 5, 1, 3, 6});
    double sum = 0, squares = 0, errors = 0;
    constexpr int kDraws = 400;
    for (int draw = 0; draw < kDraws; ++draw) {
        std::vector<std::int64_t> a, b;
        for (int i = 0; i < 300; ++i) {
            const int at = cell(random);
            a.push_back(at / 3);
            b.push_back(at % 3);
        }
        const CohenKappa kappa = cohenKappa(a, b);
        sum += *kappa.kappa;
        squares += *kappa.kappa * *kappa.kappa;
        errors += *kappa.standardError;
    }
    const double mean = sum / kDraws;
    const double spread = std::sqrt(squares / kDraws - mean * mean);
    QVERIFY(near(errors / kDraws, spread, 0.12 * spread));
}

// "Computing Krippendorff's Alpha-Reliability" (2011), parts A and C to E: two observers and binary data, four
// observers with missing values.
void TestAgreement::krippendorff2011() {
    const Alpha binary = krippendorffAlpha(unitsOf({"0100000010", "1110010000"}), Scale::Nominal);
    QVERIFY(near(binary.value.value_or(9), 0.095, 5e-4));
    QCOMPARE(binary.values, std::int64_t{20});
    const Units four = unitsOf({"123321412***", "1233224125*3", "*3332342251*", "12332441251*"});
    const Alpha nominal = krippendorffAlpha(four, Scale::Nominal);
    QVERIFY(near(nominal.value.value_or(9), 0.743, 5e-4));
    QCOMPARE(nominal.units, std::int64_t{11});  // the twelfth has one value
    QCOMPARE(nominal.values, std::int64_t{40});
    QVERIFY(near(krippendorffAlpha(four, Scale::Ordinal).value.value_or(9), 0.815, 5e-4));
    QVERIFY(near(krippendorffAlpha(four, Scale::Interval).value.value_or(9), 0.849, 5e-4));
}

void TestAgreement::alphaAtItsEnds() {
    QCOMPARE(krippendorffAlpha(unitsOf({"1212", "1212"}), Scale::Nominal).value, 1.0);
    QVERIFY(!krippendorffAlpha(unitsOf({"1111", "1111"}), Scale::Nominal).value);  // nothing varies
    QVERIFY(!krippendorffAlpha(unitsOf({"12**", "**12"}), Scale::Nominal).value);  // nobody shares a unit
    QVERIFY(!krippendorffAlpha(Units(), Scale::Interval).value);
    // 12 against 21: always the other. Do = 1, De = 4/6 by hand: alpha = -0.5.
    QVERIFY(near(*krippendorffAlpha(unitsOf({"12", "21"}), Scale::Nominal).value, -0.5, 1e-12));
}

void TestAgreement::masi() {
    QCOMPARE(masiDistance({1, 2}, {1, 2}), 0.0);
    QCOMPARE(masiDistance({}, {}), 0.0);
    QCOMPARE(masiDistance({1}, {2}), 1.0);
    QCOMPARE(masiDistance({}, {1}), 1.0);
    QVERIFY(near(masiDistance({1}, {1, 2}), 1 - 0.5 * 2 / 3, 1e-12));
    QVERIFY(near(masiDistance({1, 2}, {2, 3}), 1 - 1.0 / 3 / 3, 1e-12));
}

void TestAgreement::alphaOfSets() {
    using Sets = std::vector<std::vector<std::optional<LabelSet>>>;
    // By hand: Do = (0 + 2/3 + 0) * 2 / 6 = 2/9. Values {1} x 3, {1,2} x 1, {2} x 2; pairs {1},{1,2}: 3 * 2/3,
    // {1},{2}: 6 * 1, {1,2},{2}: 2 * 2/3; De = 2 * (2 + 6 + 4/3) / 30 = 28/45.
    const Sets sets{{LabelSet{1}, LabelSet{1}}, {LabelSet{1}, LabelSet{1, 2}}, {LabelSet{2}, LabelSet{2}}};
    const Alpha alpha = krippendorffAlpha(sets);
    QVERIFY(near(alpha.observedDisagreement, 2.0 / 9, 1e-12));
    QVERIFY(near(alpha.expectedDisagreement, 28.0 / 45, 1e-12));
    QVERIFY(near(*alpha.value, 1 - 2.0 / 9 * 45 / 28, 1e-12));
    // Of sets with one member each it is the nominal one.
    Sets singles;
    const Units units = unitsOf({"123321412***", "1233224125*3"});
    for (const auto& unit : units) {
        auto& row = singles.emplace_back();
        for (const auto& value : unit)
            row.push_back(value ? std::optional(LabelSet{static_cast<std::int64_t>(*value)}) : std::nullopt);
    }
    QVERIFY(near(*krippendorffAlpha(singles).value, *krippendorffAlpha(units, Scale::Nominal).value, 1e-12));
}

void TestAgreement::spans() {
    const std::vector<LabelledPart> a{{0, 2, 1}, {4, 8, 1}, {10, 12, 2}},
        b{{0, 2, 1}, {5, 9, 1}, {10, 12, 1}, {20, 22, 2}};
    const SpanAgreement both = spanAgreement(a, b);
    QCOMPARE(both.same, std::int64_t{1});
    QVERIFY(near(*both.strictF1(), 2.0 / 7, 1e-12));
    // Found of a: the first two (the third has another label); of b: the first two.
    QVERIFY(near(*both.partialF1(), 2 * (2.0 / 3) * 0.5 / (2.0 / 3 + 0.5), 1e-12));
    const SpanAgreement one = spanAgreement(a, b, 1), turned = spanAgreement(b, a);
    QCOMPARE(one.a, std::int64_t{2});
    QVERIFY(near(*one.strictF1(), 2.0 / 5, 1e-12));
    QCOMPARE(*turned.partialF1(), *both.partialF1());
    QCOMPARE(*spanAgreement(a, a).partialF1(), 1.0);
    QCOMPARE(*spanAgreement(a, {}).partialF1(), 0.0);
    QVERIFY(!spanAgreement({}, {}).strictF1());
}

void TestAgreement::reportOfAProject() {
    std::vector<corpus::Opinion> opinions;
    // The published four observers again, as annotators of a project.
    const std::vector<std::string> rows{"123321412***", "1233224125*3", "*3332342251*", "12332441251*"};
    for (std::size_t sample = 0; sample < rows.front().size(); ++sample)
        for (std::size_t who = 0; who < rows.size(); ++who)
            if (rows[who][sample] != '*')
                opinions.push_back(opinion(static_cast<std::int64_t>(sample) + 1,
                                           std::string(1, static_cast<char>('a' + who)).c_str(),
                                           rows[who][sample] - '0'));
    opinions.push_back(opinion(1, "a", 1, "", true));
    opinions.push_back(opinion(2, "a", 3, "", true));
    const AgreementReport report = agreementReport(opinions);
    QCOMPARE(report.annotators, (std::vector<std::string>{"a", "b", "c", "d"}));
    QCOMPARE(report.kinds.size(), std::size_t{1});
    const KindAgreement& kind = report.kinds.front();
    QCOMPARE(kind.of, AgreementOf::Label);
    QCOMPARE(kind.items, std::int64_t{11});
    QVERIFY(near(*kind.alpha.value, 0.743, 5e-4));
    QCOMPARE(kind.pairs.size(), std::size_t{7});
    const PairAgreement& first = kind.pairs.front();  // a and b share nine and differ in one
    QCOMPARE(first.items, std::int64_t{9});
    QVERIFY(near(first.observed, 8.0 / 9, 1e-12));
    QVERIFY(near(*first.kappa->kappa, (8.0 / 9 - 23.0 / 81) / (1 - 23.0 / 81), 1e-12));
    QVERIFY(kind.pairs.back().self && kind.pairs.back().items == 2 && near(kind.pairs.back().observed, 0.5, 1e-12));
    // Label by label: 4 of a and b by hand; a gave it to one, b to one, the same.
    const auto four = std::ranges::find(first.labels, 4, &LabelAgreement::label);
    QVERIFY(four != first.labels.end() && four->given == 1 && near(*four->kappa->kappa, 1, 1e-12));
    QCOMPARE(kind.labels.size(), std::size_t{5});

    corpus::Label name;
    name.id = 4;
    name.name = "four";
    const std::vector<corpus::Label> labels{name};
    const std::string json = toLine(toJson(report, labels));
    QVERIFY(json.find("\"four\"") != std::string::npos && json.find("\"label 5\"") != std::string::npos);
    QVERIFY(toText(report, labels).find("0.743") != std::string::npos);
    QVERIFY(agreementReport({}).kinds.empty());
    QVERIFY(toText(agreementReport({}), labels).empty());
}

void TestAgreement::reportOfSpansAndRatings() {
    const std::vector<corpus::Opinion> opinions{
        opinion(1, "a", {}, R"({"rating":3,"spans":[[0,2,1],[4,8,1]]})"),
        opinion(1, "b", {}, R"({"rating":4,"spans":[[0,2,1],[5,8,1]]})"),
        opinion(2, "a", {}, R"({"rating":1,"preferred":-1})"),
        opinion(2, "b", {}, R"({"rating":1,"preferred":0})"),
        opinion(3, "a", {}, R"({"labels":[1,2],"turns":[[0,1],[2,1]]})"),
        opinion(3, "b", {}, R"({"labels":[1],"turns":[[0,1],[2,2]]})"),
        opinion(4, "a", 1),
    };
    const AgreementReport report = agreementReport(opinions);
    QCOMPARE(report.kinds.size(), std::size_t{5});  // all but the single label, which nobody shares
    for (const KindAgreement& kind : report.kinds) {
        const PairAgreement& pair = kind.pairs.front();
        switch (kind.of) {
            case AgreementOf::Rating:
                QCOMPARE(pair.items, std::int64_t{2});
                // 3, 4 and 1, 1: Do = 1 * 2 / 4; De = 2 * (4+4 + 9+9 + 1) / 12.
                QVERIFY(near(*kind.alpha.value, 1 - 0.5 / (54.0 / 12), 1e-12));
                QVERIFY(kind.ordinalAlpha);
                break;
            case AgreementOf::Spans:
                QVERIFY(near(*pair.strictF1, 0.5, 1e-12) && near(*kind.partialF1, 1.0, 1e-12));
                QCOMPARE(kind.labels.front().given, std::int64_t{4});
                break;
            case AgreementOf::Turns:
                QCOMPARE(pair.items, std::int64_t{2});
                QVERIFY(near(pair.observed, 0.5, 1e-12));
                break;
            case AgreementOf::Labels:
                QCOMPARE(pair.observed, 0.0);
                QCOMPARE(pair.labels.size(), std::size_t{2});
                break;
            default:
                QCOMPARE(pair.items, std::int64_t{1});
        }
    }
}

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
