// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Changes to many samples collected, written in pieces under one cleaning record, and taken back when it breaks off.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "corpus/project.h"

namespace lathe::corpus::detail {

class RecordedChanges {
public:
    RecordedChanges(CorpusStore& store, std::string kind, Json recipe, std::string who);

    Result<> change(CleaningChange change);
    Result<> remove(SampleId sample);
    /// Writes what is left and ends the record. \returns its id; 0 when nothing was changed.
    Result<CleaningId> finish(const Json& counts);
    /// Takes back what was written. \returns \p why, with what became of it when that failed as well.
    Error takeBack(Error why);

private:
    Result<> flushWhenFull();
    Result<> flush();

    CorpusStore& m_store;
    Cleaning m_cleaning;
    std::vector<CleaningChange> m_changes;
    std::vector<SampleId> m_removed;
};

}  // namespace lathe::corpus::detail
