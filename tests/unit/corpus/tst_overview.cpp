// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The corpus in pictures: lengths, days, telling terms.
#include <QTest>

#include <algorithm>
#include <numeric>

#include "corpus/overview.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"
#include "support/verify_ok.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestOverview : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellingTermsInBothLanguages() {
        const TempFolder folder;
        std::vector<std::string> texts, labels;
        for (int i = 0; i < 20; ++i) {
            texts.insert(texts.end(), {"please block my Card number " + std::to_string(i),
                                       "please send the money " + std::to_string(i), "我的信用卡丢了，请帮我"});
            labels.insert(labels.end(), {"card", "money", "卡"});
        }
        const auto project = projectOf(folder.path() / "p", texts, labels);
        JobContext context;
        const auto overview = overviewOf(project, context);
        VERIFY_OK(overview);
        QCOMPARE(overview->lengths.size(), std::size_t{60});
        QCOMPARE(overview->read, std::int64_t{60});
        QCOMPARE(overview->terms.size(), std::size_t{3});
        const auto words = [&](std::size_t label) {
            std::vector<std::string> all;
            for (const Term& term : overview->terms[label].terms)
                all.push_back(term.text);
            return all;
        };
        const auto has = [](const std::vector<std::string>& all, const char* word) {
            return std::ranges::find(all, word) != all.end();
        };
        QVERIFY(has(words(0), "card") && has(words(0), "block"));
        QVERIFY(!has(words(0), "money"));
        QVERIFY(has(words(1), "money"));
        // "please" is in both English labels: it tells less than what is in one alone.
        QVERIFY(words(0).back() == "please" || !has(words(0), "please"));
        QVERIFY(has(words(2), "信用卡") || has(words(2), "信用"));
        QCOMPARE(overview->terms[0].terms.front().texts, std::int64_t{20});
        QCOMPARE(overview->terms[0].terms.front().share, 1.0);
        // All labels are of the import, so of one day.
        QCOMPARE(overview->days.size(), std::size_t{1});
        QCOMPARE(overview->days.front().labelled, std::int64_t{60});
    }

    void daysAreWholeAndWithoutGaps() {
        QVERIFY(countByDay({}, 5).empty());
        constexpr std::int64_t kHour = 3'600'000;
        const std::int64_t start = 1'760'000'000'000;
        std::vector<std::int64_t> times;
        for (int day : {0, 0, 1, 9, 99})
            times.push_back(start + day * 24 * kHour);
        const auto days = countByDay(times, 10);
        QVERIFY(days.size() <= 10);
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < days.size(); ++i) {
            sum += days[i].labelled;
            QVERIFY(*days[i].days.fromMs < *days[i].days.untilMs);
            if (i > 0)
                QCOMPARE(*days[i].days.fromMs, *days[i - 1].days.untilMs);
        }
        QCOMPARE(sum, std::int64_t{5});
        QVERIFY(*days.front().days.fromMs <= times.front() && *days.back().days.untilMs > times.back());
        QCOMPARE(days.front().labelled, std::int64_t{4});
    }

    void stops() {
        const TempFolder folder;
        const auto project = projectOf(folder.path() / "p", {"a"});
        auto control = std::make_shared<JobControl>();
        control->requestStop();
        JobContext context(control);
        const auto overview = overviewOf(project, context);
        QVERIFY(!overview);
        QCOMPARE(overview.error().code, ErrorCode::Canceled);
    }
};

QTEST_APPLESS_MAIN(TestOverview)
#include "tst_overview.moc"
