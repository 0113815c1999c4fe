// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/overview.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <set>
#include <unordered_map>

#include "core/utf8.h"
#include "corpus/detail/case_fold.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kPiece = 1000;
/// The beginning of a long text tells enough.
constexpr std::size_t kReadBytes = 2000;
constexpr std::int64_t kLeastTexts = 2;

/// The different words of a text, without case; numbers and lone letters are left out.
class Words {
public:
    Words() {
        UErrorCode code = U_ZERO_ERROR;
        m_breaks.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), code));
        if (U_FAILURE(code))
            m_breaks.reset();
    }
    bool works() const { return m_breaks != nullptr; }
    std::set<std::string> in(std::string_view text) {
        std::string folded;
        detail::foldCase(clipUtf8(text, kReadBytes), folded);
        const auto units = icu::UnicodeString::fromUTF8(folded);
        m_breaks->setText(units);
        std::set<std::string> words;
        for (std::int32_t begin = m_breaks->first(), end = m_breaks->next(); end != icu::BreakIterator::DONE;
             begin = end, end = m_breaks->next()) {
            const bool isIdeographic = m_breaks->getRuleStatus() >= UBRK_WORD_KANA;
            if (m_breaks->getRuleStatus() < UBRK_WORD_LETTER || (end - begin < 2 && !isIdeographic))
                continue;
            std::string word;
            units.tempSubStringBetween(begin, end).toUTF8String(word);
            words.insert(std::move(word));
        }
        return words;
    }

private:
    std::unique_ptr<icu::BreakIterator> m_breaks;
};

struct Seen {
    std::int64_t texts = 0;
    std::unordered_map<std::string, std::int64_t> words;  ///< texts with the word

    void add(const std::set<std::string>& different) {
        ++texts;
        for (const std::string& word : different)
            ++words[word];
    }
};

double logLikelihood(double count, double total, double rate) {
    const double rest = total - count;
    return (count > 0 ? count * std::log(rate) : 0) + (rest > 0 ? rest * std::log(1 - rate) : 0);
}

/// How surprising it is that \p inside of \p texts have the word while \p outside of \p others have it; negative when
/// it is rarer inside.
double surprise(double inside, double texts, double outside, double others) {
    const double in = inside / texts, out = others > 0 ? outside / others : 0;
    const double all = (inside + outside) / (texts + others);
    const double ratio = 2 * (logLikelihood(inside, texts, in) + logLikelihood(outside, others, out) -
                              logLikelihood(inside, texts, all) - logLikelihood(outside, others, all));
    return in >= out ? ratio : -ratio;
}

LabelTerms termsOf(LabelId label, const Seen& seen, const Seen& all) {
    struct Rated {
        double surprise;
        Term term;
    };
    std::vector<Rated> rated;
    const auto texts = static_cast<double>(seen.texts), others = static_cast<double>(all.texts - seen.texts);
    for (const auto& [word, count] : seen.words) {
        if (count < kLeastTexts)
            continue;
        const auto inside = static_cast<double>(count);
        // With nothing to compare with, the frequent ones are what there is to say.
        const double value =
            others > 0 ? surprise(inside, texts, static_cast<double>(all.words.at(word)) - inside, others) : inside;
        if (value > 0)
            rated.push_back({value, {word, count, inside / texts}});
    }
    std::ranges::sort(rated, [](const Rated& a, const Rated& b) {
        return a.surprise == b.surprise ? a.term.text < b.term.text : a.surprise > b.surprise;
    });
    rated.resize(std::min(rated.size(), Overview::kTerms));
    LabelTerms terms{label, {}};
    for (Rated& each : rated)
        terms.terms.push_back(std::move(each.term));
    return terms;
}

Result<> countTerms(CorpusStore& store, Overview& overview, JobContext& context) {
    LATHE_TRY(auto ids, store.find({}, context));
    if (ids.size() > Overview::kRead) {
        std::vector<SampleId> some(Overview::kRead);
        for (std::size_t i = 0; i < some.size(); ++i)
            some[i] = ids[i * ids.size() / some.size()];
        ids = std::move(some);
    }
    Words words;
    if (!words.works())
        return {};
    std::map<LabelId, Seen> byLabel;
    Seen all;
    for (std::size_t first = 0; first < ids.size(); first += kPiece) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "looking at the corpus was stopped");
        LATHE_TRY(const auto samples,
                  store.samples(std::span(ids).subspan(first, std::min(kPiece, ids.size() - first))));
        for (const Sample& sample : samples) {
            const auto different = words.in(sample.text);
            byLabel[sample.label.value_or(0)].add(different);
            all.add(different);
        }
        context.progress(static_cast<std::int64_t>(first), static_cast<std::int64_t>(ids.size()));
    }
    overview.read = all.texts;
    for (const auto& [label, seen] : byLabel)
        overview.terms.push_back(termsOf(label, seen, all));
    return {};
}

std::int64_t midnightMs(std::int64_t ms, int daysLater) {
    const std::time_t time = static_cast<std::time_t>(ms / 1000);
    std::tm local{};
    localtime_r(&time, &local);
    local.tm_hour = local.tm_min = local.tm_sec = 0;
    local.tm_mday += daysLater;
    local.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&local)) * 1000;
}

}  // namespace

std::vector<DayCount> countByDay(const std::vector<std::int64_t>& sortedMs, std::size_t bins) {
    std::vector<DayCount> days;
    if (sortedMs.empty() || bins == 0)
        return days;
    const std::int64_t begin = midnightMs(sortedMs.front(), 0);
    const auto span = static_cast<double>(midnightMs(sortedMs.back(), 1) - begin) / 86'400'000.0;
    const int width = std::max(1, static_cast<int>(std::ceil(std::round(span) / static_cast<double>(bins))));
    auto next = sortedMs.begin();
    for (int day = 0; next != sortedMs.end(); day += width) {
        const std::int64_t until = midnightMs(begin, day + width);
        const auto end = std::lower_bound(next, sortedMs.end(), until);
        days.push_back({{.fromMs = midnightMs(begin, day), .untilMs = until}, end - next});
        next = end;
    }
    return days;
}

Result<Overview> overviewOf(const Project& project, JobContext& context) {
    LATHE_TRY(const auto store, detail::SqliteStore::open(project.folder() / "project.db",
                                                          project.isReadOnly() ? Access::Read : Access::Write));
    Overview overview;
    LATHE_TRY(overview.lengths, store->lengths());
    LATHE_TRY(auto times, store->labelTimes());
    std::ranges::sort(times);
    overview.days = countByDay(times, Overview::kDays);
    LATHE_CHECK(countTerms(*store, overview, context));
    return overview;
}

}  // namespace lathe::corpus
