// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/detail/recorded_changes.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kPiece = 500;

}  // namespace

RecordedChanges::RecordedChanges(CorpusStore& store, std::string kind, Json recipe, std::string who) : m_store(store) {
    m_cleaning.kind = std::move(kind);
    m_cleaning.recipe = toLine(recipe);
    m_cleaning.who = std::move(who);
}

Result<> RecordedChanges::change(CleaningChange change) {
    change.row.annotator = m_cleaning.who;
    m_changes.push_back(std::move(change));
    return flushWhenFull();
}

Result<> RecordedChanges::remove(SampleId sample) {
    m_removed.push_back(sample);
    return flushWhenFull();
}

Result<> RecordedChanges::flushWhenFull() {
    return m_changes.size() + m_removed.size() < kPiece ? Result<>() : flush();
}

Result<> RecordedChanges::flush() {
    if (m_changes.empty() && m_removed.empty())
        return {};
    if (m_cleaning.id == 0) {
        LATHE_TRY(m_cleaning.id, m_store.beginCleaning(m_cleaning));
    }
    LATHE_CHECK(m_store.cleanSamples(m_cleaning.id, m_changes, m_removed));
    m_changes.clear();
    m_removed.clear();
    return {};
}

Result<CleaningId> RecordedChanges::finish(const Json& counts) {
    LATHE_CHECK(flush());
    if (m_cleaning.id != 0)
        LATHE_CHECK(m_store.endCleaning(m_cleaning.id, toLine(counts)));
    return m_cleaning.id;
}

Error RecordedChanges::takeBack(Error why) {
    if (m_cleaning.id == 0)
        return why;
    JobContext unstoppable;
    if (const auto undone = m_store.undoCleaning(m_cleaning.id, m_cleaning.who, unstoppable); !undone)
        why.message += "; what was done until then could not be taken back (" + undone.error().message +
                       "): undo this cleaning in its history";
    return why;
}

}  // namespace lathe::corpus::detail
