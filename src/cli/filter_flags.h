// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Flags that say which samples: the corpus page's filters on the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpus/project.h"

namespace CLI {
class App;
}

namespace lathe::cli {

class FilterFlags {
public:
    void define(CLI::App& app);
    /// What was given, on top of \p base. \returns NotFound: the project has no such label or source; InvalidInput.
    Result<corpus::SampleFilter> filter(corpus::CorpusStore& store, corpus::SampleFilter base = {}) const;

private:
    std::string m_state, m_split, m_source, m_origin, m_sort;
    std::string m_importedFrom, m_importedUntil, m_labelledFrom, m_labelledUntil;
    std::vector<std::string> m_labels, m_withoutLabels;
    std::optional<std::string> m_text, m_pattern, m_annotator, m_comment;
    std::optional<std::int64_t> m_minLength, m_maxLength;
    bool m_flagged = false, m_notFlagged = false, m_commented = false, m_answers = false, m_noAnswers = false,
         m_disagreement = false;
    bool m_descending = false;
};

}  // namespace lathe::cli
